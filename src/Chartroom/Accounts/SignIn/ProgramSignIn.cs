using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

/// <summary>Both steps of signing in at once, for programs.</summary>
internal sealed class ProgramSignIn(SignInHandler password, GiveCodeHandler code, OwnSessionsHandler sessions)
{
    /// <summary>Refuses what the steps refuse; a wrong code answers as a wrong password does. <c>accounts.finish-in-browser</c> when a step is left to do.</summary>
    public async Task<Outcome<OpenedSession>> HandleAsync(OpenSession ask, Origin origin, CancellationToken ct)
    {
        var started = await password.HandleAsync(new(ask.Email, ask.Password), origin, ct);
        if (!started.IsOk) return started.Refusal;
        var who = new SignedIn { SessionId = started.Value.Id, PersonId = started.Value.Person, Email = EmailAddress.Read(ask.Email)?.Value ?? "", Stage = "code" };
        if (started.Value.Stage != SessionStage.Code) return await GiveUpAsync(who, Refusals.FinishInBrowser, origin, ct);
        var opened = await code.HandleAsync(new(ask.Code), who, origin, ct);
        if (!opened.IsOk) return await GiveUpAsync(who, opened.Refusal == Refusals.WrongCode ? Refusals.WrongCredentials : opened.Refusal, origin, ct);
        if (opened.Value.Stage != SessionStage.Open) return await GiveUpAsync(who, Refusals.FinishInBrowser, origin, ct);
        return new OpenedSession(opened.Value.Id, opened.Value.Token, opened.Value.ExpiresAt);
    }

    private async Task<Refusal> GiveUpAsync(SignedIn who, Refusal refusal, Origin origin, CancellationToken ct)
    {
        await sessions.EndAsync(who.SessionId, who, origin, ct);
        return refusal;
    }
}
