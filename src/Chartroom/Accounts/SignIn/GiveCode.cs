using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>The second step of signing in: a code of the authenticator app, or one of the recovery codes.</summary>
public sealed record GiveCode(string Code);

/// <summary>Looks at the code. The session goes on under a new token; the stage says whether it is open or something has to be done first.</summary>
internal sealed class GiveCodeHandler(PlatformDb db, CodeCheck codes)
{
    /// <summary>Refuses <c>accounts.wrong-code</c>, <c>accounts.too-many-tries</c>, <c>accounts.codes-shut</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(GiveCode ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Code) return Refusals.WrongStep;

        await using var tx = await db.BeginAsync(origin, ct);
        var tried = await codes.TryAsync(tx, who, origin, ask.Code, ct);
        if (tried.Refusal is { } refusal)
        {
            tx.Audit(new Access("session.code-refused", "session", who.SessionId), who.PersonId, outcome: "refused");
            await tx.CommitAsync(ct);   // the try stays counted
            return refusal;
        }
        if (tried.Value.WasRecoveryCode) tx.Enqueue(Mails.RecoveryCodeUsed(who.Email));
        if (tried.Value.WasHandedOver) return await EnrollAsync(tx, who, origin, ct);
        var isExpired = await PasswordRule.IsExpiredAsync(tx, who.PersonId, ct);
        var stage = SessionStages.AfterCode(tried.Value.HasUnreadCodes, isExpired);
        var session = await SessionBook.GoOnAsync(tx, who, stage, origin, ct);
        tx.Audit(new Access(stage == SessionStage.Open ? "session.opened" : "session.code-given", "session", session.Id), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return session;
    }

    private static async Task<Outcome<GivenSession>> EnrollAsync(PlatformTx tx, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await SessionBook.GoOnAsync(tx, who, SessionStage.Enroll, origin, ct);
        tx.Audit(new Access("session.code-given", "session", session.Id), who.PersonId);
        await tx.CommitAsync(ct);
        return session;
    }
}
