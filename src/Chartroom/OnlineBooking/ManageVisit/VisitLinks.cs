using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.OnlineBooking;

/// <summary>
/// Links by which a visit is managed: <c>/visit/{token}</c>. A token holds the clinic's key, which is no secret and says where to look, and 256 random bits, of which the
/// database keeps a hash. It ends a day after the visit. On its own it opens nothing but the question for the birth date.
/// </summary>
internal sealed class VisitLinks(PlatformOptions options)
{
    private const int ClinicBytes = 16, SecretBytes = 32;

    /// <summary>A new link; its row goes out with the next statement.</summary>
    public string Give(ClinicTx tx, AppointmentId visit, PatientId patient)
    {
        var bytes = new byte[ClinicBytes + SecretBytes];
        tx.Actor.Clinic.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes.AsSpan(ClinicBytes));
        var token = Base64Url.EncodeToString(bytes);
        tx.Queue("""
            insert into visit_link (id, token_hash, appointment_id, patient_id, created_at)
            values (@id, @hash, @visit, @patient, @now)
            """, new { id = Guid.CreateVersion7(), hash = SecretToken.HashOf(token), visit, patient, now = tx.Now });
        return $"{options.PublicUrl.TrimEnd('/')}/visit/{token}";
    }

    /// <summary>The clinic a token names; null for what is no token.</summary>
    public static ClinicId? ClinicOf(string token)
    {
        if (token.Length != Base64Url.GetEncodedLength(ClinicBytes + SecretBytes)) return null;
        var bytes = new byte[ClinicBytes + SecretBytes];
        return Base64Url.DecodeFromUtf8(Encoding.UTF8.GetBytes(token), bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length
            ? new ClinicId(new Guid(bytes.AsSpan(0, ClinicBytes), bigEndian: true))
            : null;
    }
}
