using System.Globalization;
using System.Text;

namespace Chartroom.Transparency;

/// <summary>One event of an audit log, as it is hashed. Ids only, never a value.</summary>
/// <param name="At">UTC, to the microsecond.</param>
/// <param name="PatientIds">Every patient concerned, joined by commas; null in the log of accounts, which has none.</param>
public sealed record LogEntry(
    Guid Id, DateTimeOffset At, Guid? ClinicId, Guid? PersonId, string? Role, string Action, string Resource, Guid? ResourceId, string? PatientIds,
    string? Purpose, string Outcome, string Door, string? Ip, Guid? DeviceId, string? Agent, string? Language, Guid? SessionId, string? TraceId)
{
    private const string Form = "chartroom-audit/1";

    /// <summary>
    /// The bytes that are hashed: each field in the order above as a netstring (<c>length:bytes,</c>), <c>~</c> for null. Ids in lower case with hyphens,
    /// the time as <c>2026-11-22T16:27:43.000000Z</c>.
    /// </summary>
    public byte[] Encode()
    {
        var text = new StringBuilder(512);
        foreach (var field in Fields())
        {
            if (field is null) text.Append('~');
            else text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field)}:").Append(field).Append(',');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The leaf's hash.</summary>
    public byte[] Hash() => MerkleTree.HashLeaf(Encode());

    /// <summary>Cuts a point in time to what the database keeps.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset point) => new(point.UtcTicks - (point.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private IEnumerable<string?> Fields() =>
    [
        Form, Id.ToString(), At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), ClinicId?.ToString(), PersonId?.ToString(), Role,
        Action, Resource, ResourceId?.ToString(), PatientIds, Purpose, Outcome, Door, Ip, DeviceId?.ToString(), Agent,
        Language, SessionId?.ToString(), TraceId,
    ];
}
