using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Database;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>
/// The key that signs heads of the audit logs, in a file beside the key-management service's, never in the database: <c>secrets/audit-log.key</c>,
/// base64 of 32 bytes, made on first use. Every node needs the same one.
/// </summary>
public sealed class AuditKeys
{
    private const int TagSize = 16;
    private readonly byte[] tagKey;

    /// <param name="options">Names the secrets directory.</param>
    /// <param name="settings">Names the log.</param>
    public AuditKeys(PlatformOptions options, AuditSettings settings)
    {
        SecretFiles.EnsureDirectory(options.SecretsDirectory);
        var seed = Convert.FromBase64String(SecretFiles.ReadOrMake(Path.Combine(options.SecretsDirectory, "audit-log.key"), NewSeed));
        Log = new(settings.LogName, NoteKeyKind.Log, seed);
        tagKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, seed, 32, info: "chartroom audit tag"u8.ToArray());
    }

    /// <summary>Signs heads.</summary>
    public NoteSigner Log { get; }

    /// <summary>A fresh seed in the file's form.</summary>
    internal static string NewSeed() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The mark of a row that this program wrote.</summary>
    internal byte[] Tag(LogEntry entry) => HMACSHA256.HashData(tagKey, entry.Encode())[..TagSize];

    /// <summary>True when this program wrote the row, and into this log.</summary>
    internal bool IsOurs(AuditEntryRow row, SealedLog into) =>
        row.Tag is not null && (into.Clinic is null || into.Clinic.Value.Value == row.ClinicId) && CryptographicOperations.FixedTimeEquals(Tag(row.Entry), row.Tag);
}
