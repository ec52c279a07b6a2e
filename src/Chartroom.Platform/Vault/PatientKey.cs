using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Chartroom.Platform.Vault;

/// <summary>A row of <c>patient_key</c> that was not destroyed.</summary>
/// <param name="IsSuperseded">A newer version has taken over: nothing is sealed under this one any more.</param>
/// <param name="IsShut">Charts are opened here, and this one is restricted to others.</param>
internal sealed record WrappedPatientKey(PatientId PatientId, int Version, byte[] Wrapped, bool IsSuperseded = false, bool IsShut = false);

/// <summary>
/// An opened patient: the only way to seal and open what belongs to them. Handed out by the clinic transaction, which has already taken down the
/// audit event; of no use after the transaction. Values are stored as JSON.
/// </summary>
public sealed class PatientKey : IDisposable
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // sealed, never shown as such
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly ClinicId clinic;
    private readonly SealingKey[] keys;   // newest last
    private readonly SealingKey current;
    private bool isDisposed;

    private PatientKey(ClinicId clinic, PatientId patient, SealingKey current, SealingKey[] keys) =>
        (this.clinic, Patient, this.current, this.keys) = (clinic, patient, current, keys);

    internal PatientKey(ClinicId clinic, PatientId patient, SealingKey only) : this(clinic, patient, only, [only]) { }

    /// <summary>Whose key it is.</summary>
    public PatientId Patient { get; }

    /// <summary>Version of the key that new envelopes carry.</summary>
    public int Version => current.Version;

    /// <summary>Seals a value for one cell.</summary>
    public byte[] Seal<T>(T value, Cell cell) => SealBytes(JsonSerializer.SerializeToUtf8Bytes(value, Json), cell);

    /// <summary>Opens a value sealed for that cell.</summary>
    /// <exception cref="CryptographicException">It was altered, or sealed for another cell, patient or clinic.</exception>
    public T Open<T>(byte[] envelope, Cell cell) => JsonSerializer.Deserialize<T>(OpenBytes(envelope, cell), Json)!;

    /// <summary>Seals bytes as they are.</summary>
    public byte[] SealBytes(ReadOnlySpan<byte> content, Cell cell)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        return current.Seal(content, cell.Bind(clinic, Patient.Value, Version));
    }

    /// <summary>Opens bytes sealed by <see cref="SealBytes"/>.</summary>
    public byte[] OpenBytes(byte[] envelope, Cell cell)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);   // the transaction is over, though another may still hold the key
        var version = SealingKey.VersionOf(envelope);
        var key = Array.Find(keys, it => it.Version == version) ?? throw new CryptographicException("The patient's key of that version is gone.");
        return key.Open(envelope, cell.Bind(clinic, Patient.Value, version));
    }

    /// <summary>Makes a key of its own for one large thing of the patient, and that key wrapped for one cell.</summary>
    public (OwnKey Key, byte[] Wrapped) NewOwnKey(Cell cell) => OwnKey.New(clinic, this, cell);

    /// <summary>Opens such a key again. The caller disposes it.</summary>
    /// <exception cref="CryptographicException">It was altered, or belongs elsewhere.</exception>
    public OwnKey OpenOwnKey(byte[] wrapped, Cell cell) => OwnKey.Unwrap(clinic, this, wrapped, cell);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        Array.ForEach(keys, key => key.Dispose());
    }

    internal static (PatientKey Key, byte[] Wrapped) New(ClinicKeys keys, PatientId patient)
    {
        var bare = RandomNumberGenerator.GetBytes(32);
        var wrapped = keys.Seal(bare, CellOf(patient, 1));
        var key = new PatientKey(keys.Clinic, patient, new SealingKey(bare, 1));
        CryptographicOperations.ZeroMemory(bare);
        return (key, wrapped);
    }

    /// <param name="keys">The clinic's keys.</param>
    /// <param name="cache">Where keys unwrapped a moment ago are found.</param>
    /// <param name="rows">All live versions of one patient's key.</param>
    internal static PatientKey Unwrap(ClinicKeys keys, OpenedKeys cache, IEnumerable<WrappedPatientKey> rows)
    {
        var ordered = rows.OrderBy(row => row.Version).ToArray();
        var opened = Array.ConvertAll(ordered, row => cache.Open(keys, row));
        // A next version that has not taken over yet is known for reading only: whoever began before it was made could not open what it seals.
        var current = Math.Max(0, Array.FindIndex(ordered, row => !row.IsSuperseded));
        return new(keys.Clinic, ordered[0].PatientId, opened[current], opened);
    }

    /// <summary>A fresh key, wrapped, as the patient's next version.</summary>
    internal static byte[] NewVersion(ClinicKeys keys, PatientId patient, int version)
    {
        var bare = RandomNumberGenerator.GetBytes(32);
        var wrapped = keys.Seal(bare, CellOf(patient, version));
        CryptographicOperations.ZeroMemory(bare);
        return wrapped;
    }

    /// <summary>The same key under the clinic's current one.</summary>
    internal static byte[] Rewrap(ClinicKeys keys, WrappedPatientKey row)
    {
        var bare = keys.Open(row.Wrapped, CellOf(row.PatientId, row.Version));
        var wrapped = keys.Seal(bare, CellOf(row.PatientId, row.Version));
        CryptographicOperations.ZeroMemory(bare);
        return wrapped;
    }

    /// <summary>Unwraps one row; <see cref="OpenedKeys"/> only.</summary>
    internal static SealingKey UnwrapRow(ClinicKeys keys, WrappedPatientKey row)
    {
        var bare = keys.Open(row.Wrapped, CellOf(row.PatientId, row.Version));
        var key = new SealingKey(bare, row.Version);
        CryptographicOperations.ZeroMemory(bare);
        return key;
    }

    /// <summary>The version stands in the column part, so a key cannot pass for one of another version.</summary>
    private static Cell CellOf(PatientId patient, int version) => new("patient_key", $"wrapped.{version}", patient.Value);
}
