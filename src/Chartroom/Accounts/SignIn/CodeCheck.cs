using System.Security.Cryptography;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Accounts;

/// <summary>Looks at a second factor inside the caller's transaction. The row lock taken by the count makes parallel tries wait for each other, and
/// the step is advanced by the same row: of fifty sends of one code one is taken.</summary>
internal sealed class CodeCheck(PlatformSecrets secrets)
{
    private const string SecretUse = "person.totp";
    private const int FreeTries = 5;
    private const int MostTries = 10;

    /// <summary>What a right code tells.</summary>
    internal sealed record Taken(bool WasRecoveryCode, bool HasUnreadCodes, bool WasHandedOver = false);

    internal byte[] Seal(ReadOnlySpan<byte> secret, PersonId person) => secrets.Seal(secret, SecretUse, person.Value);

    internal byte[] Open(byte[] envelope, PersonId person) => secrets.Open(envelope, SecretUse, person.Value);

    /// <summary>Counts the try, then looks. The caller commits in every case, so that a wrong one stays counted.</summary>
    internal async Task<Outcome<Taken>> TryAsync(PlatformTx tx, PersonId person, string typed, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<Factor>(CountAndRead, new { person, now = tx.Now, free = FreeTries, most = MostTries }, ct) is not { } factor)
            return await BlockedAsync(tx, person, ct);
        if (factor.HandoverHash is { } handover) return await HandedOverAsync(tx, person, handover, factor, typed, ct);
        if (Totp.AcceptedStep(Open(factor.TotpSecret, person), typed, tx.Now, factor.TotpStep) is { } step)
            return await TakeStepAsync(tx, person, step, ct) ? new Taken(false, factor.HasUnreadCodes) : Refusals.WrongCode;
        if (RecoveryCodes.HashOf(typed) is { } hash && await TakeRecoveryCodeAsync(tx, person, hash, ct)) return new Taken(true, factor.HasUnreadCodes);
        return Refusals.WrongCode;
    }

    /// <summary>The same for an app that is being set up: its codes alone count.</summary>
    internal async Task<Outcome<Taken>> TryAppAsync(PlatformTx tx, PersonId person, string typed, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<Factor>(CountAndRead, new { person, now = tx.Now, free = FreeTries, most = MostTries }, ct) is not { } factor)
            return await BlockedAsync(tx, person, ct);
        var step = Totp.AcceptedStep(Open(factor.TotpSecret, person), typed, tx.Now, factor.TotpStep);
        return step is { } taken && await TakeStepAsync(tx, person, taken, ct) ? new Taken(false, factor.HasUnreadCodes) : Refusals.WrongCode;
    }

    /// <summary>The same for the authenticator on offer: a right code puts it in the present one's place, whose codes are nothing from then on.</summary>
    internal async Task<Outcome<Taken>> TryNextAsync(PlatformTx tx, PersonId person, string typed, TimeSpan offeredFor, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<Factor>(CountAndRead, new { person, now = tx.Now, free = FreeTries, most = MostTries }, ct) is not { } factor)
            return await BlockedAsync(tx, person, ct);
        if (factor.TotpNext is not { } next || factor.TotpNextAt < tx.Now - offeredFor) return Refusals.WrongCode;
        if (Totp.AcceptedStep(Open(next, person), typed, tx.Now, lastStep: 0) is not { } step) return Refusals.WrongCode;
        var replaced = await tx.ExecuteAsync("""
            update platform.credential
            set totp_secret = totp_next, totp_confirmed_at = @now, totp_step = @step, totp_next = null, totp_next_at = null, code_failures = 0, code_blocked_until = null
            where person_id = @person and totp_next = @next
            """, new { person, next, step, now = tx.Now }, ct);
        return replaced == 1 ? new Taken(false, factor.HasUnreadCodes) : Refusals.WrongCode;
    }

    /// <summary>After a reset nothing else is taken. The code stays good until the new app is set up, so that a browser closed meanwhile does not lock the person out.</summary>
    private static async Task<Outcome<Taken>> HandedOverAsync(PlatformTx tx, PersonId person, byte[] handover, Factor factor, string typed, CancellationToken ct)
    {
        var isRight = factor.HandoverUntil > tx.Now && RecoveryCodes.HashOf(typed) is { } hash && CryptographicOperations.FixedTimeEquals(hash, handover);
        if (!isRight) return Refusals.WrongCode;
        await tx.ExecuteAsync("update platform.credential set code_failures = 0, code_blocked_until = null where person_id = @person", new { person }, ct);
        return new Taken(false, factor.HasUnreadCodes, WasHandedOver: true);
    }

    private static async Task<bool> TakeStepAsync(PlatformTx tx, PersonId person, long step, CancellationToken ct) => await tx.ExecuteAsync("""
        update platform.credential
        set totp_step = @step, code_failures = 0, code_blocked_until = null
        where person_id = @person and totp_step < @step
        """, new { person, step }, ct) == 1;

    private static async Task<bool> TakeRecoveryCodeAsync(PlatformTx tx, PersonId person, byte[] hash, CancellationToken ct)
    {
        var taken = await tx.ExecuteAsync(
            "update platform.recovery_code set used_at = @now where person_id = @person and code_hash = @hash and used_at is null", new { person, hash, now = tx.Now }, ct);
        if (taken != 1) return false;
        await tx.ExecuteAsync("update platform.credential set code_failures = 0, code_blocked_until = null where person_id = @person", new { person }, ct);
        return true;
    }

    private static async Task<Refusal> BlockedAsync(PlatformTx tx, PersonId person, CancellationToken ct)
    {
        var until = await tx.QueryAsync<DateTimeOffset>("select coalesce(code_blocked_until, @now) from platform.credential where person_id = @person", new { person, now = tx.Now }, ct);
        return until is [var at] ? Refusals.WaitUntil(at, tx.Now) : Refusals.NoCredential;
    }

    // Five tries are free, then each makes the next wait longer; from the tenth on, an hour. Only somebody who knows the password gets here.
    private const string CountAndRead = """
        update platform.credential
        set code_failures = code_failures + 1,
            code_blocked_until = case
                when code_failures + 1 < @free then null
                when code_failures + 1 < @most then @now + make_interval(secs => 30 * 2 ^ (code_failures + 1 - @free))
                else @now + interval '1 hour'
            end
        where person_id = @person and (code_blocked_until is null or code_blocked_until <= @now)
        returning totp_secret, totp_step, totp_next, totp_next_at, handover_hash, handover_until, unread_codes is not null as has_unread_codes
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
