using System.Buffers.Binary;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Platform.Vault;

/// <summary>How many values of a kind are still under an older key of the host.</summary>
/// <param name="What">Table and column; keys of all clinics together are <c>clinic_key.wrapped</c>.</param>
public sealed record HostSecretsLeft(string What, long Count);

/// <summary>
/// Gives the host a new key: the clinics' keys are wrapped anew under it, and the accounts' secrets are sealed anew. What is under an older version says so itself, in its envelope, so
/// there is nothing to remember: a rotation that was killed goes on where it stands, at any time, from any node. Old versions stay readable until they are destroyed.
/// </summary>
public sealed class HostKeyRotation(LocalKms kms, PlatformDb platform, TenantDb tenants, KeyRing ring, PlatformSecrets secrets, DatabaseLogins logins, IEnumerable<HostSecretColumn> columns)
{
    /// <summary>What a transaction carries; few enough that nobody waits for long who signs in meanwhile.</summary>
    internal const int AtOnce = 200;

    /// <summary>Nobody is at work any more who wrapped something before the file was changed.</summary>
    private static readonly TimeSpan EverybodyIsDone = TimeSpan.FromMinutes(10);

    private const string Keys = "clinic_key.wrapped";
    private readonly List<HostSecretColumn> columns = [.. columns];

    /// <summary>Version that is wrapped under.</summary>
    public int CurrentVersion => kms.CurrentVersion;

    /// <summary>All versions that can be read.</summary>
    public IReadOnlyList<int> Versions => kms.Versions;

    /// <summary>Adds a version without using it, for installations of several nodes: each needs the file first. The same one when there is one that waits.</summary>
    public int Prepare() => kms.Versions[^1] > kms.CurrentVersion ? kms.Versions[^1] : kms.Add();

    /// <summary>Begins, or finds what was begun: a version that waits is used; without one, and with nothing left under an older version, there is a new one.</summary>
    /// <returns>True when a new version was made or taken into use, false when an earlier rotation goes on.</returns>
    public async Task<bool> BeginAsync(CancellationToken ct)
    {
        if (kms.Versions[^1] > kms.CurrentVersion) kms.UseNewest();
        else if ((await LeftAsync(ct)).Any(it => it.Count > 0)) return false;
        else kms.AddAndUse();
        return true;
    }

    /// <summary>What is not under the current version.</summary>
    public async Task<IReadOnlyList<HostSecretsLeft>> LeftAsync(CancellationToken ct)
    {
        var left = new List<HostSecretsLeft>();
        await using (var tx = await platform.BeginAsync(Origin.Job("cli"), ct))
        {
            foreach (var column in columns)
                left.Add(new($"{column.Table}.{column.Column}", (await tx.QueryAsync<long>(column.Count, new { current = Current() }, ct)).Single()));
        }
        long keys = 0;
        foreach (var clinic in await ClinicsAsync(ct))
        {
            await using var pipe = await logins.OpenAsync(ct);
            pipe.Queue("begin read only");
            pipe.QueueClinic(clinic, ClinicRole.System);
            var counted = pipe.Ask<long>("select count(*) from clinic_key where substring(wrapped from 2 for 4) <> @current", new { current = Current() });
            pipe.Queue("commit");
            keys += (await counted.ReadAsync(ct)).Single();
        }
        left.Add(new(Keys, keys));
        return left;
    }

    /// <summary>Works until nothing is left under an older version.</summary>
    /// <param name="tell">Called after each step.</param>
    /// <param name="ct">Ends it between steps.</param>
    public async Task RunAsync(Func<Task> tell, CancellationToken ct)
    {
        while (true)
        {
            foreach (var clinic in await ClinicsAsync(ct))
            {
                if (await WrapAnewAsync(clinic, ct) > 0) await tell();
            }
            foreach (var column in columns)
            {
                while (await SealAnewAsync(column, AtOnce, ct) > 0) await tell();
            }
            if ((await LeftAsync(ct)).All(it => it.Count == 0)) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);   // somebody has a row locked
        }
    }

    /// <summary>Destroys the old versions; false when something may still be under one of them.</summary>
    public async Task<bool> DestroyOldAsync(CancellationToken ct)
    {
        if (TimeProvider.System.GetUtcNow() - kms.ChangedAt < EverybodyIsDone) return false;   // the file's date is of the machine's clock
        if (kms.Versions[^1] != kms.CurrentVersion || (await LeftAsync(ct)).Any(it => it.Count > 0)) return false;
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        tx.Audit(new("host_key.old-versions-deleted", "host_key", null, Purpose.Operations), null);
        await tx.CommitAsync(ct);   // first: a destruction that nobody wrote down is worse than a line about one that was broken off
        kms.DestroyOld();
        return true;
    }

    /// <summary>One transaction's worth; answers how many.</summary>
    internal async Task<int> SealAnewAsync(HostSecretColumn column, int limit, CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        var rows = await tx.QueryAsync<Secret>(column.Select, new { current = Current(), limit }, ct);
        if (rows.Count == 0) return 0;
        await tx.ExecuteAsync(column.Update, new
        {
            owners = rows.Select(row => row.Owner).ToArray(),
            envelopes = rows.Select(row => secrets.SealAnew(row.Envelope, column.Use, row.Owner)).ToArray(),
        }, ct);
        tx.Audit(new("secrets.sealed-anew", "host_key", null, Purpose.Operations), null);
        await tx.CommitAsync(ct);
        return rows.Count;
    }

    /// <summary>A clinic has a handful of keys: the index key, and the data key's versions.</summary>
    internal async Task<int> WrapAnewAsync(ClinicId clinic, CancellationToken ct)
    {
        await using var tx = await tenants.BeginAsync(Actor.OfSystem(clinic, "cli"), Permission.ManageKeys, ct);
        var rows = await tx.QueryAsync<KeyRing.WrappedKey>("""
            select purpose, version, wrapped
            from clinic_key
            where substring(wrapped from 2 for 4) <> @current
            order by purpose, version
            for update
            """, new { current = Current() }, ct);
        if (rows.Count == 0) return 0;
        await tx.ExecuteAsync("""
            update clinic_key
            set wrapped = fresh.wrapped
            from unnest(@purposes, @versions, @wrapped) as fresh (purpose, version, wrapped)
            where clinic_key.purpose = fresh.purpose and clinic_key.version = fresh.version
            """, new
        {
            purposes = rows.Select(row => row.Purpose).ToArray(), versions = rows.Select(row => row.Version).ToArray(),
            wrapped = rows.Select(row => ring.WrapAnew(clinic, row)).ToArray(),
        }, ct);
        tx.Audit(new("clinic_key.rewrapped", "clinic_key", null, Purpose.Operations));
        await tx.CommitAsync(ct);
        return rows.Count;
    }

    /// <summary>By their schemas, so that a closed clinic's keys are not forgotten.</summary>
    private async Task<List<ClinicId>> ClinicsAsync(CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        return await pipe.QueryAsync<ClinicId>("select substr(nspname, 8)::uuid from pg_namespace where nspname ~ '^tenant_[0-9a-f]{32}$' order by nspname", null, ct);
    }

    private byte[] Current()
    {
        var version = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(version, kms.CurrentVersion);
        return version;
    }

    private sealed record Secret(Guid Owner, byte[] Envelope);
}
