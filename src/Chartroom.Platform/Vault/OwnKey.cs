using System.Security.Cryptography;

namespace Chartroom.Platform.Vault;

/// <summary>
/// A key for one large thing of a patient (a recording), wrapped under the patient's key and kept beside nothing it seals. A rotation wraps it anew and leaves the thing as it is;
/// deleting the wrapped key makes every copy of the thing unreadable and nothing else. Made and opened by <see cref="PatientKey"/>, so never without the event.
/// </summary>
public sealed class OwnKey : IDisposable
{
    private const int Version = 1;   // it is never renewed: its thing lives for hours
    private readonly ClinicId clinic;
    private readonly PatientId patient;
    private readonly SealingKey key;

    private OwnKey(ClinicId clinic, PatientId patient, SealingKey key) => (this.clinic, this.patient, this.key) = (clinic, patient, key);

    /// <summary>Seals a piece of it for one cell.</summary>
    public byte[] Seal(ReadOnlySpan<byte> content, Cell cell) => key.Seal(content, cell.Bind(clinic, patient.Value, Version));

    /// <summary>Opens a piece sealed for that cell.</summary>
    /// <exception cref="CryptographicException">It was altered, or sealed for another cell or under another key.</exception>
    public byte[] Open(byte[] envelope, Cell cell) => key.Open(envelope, cell.Bind(clinic, patient.Value, Version));

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    internal static (OwnKey Key, byte[] Wrapped) New(ClinicId clinic, PatientKey patient, Cell cell)
    {
        var bare = RandomNumberGenerator.GetBytes(32);
        var wrapped = patient.SealBytes(bare, cell);
        var key = new OwnKey(clinic, patient.Patient, new SealingKey(bare, Version));
        CryptographicOperations.ZeroMemory(bare);
        return (key, wrapped);
    }

    internal static OwnKey Unwrap(ClinicId clinic, PatientKey patient, byte[] wrapped, Cell cell)
    {
        var bare = patient.OpenBytes(wrapped, cell);
        var key = new OwnKey(clinic, patient.Patient, new SealingKey(bare, Version));
        CryptographicOperations.ZeroMemory(bare);
        return key;
    }
}
