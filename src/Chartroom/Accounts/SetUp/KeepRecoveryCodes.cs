using System.Security.Cryptography;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Shows that the recovery codes are kept: any one of them, copied from where they are kept. It is not used up.</summary>
public sealed record KeepRecoveryCodes(string Code);

/// <summary>The codes, to be printed or put into a password manager.</summary>
public sealed record RecoverySheet(IReadOnlyList<string> Codes);

/// <summary>Shows the codes until one of them is given back; from then on nobody sees them again.</summary>
internal sealed class KeepRecoveryCodesHandler(PlatformDb db, Credentials credentials, SessionBook sessions)
{
    /// <summary>The ten codes, or <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<RecoverySheet>> ShowAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Codes) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        return await credentials.UnreadCodesAsync(tx, who.PersonId, ct) is { } codes ? new RecoverySheet(codes) : Refusals.WrongStep;
    }

    /// <summary>Refuses <c>accounts.wrong-code</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(KeepRecoveryCodes ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Codes) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        var codes = await credentials.UnreadCodesAsync(tx, who.PersonId, ct);
        if (codes is null) return Refusals.WrongStep;
        if (!IsOneOf(ask.Code, codes)) return Refusals.WrongCode.On("code", "This is none of the ten. Copy one from where you keep them.");
        await tx.ExecuteAsync("update platform.credential set unread_codes = null where person_id = @person", new { person = who.PersonId }, ct);
        var isExpired = await PasswordRule.IsExpiredAsync(tx, who.PersonId, ct);
        var session = await sessions.GoOnAsync(tx, who, SessionStages.AfterCode(false, isExpired), origin, ct);
        tx.Audit(new Access("recovery_codes.kept", "person", who.PersonId.Value), who.PersonId);
        await tx.CommitAsync(ct);
        return session;
    }

    private static bool IsOneOf(string typed, IEnumerable<string> codes) =>
        RecoveryCodes.HashOf(typed) is { } hash && codes.Any(code => CryptographicOperations.FixedTimeEquals(hash, RecoveryCodes.HashOf(code)));
}
