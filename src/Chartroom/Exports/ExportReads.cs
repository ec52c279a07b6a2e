using System.Text.Json;
using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Exports;

/// <summary>A patient as they leave, with the chart's entries in their newest versions.</summary>
internal sealed record ExportedPatient(PatientRecord Record, IReadOnlyList<ExportedEntry> Entries);

/// <summary>An entry as it leaves.</summary>
/// <param name="Content">The typed record as the chart keeps it.</param>
internal sealed record ExportedEntry(
    Guid Id, string Kind, Guid? EncounterId, DateTimeOffset? EffectiveAt, string State, Guid? AuthorId, int Version, DateTimeOffset RecordedAt, JsonElement Content);

/// <summary>Reads charts whole, for taking them out.</summary>
internal static class ExportReads
{
    /// <summary>The patients with their charts; one event names them.</summary>
    public static async Task<List<ExportedPatient>> WithChartsAsync(
        ClinicTx tx, IReadOnlyList<PatientRecord> patients, Access access, CancellationToken ct)
    {
        var ids = patients.Select(patient => patient.Line.Id).ToList();
        var rows = await tx.QueryAsync<EntryRow>("""
            select entry.id, entry.patient_id, entry.kind, entry.encounter_id, entry.effective_at, entry.state, entry.author_id, entry.version, entry.recorded_at, entry.content
            from entry
            where entry.patient_id = any(@patients) and entry.deleted_at is null
            order by entry.patient_id, entry.effective_at, entry.id
            """, new { patients = ids.ToArray() }, ct);
        var keys = await tx.OpenPatientsAsync(ids, access, ct);
        var entries = rows.ToLookup(row => row.PatientId, row => row.Open(keys[row.PatientId]));
        return [.. patients.Select(patient => new ExportedPatient(patient, [.. entries[patient.Line.Id]]))];
    }

    private sealed record EntryRow
    {
        public required EntryId Id { get; init; }
        public required PatientId PatientId { get; init; }
        public required string Kind { get; init; }
        public Guid? EncounterId { get; init; }
        public DateTimeOffset? EffectiveAt { get; init; }
        public required string State { get; init; }
        public Guid? AuthorId { get; init; }
        public required int Version { get; init; }
        public required DateTimeOffset RecordedAt { get; init; }
        public required byte[] Content { get; init; }

        public ExportedEntry Open(Platform.Vault.PatientKey key) => new(Id.Value, Kind, EncounterId, EffectiveAt, State, AuthorId, Version, RecordedAt,
            JsonSerializer.Deserialize<JsonElement>(key.OpenBytes(Content, ChartBook.CellOf(Id, Version))));
    }
}
