using System.Globalization;
using Chartroom.AuditLog;
using Chartroom.Patients;

namespace Chartroom.Exports;

/// <summary>Patients: in CSV the fields of the form, in JSON everything known and the chart.</summary>
internal static class PatientRows
{
    public static readonly string[] Header =
        ["id", "mrn", "state", "mergedInto", "putAwayAt", "putAwayBy", "putAwayReason", "version", "updatedAt", .. PatientRegister.Fields(new Demographics { Names = [] }).Keys];

    public static ExportRow Of(ExportedPatient patient)
    {
        var (line, record) = (patient.Record.Line, patient.Record);
        return new(
            [
                line.Id.ToString(), line.Mrn.ToString(CultureInfo.InvariantCulture), line.State.ToString().ToLowerInvariant(), line.MergedInto?.ToString(),
                Cells.Of(line.Away?.At), line.Away?.ByName, line.Away is { } away ? PatientRegister.NameOf(away.Reason) : null, record.Version.ToString(CultureInfo.InvariantCulture), Cells.Of(record.UpdatedAt), .. PatientRegister.Fields(record.Demographics).Values,
            ],
            new { line.Id, line.Mrn, line.State, line.MergedInto, line.Away, record.Version, record.UpdatedAt, line.SeenAt, record.Demographics, patient.Entries });
    }
}

/// <summary>Entries of charts, one a row; the content is JSON.</summary>
internal static class EntryRows
{
    public static readonly string[] Header =
        ["patientId", "mrn", "id", "kind", "state", "version", "effectiveAt", "recordedAt", "encounterId", "authorId", "content"];

    public static IEnumerable<ExportRow> Of(ExportedPatient patient) => patient.Entries.Select(entry => new ExportRow(
        [
            patient.Record.Line.Id.ToString(), patient.Record.Line.Mrn.ToString(CultureInfo.InvariantCulture), entry.Id.ToString(), entry.Kind, entry.State,
            entry.Version.ToString(CultureInfo.InvariantCulture), Cells.Of(entry.EffectiveAt), Cells.Of(entry.RecordedAt),
            entry.EncounterId?.ToString(), entry.AuthorId?.ToString(), entry.Content.GetRawText(),
        ],
        new { patientId = patient.Record.Line.Id, patient.Record.Line.Mrn, entry }));
}

/// <summary>Audit events.</summary>
internal static class AuditRows
{
    public static readonly string[] Header =
    [
        "id", "at", "personId", "personName", "role", "action", "resource", "resourceId", "patientIds", "purpose", "outcome", "door", "ip", "deviceId", "agent",
        "language", "sessionId", "traceId",
    ];

    public static ExportRow Of(AuditEntry entry) => new(
        [
            entry.Id.ToString(), Cells.Of(entry.At), entry.PersonId?.ToString(), entry.PersonName, entry.Role, entry.Action, entry.Resource, entry.ResourceId?.ToString(),
            string.Join(' ', entry.PatientIds), entry.Purpose, entry.Outcome, entry.Door, entry.Ip, entry.DeviceId?.ToString(), entry.Agent,
            entry.Language, entry.SessionId?.ToString(), entry.TraceId,
        ], entry);
}

internal static class Cells
{
    /// <summary>ISO 8601, UTC.</summary>
    public static string? Of(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
