using System.Text.Json;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>A passkey instead of a code: as the second step of signing in, or as a fresh proof in an open session.</summary>
/// <param name="Credential">JSON of the browser's <c>PublicKeyCredential.toJSON()</c>.</param>
public sealed record GivePasskey(string Credential);

/// <summary>Asks for a passkey and looks at the answer. The session goes on under a new token, as after a code.</summary>
internal sealed class GivePasskeyHandler(PlatformDb db, PasskeyCheck passkeys)
{
    /// <summary>What the browser has to be told. Refuses <c>accounts.no-passkey</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<JsonElement>> AskAsync(SignedIn who, HttpContext context, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() is not (SessionStage.Code or SessionStage.Open)) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        if (await passkeys.AskAsync(tx, who, context, ct) is not { } options) return Refusals.NoPasskey;
        await tx.CommitAsync(ct);
        return JsonSerializer.Deserialize<JsonElement>(options);
    }

    /// <summary>Refuses <c>accounts.wrong-passkey</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(GivePasskey ask, SignedIn who, HttpContext context, Origin origin, CancellationToken ct)
    {
        var from = who.StageNow();
        if (from is not (SessionStage.Code or SessionStage.Open)) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        if (!await passkeys.IsRightAsync(tx, who, ask.Credential, context, ct))
        {
            tx.Audit(new Access(from == SessionStage.Open ? "session.proof-refused" : "session.passkey-refused", "session", who.SessionId), who.PersonId, outcome: "refused");
            await tx.CommitAsync(ct);   // the challenge stays used up
            return Refusals.WrongPasskey;
        }
        var stage = from == SessionStage.Open ? SessionStage.Open : await NextAsync(tx, who, ct);
        var session = await SessionBook.GoOnAsync(tx, who, stage, origin, ct);
        tx.Audit(new Access(ActionOf(from, stage), "session", who.SessionId), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return session;
    }

    private static string ActionOf(SessionStage from, SessionStage to)
    {
        if (from == SessionStage.Open) return "session.proved";
        return to == SessionStage.Open ? "session.opened" : "session.passkey-given";
    }

    private static async Task<SessionStage> NextAsync(PlatformTx tx, SignedIn who, CancellationToken ct)
    {
        var unread = await tx.QueryAsync<bool>("select unread_codes is not null from platform.credential where person_id = @person", new { person = who.PersonId }, ct);
        return SessionStages.AfterCode(unread is [true], await PasswordRule.IsExpiredAsync(tx, who.PersonId, ct));
    }
}
