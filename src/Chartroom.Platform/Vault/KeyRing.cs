using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Platform.Vault;

/// <summary>Clinics' keys, unwrapped in memory for at most five minutes: so long does the program go on without its key-management service, then it refuses.</summary>
public sealed class KeyRing(IKms kms, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<ClinicId, (ClinicKeys Keys, DateTimeOffset Until)> known = new();

    /// <summary>Patients' keys unwrapped a short while ago.</summary>
    internal OpenedKeys Opened { get; } = new(clock);

    /// <inheritdoc/>
    public void Dispose() => Opened.Dispose();

    /// <summary>A new clinic's wrapped keys by purpose.</summary>
    internal IEnumerable<(string Purpose, byte[] Wrapped)> NewClinicKeys(ClinicId clinic) =>
        new[] { "data", "index" }.Select(purpose => (purpose, kms.Wrap(RandomNumberGenerator.GetBytes(32), Use(clinic, purpose, 1))));

    /// <summary>A new version of the clinic's data key, wrapped.</summary>
    internal byte[] NewDataKey(ClinicId clinic, int version) => kms.Wrap(RandomNumberGenerator.GetBytes(32), Use(clinic, "data", version));

    /// <summary>The same key, wrapped under the key-management service's present one.</summary>
    internal byte[] WrapAnew(ClinicId clinic, WrappedKey row)
    {
        var use = Use(clinic, row.Purpose, row.Version);
        var key = kms.Unwrap(row.Wrapped, use);
        try
        {
            return kms.Wrap(key, use);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Reads the clinic's keys anew at the next use.</summary>
    internal void Forget(ClinicId clinic) => known.TryRemove(clinic, out _);

    /// <summary>The clinic's keys; one query when they are not in memory, or when they lack the version that sealed what is to be opened: another node
    /// rotated them a moment ago.</summary>
    internal async Task<ClinicKeys> OfAsync(ClinicId clinic, DatabaseLogins logins, CancellationToken ct, byte[]? toOpen = null)
    {
        if (known.TryGetValue(clinic, out var held) && held.Until > clock.GetUtcNow() && (toOpen is null || held.Keys.Knows(toOpen))) return held.Keys;
        known.TryRemove(clinic, out _);   // too old is gone, also when the key-management service is not there to give them again
        await using var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin read only");
        pipe.QueueClinic(clinic, ClinicRole.System);
        var rows = pipe.Ask<WrappedKey>("select purpose, version, wrapped from clinic_key", null);
        pipe.Queue("commit");
        return Learn(clinic, await rows.ReadAsync(ct));
    }

    /// <summary>Keeps the clinic's keys as the database has them now.</summary>
    internal ClinicKeys Learn(ClinicId clinic, List<WrappedKey> rows)
    {
        var keys = Unwrap(clinic, rows);
        known[clinic] = (keys, clock.GetUtcNow() + Lifetime);
        return keys;
    }

    private ClinicKeys Unwrap(ClinicId clinic, List<WrappedKey> rows)
    {
        var plain = rows.Select(row => (row.Purpose, row.Version, Key: kms.Unwrap(row.Wrapped, Use(clinic, row.Purpose, row.Version)))).ToList();
        var index = plain.Where(row => row.Purpose == "index").MaxBy(row => row.Version);
        return new(clinic, [.. plain.Where(row => row.Purpose == "data").Select(row => new SealingKey(row.Key, row.Version))], index.Key);
    }

    private static string Use(ClinicId clinic, string purpose, int version) => $"chartroom clinic {clinic} {purpose} {version}";

    /// <summary>A row of <c>clinic_key</c>.</summary>
    internal sealed record WrappedKey(string Purpose, int Version, byte[] Wrapped);
}

/// <summary>One clinic's unwrapped keys. Never leaves the platform part.</summary>
internal sealed class ClinicKeys(ClinicId clinic, IReadOnlyList<SealingKey> data, byte[] index)
{
    private readonly SealingKey current = data.MaxBy(key => key.Version)!;

    public ClinicId Clinic => clinic;

    public int CurrentVersion => current.Version;

    /// <summary>True when the key that sealed it is among these.</summary>
    public bool Knows(ReadOnlySpan<byte> envelope) => envelope.Length < SealingKey.Overhead || IndexOf(SealingKey.VersionOf(envelope)) >= 0;

    public byte[] Seal(ReadOnlySpan<byte> content, Cell cell) => current.Seal(content, cell.Bind(clinic, clinic.Value, current.Version));

    public byte[] Open(ReadOnlySpan<byte> envelope, Cell cell)
    {
        var version = SealingKey.VersionOf(envelope);
        var at = IndexOf(version);
        if (at < 0) throw new CryptographicException("The clinic's key of that version is gone.");
        return data[at].Open(envelope, cell.Bind(clinic, clinic.Value, version));
    }

    private int IndexOf(int version)
    {
        for (var at = 0; at < data.Count; at++)
            if (data[at].Version == version) return at;
        return -1;
    }

    /// <summary>First 64 bits of HMAC-SHA256 over the index's name and the value: equal values meet, and nothing can be read back.</summary>
    public long Blind(string indexName, string value)
    {
        Span<byte> mac = stackalloc byte[32];
        HMACSHA256.HashData(index, Encoding.UTF8.GetBytes($"{indexName}\0{value}"), mac);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(mac);
    }
}
