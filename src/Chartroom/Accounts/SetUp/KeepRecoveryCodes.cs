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
internal sealed class KeepRecoveryCodesHandler(PlatformDb db, Credentials credentials)
{
    /// <summary>The ten codes, or <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<RecoverySheet>> ShowAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Codes) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        return await credentials.UnreadCodesAsync(tx, who.PersonId, ct) is { } codes ? new RecoverySheet(codes) : Refusals.WrongStep;
    }

    /// <summary>Makes ten new ones; those before are good no more. The route asks for a fresh proof, here and below.</summary>
    public async Task ReplaceAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        await credentials.ReplaceCodesAsync(tx, who.PersonId, ct);
        tx.Enqueue(Mails.RecoveryCodesReplaced(who.Email));
        tx.Audit(new Access("recovery_codes.replaced", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
    }

    /// <summary>The ten new codes of an open session, or <c>accounts.wrong-step</c> when they are kept already.</summary>
    public async Task<Outcome<RecoverySheet>> ShowNewAsync(SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        return await credentials.UnreadCodesAsync(tx, who.PersonId, ct) is { } codes ? new RecoverySheet(codes) : Refusals.WrongStep;
    }

    /// <summary>Shows that the new codes are kept. Refuses <c>accounts.wrong-code</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<Done>> KeepNewAsync(KeepRecoveryCodes ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(origin, ct);
        var kept = await KeepAsync(tx, ask, who, ct);
        if (!kept.IsOk) return kept;
        tx.Audit(new Access("recovery_codes.kept", "person", who.PersonId.Value), who.PersonId, who.ClinicId);
        await tx.CommitAsync(ct);
        return kept;
    }

    /// <summary>Refuses <c>accounts.wrong-code</c> and <c>accounts.wrong-step</c>.</summary>
    public async Task<Outcome<GivenSession>> HandleAsync(KeepRecoveryCodes ask, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Codes) return Refusals.WrongStep;
        await using var tx = await db.BeginAsync(origin, ct);
        var kept = await KeepAsync(tx, ask, who, ct);
        if (!kept.IsOk) return kept.Refusal;
        var isExpired = await PasswordRule.IsExpiredAsync(tx, who.PersonId, ct);
        var session = await SessionBook.GoOnAsync(tx, who, SessionStages.AfterCode(false, isExpired), origin, ct);
        tx.Audit(new Access("recovery_codes.kept", "person", who.PersonId.Value), who.PersonId);
        await tx.CommitAsync(ct);
        return session;
    }

    private async Task<Outcome<Done>> KeepAsync(PlatformTx tx, KeepRecoveryCodes ask, SignedIn who, CancellationToken ct)
    {
        var codes = await credentials.UnreadCodesAsync(tx, who.PersonId, ct);
        if (codes is null) return Refusals.WrongStep;
        if (!IsOneOf(ask.Code, codes)) return Refusals.WrongCode.On("code", "This is none of the ten. Copy one from where you keep them.");
        await tx.ExecuteAsync("update platform.credential set unread_codes = null where person_id = @person", new { person = who.PersonId }, ct);
        return Done.It;
    }

    private static bool IsOneOf(string typed, IEnumerable<string> codes) =>
        RecoveryCodes.HashOf(typed) is { } hash && codes.Any(code => CryptographicOperations.FixedTimeEquals(hash, RecoveryCodes.HashOf(code)));
}
