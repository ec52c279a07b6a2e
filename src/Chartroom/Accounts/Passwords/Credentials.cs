using System.Text.Json;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Accounts;

/// <summary>Writes what proves who somebody is.</summary>
internal sealed class Credentials(PlatformSecrets secrets, CodeCheck codes)
{
    private const string CodesUse = "person.recovery-codes";

    /// <summary>What of it stands under the host's key.</summary>
    internal static HostSecretColumn Sealed { get; } = new("platform.credential", "person_id", "unread_codes", CodesUse);

    /// <summary>The first password of a person, with an authenticator yet to be set up and ten recovery codes yet to be shown.</summary>
    internal async Task CreateAsync(PlatformTx tx, PersonId person, string passwordHash, CancellationToken ct)
    {
        var recovery = RecoveryCodes.New();
        await tx.ExecuteAsync("""
            insert into platform.credential (person_id, password_hash, password_set_at, totp_secret, unread_codes)
            values (@person, @passwordHash, @now, @secret, @unread)
            """, new { person, passwordHash, now = tx.Now, secret = codes.Seal(Totp.NewSecret(), person), unread = SealCodes(recovery, person) }, ct);
        await RememberAsync(tx, person, passwordHash, ct);
        await InsertCodesAsync(tx, person, recovery, ct);
    }

    /// <summary>Ten new recovery codes in place of those there were, yet to be shown.</summary>
    internal async Task ReplaceCodesAsync(PlatformTx tx, PersonId person, CancellationToken ct)
    {
        var recovery = RecoveryCodes.New();
        // The row of the credential first, as everywhere: two clicks at once wait for each other, and the later one's codes are the good ones.
        await tx.ExecuteAsync("update platform.credential set unread_codes = @unread where person_id = @person", new { person, unread = SealCodes(recovery, person) }, ct);
        await tx.ExecuteAsync("update platform.recovery_code set used_at = @now where person_id = @person and used_at is null", new { person, now = tx.Now }, ct);
        await InsertCodesAsync(tx, person, recovery, ct);
    }

    private static async Task InsertCodesAsync(PlatformTx tx, PersonId person, IReadOnlyList<string> recovery, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into platform.recovery_code (id, person_id, code_hash, created_at)
            select unnest(@ids), @person, unnest(@hashes), @now
            """, new
        {
            ids = recovery.Select(_ => Guid.CreateVersion7()).ToArray(),
            person,
            hashes = recovery.Select(code => RecoveryCodes.HashOf(code)).ToArray(),
            now = tx.Now,
        }, ct);

    /// <summary>A new password in place of the old.</summary>
    internal static async Task ReplaceAsync(PlatformTx tx, PersonId person, string passwordHash, CancellationToken ct)
    {
        await tx.ExecuteAsync("update platform.credential set password_hash = @passwordHash, password_set_at = @now where person_id = @person",
            new { person, passwordHash, now = tx.Now }, ct);
        await RememberAsync(tx, person, passwordHash, ct);
    }

    /// <summary>The hashes of former passwords and the present one, newest first; at most 36.</summary>
    internal static Task<List<string>> FormerAsync(PlatformTx tx, PersonId person, CancellationToken ct) => tx.QueryAsync<string>("""
        select password_hash
        from platform.password_history
        where person_id = @person
        order by set_at desc, id desc
        limit 36
        """, new { person }, ct);

    /// <summary>The recovery codes that still wait to be read, or null.</summary>
    internal async Task<IReadOnlyList<string>?> UnreadCodesAsync(PlatformTx tx, PersonId person, CancellationToken ct)
    {
        var sealedCodes = await tx.QueryAsync<byte[]>("select unread_codes from platform.credential where person_id = @person and unread_codes is not null", new { person }, ct);
        return sealedCodes is [var one] ? JsonSerializer.Deserialize<string[]>(secrets.Open(one, CodesUse, person.Value)) : null;
    }

    private byte[] SealCodes(IReadOnlyList<string> recovery, PersonId person) =>
        secrets.Seal(JsonSerializer.SerializeToUtf8Bytes(recovery), CodesUse, person.Value);

    private static Task RememberAsync(PlatformTx tx, PersonId person, string passwordHash, CancellationToken ct) => tx.ExecuteAsync("""
        insert into platform.password_history (id, person_id, password_hash, set_at)
        values (@id, @person, @passwordHash, @now)
        """, new { id = Guid.CreateVersion7(), person, passwordHash, now = tx.Now }, ct);
}
