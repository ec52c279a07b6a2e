using System.Security.Cryptography;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Accounts;

/// <summary>Looks at a second factor inside the caller's transaction. The row lock taken by the count (<see cref="CodeGuard"/>) makes parallel tries wait for
/// each other, and the step is advanced in the same row: of fifty sends of one code one is taken.</summary>
internal sealed class CodeCheck(PlatformSecrets secrets)
{
    private const string SecretUse = "person.totp";

    /// <summary>What of it stands under the host's key.</summary>
    internal static IReadOnlyList<HostSecretColumn> Sealed { get; } =
        [new("platform.credential", "person_id", "totp_secret", SecretUse), new("platform.credential", "person_id", "totp_next", SecretUse)];

    /// <summary>What a right code tells.</summary>
    internal sealed record Taken(bool WasRecoveryCode, bool HasUnreadCodes, bool WasHandedOver = false);

    internal byte[] Seal(ReadOnlySpan<byte> secret, PersonId person) => secrets.Seal(secret, SecretUse, person.Value);

    internal byte[] Open(byte[] envelope, PersonId person) => secrets.Open(envelope, SecretUse, person.Value);

    /// <summary>Counts the try, then looks. The caller commits in every case, so that a wrong one stays counted.</summary>
    internal Task<Outcome<Taken>> TryAsync(PlatformTx tx, SignedIn who, Origin origin, string typed, CancellationToken ct) => CountedAsync(tx, who, origin, async factor =>
    {
        if (factor.HandoverHash is { } handover) return HandedOver(handover, factor, typed, tx.Now);
        if (Totp.AcceptedStep(Open(factor.TotpSecret, who.PersonId), typed, tx.Now, factor.TotpStep) is { } step)
            return await TakeStepAsync(tx, who.PersonId, step, ct) ? new Taken(false, factor.HasUnreadCodes) : Refusals.WrongCode;
        if (RecoveryCodes.HashOf(typed) is { } hash && await TakeRecoveryCodeAsync(tx, who.PersonId, hash, ct)) return new Taken(true, factor.HasUnreadCodes);
        return Refusals.WrongCode;
    }, ct);

    /// <summary>The same for an app that is being set up: its codes alone count.</summary>
    internal Task<Outcome<Taken>> TryAppAsync(PlatformTx tx, SignedIn who, Origin origin, string typed, CancellationToken ct) => CountedAsync(tx, who, origin, async factor =>
    {
        var step = Totp.AcceptedStep(Open(factor.TotpSecret, who.PersonId), typed, tx.Now, factor.TotpStep);
        return step is { } taken && await TakeStepAsync(tx, who.PersonId, taken, ct) ? new Taken(false, factor.HasUnreadCodes) : Refusals.WrongCode;
    }, ct);

    /// <summary>The same for the authenticator on offer: a right code puts it in the present one's place, whose codes are nothing from then on.</summary>
    internal Task<Outcome<Taken>> TryNextAsync(PlatformTx tx, SignedIn who, Origin origin, string typed, TimeSpan offeredFor, CancellationToken ct) => CountedAsync(tx, who, origin, async factor =>
    {
        if (factor.TotpNext is not { } next || factor.TotpNextAt < tx.Now - offeredFor) return Refusals.WrongCode;
        if (Totp.AcceptedStep(Open(next, who.PersonId), typed, tx.Now, lastStep: 0) is not { } step) return Refusals.WrongCode;
        var replaced = await tx.ExecuteAsync("""
            update platform.credential
            set totp_secret = totp_next, totp_confirmed_at = @now, totp_step = @step, totp_next = null, totp_next_at = null
            where person_id = @person and totp_next = @next
            """, new { person = who.PersonId, next, step, now = tx.Now }, ct);
        return replaced == 1 ? new Taken(false, factor.HasUnreadCodes) : Refusals.WrongCode;
    }, ct);

    private static async Task<Outcome<Taken>> CountedAsync(PlatformTx tx, SignedIn who, Origin origin, Func<Factor, Task<Outcome<Taken>>> look, CancellationToken ct)
    {
        var counted = await CodeGuard.CountAsync(tx, who, origin, ct);
        if (!counted.IsOk) return counted.Refusal;
        var tried = await tx.QueryOneOrNoneAsync<Factor>(Read, new { person = who.PersonId }, ct) is { } factor ? await look(factor) : Refusals.NoCredential;
        if (tried.IsOk) await CodeGuard.ForgetAsync(tx, who.PersonId, counted.Value.Place, ct);
        else if (counted.Value.IsLastOfStrangers) tx.Enqueue(Mails.CodesShut(who.Email));
        return tried;
    }

    /// <summary>After a reset nothing else is taken. The code stays good until the new app is set up, so that a browser closed meanwhile does not lock the person out.</summary>
    private static Outcome<Taken> HandedOver(byte[] handover, Factor factor, string typed, DateTimeOffset now)
    {
        var isRight = factor.HandoverUntil > now && RecoveryCodes.HashOf(typed) is { } hash && CryptographicOperations.FixedTimeEquals(hash, handover);
        return isRight ? new Taken(false, factor.HasUnreadCodes, WasHandedOver: true) : Refusals.WrongCode;
    }

    private static async Task<bool> TakeStepAsync(PlatformTx tx, PersonId person, long step, CancellationToken ct) =>
        await tx.ExecuteAsync("update platform.credential set totp_step = @step where person_id = @person and totp_step < @step", new { person, step }, ct) == 1;

    private static async Task<bool> TakeRecoveryCodeAsync(PlatformTx tx, PersonId person, byte[] hash, CancellationToken ct) => await tx.ExecuteAsync(
        "update platform.recovery_code set used_at = @now where person_id = @person and code_hash = @hash and used_at is null", new { person, hash, now = tx.Now }, ct) == 1;

    private const string Read = """
        select totp_secret, totp_step, totp_next, totp_next_at, handover_hash, handover_until, unread_codes is not null as has_unread_codes
        from platform.credential
        where person_id = @person
        """;

    private sealed record Factor
    {
        public required byte[] TotpSecret { get; init; }
        public long TotpStep { get; init; }
        public byte[]? TotpNext { get; init; }
        public DateTimeOffset? TotpNextAt { get; init; }
        public byte[]? HandoverHash { get; init; }
        public DateTimeOffset? HandoverUntil { get; init; }
        public bool HasUnreadCodes { get; init; }
    }
}
