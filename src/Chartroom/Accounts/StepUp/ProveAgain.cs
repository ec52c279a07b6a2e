using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Shows once more who it is: a code of the authenticator app, or a recovery code.</summary>
public sealed record ProveAgain(string Code);

/// <summary>A fresh proof within an open session, which goes on under a new token. Tries are counted with those of signing in.</summary>
internal sealed class ProveAgainHandler(PlatformDb db, CodeCheck codes)
{
    /// <summary>Refuses <c>accounts.wrong-code</c>, <c>accounts.too-many-tries</c>, <c>accounts.no-credential</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(ProveAgain ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Open) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        var tried = await codes.TryAsync(tx, who, origin, ask.Code, ct);
        if (tried.Refusal is { } refusal)
        {
            tx.Audit(new Access("session.proof-refused", "session", who.SessionId), who.PersonId, who.ClinicId, outcome: "refused");
            await tx.CommitAsync(ct);   // the try stays counted
            return refusal;
        }
        if (tried.Value.WasRecoveryCode) tx.Enqueue(Mails.RecoveryCodeUsed(who.Email));
        var session = await SessionBook.GoOnAsync(tx, who, SessionStage.Open, origin, ct);
        tx.Audit(new Access("session.proved", "session", who.SessionId), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return session;
    }

    /// <summary>The platform's <see cref="StepUpProof"/>: for a code that came with the form it is needed for.</summary>
    internal async Task<Outcome<Done>> ProveAsync(HttpContext context, SignedIn who, string code)
    {
        var proved = await HandleAsync(new(code), who, SessionGate.OriginOf(context, who.SessionId), context.RequestAborted);
        if (!proved.IsOk) return proved.Refusal.On(StepUpGate.Field, proved.Refusal.Title);
        SessionCookie.Give(context, proved.Value);
        return Done.It;
    }
}
