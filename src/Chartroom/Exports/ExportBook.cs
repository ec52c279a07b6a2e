using Chartroom.AuditLog;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Exports;

/// <summary>
/// Takes data out part by part: each part is a transaction of its own, whose event (with every patient in it) is committed before the part leaves. So memory
/// stays bounded, no connection waits for a slow reader, and an export that breaks off has named exactly whom it gave away. Parts see the data of their own moment.
/// </summary>
internal sealed class ExportBook(TenantDb db)
{
    internal const string PatientsExported = "patients.exported", EntriesExported = "entries.exported", AuditExported = "audit.exported", TableExported = "table.exported";
    private const int PatientsPerPart = 200, ChartsPerPart = 10, EventsPerPart = 1000;

    /// <summary>Writes the whole subject. The caller's stream is not closed.</summary>
    /// <exception cref="ForbiddenException">The actor may not export.</exception>
    public Task WriteAsync(ExportSubject subject, ExportWriter writer, AuditFilter filter, Actor actor, CancellationToken ct) => subject switch
    {
        { AsItStands: { IsOfPatients: true } table } => WritePatientsTableAsync(table, writer, actor, ct),
        { AsItStands: { } table } => WriteClinicTableAsync(table, writer, actor, ct),
        _ when subject == ExportSubject.Patients => WritePatientsAsync(writer, actor, ct),
        _ when subject == ExportSubject.Entries => WriteEntriesAsync(writer, actor, ct),
        _ when subject == ExportSubject.Audit => WriteAuditAsync(writer, filter, actor, ct),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async Task WritePatientsAsync(ExportWriter writer, Actor actor, CancellationToken ct)
    {
        await writer.BeginAsync(PatientRows.Header, ct);
        await foreach (var patient in PatientsAsync(actor, writer.Form == ExportForm.Json, ct)) await writer.WriteAsync(PatientRows.Of(patient), ct);
        await writer.EndAsync(ct);
    }

    private async Task WriteEntriesAsync(ExportWriter writer, Actor actor, CancellationToken ct)
    {
        await writer.BeginAsync(EntryRows.Header, ct);
        await foreach (var patient in PatientsAsync(actor, withCharts: true, ct))
            foreach (var row in EntryRows.Of(patient)) await writer.WriteAsync(row, ct);
        await writer.EndAsync(ct);
    }

    /// <summary>A clinic's own tables have few rows: one part.</summary>
    private async Task WriteClinicTableAsync(ExportTable table, ExportWriter writer, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ExportData, ct);
        var columns = await TableColumns.OfAsync(tx, table, ct);
        var rows = await TableReads.RowsAsync(tx, table, columns, new Dictionary<PatientId, PatientKey>(), ct);
        tx.Audit(Access(TableExported));
        await tx.CommitAsync(ct);
        await writer.BeginAsync(columns.Header, ct);
        foreach (var row in rows) await writer.WriteAsync(row, ct);
        await writer.EndAsync(ct);
    }

    private async Task WritePatientsTableAsync(ExportTable table, ExportWriter writer, Actor actor, CancellationToken ct)
    {
        PatientId? after = null;
        var isFirst = true;
        do
        {
            TableColumns columns;
            List<ExportRow> part;
            await using (var tx = await db.BeginAsync(actor, Permission.ExportData, ct))
            {
                columns = await TableColumns.OfAsync(tx, table, ct);
                var batch = await PatientRegister.BatchAsync(tx, after, ChartsPerPart, Access(PatientsExported), ct);
                var keys = await tx.OpenPatientsAsync([.. batch.Patients.Select(it => it.Line.Id)], Access(TableExported), ct);
                part = await TableReads.RowsAsync(tx, table, columns, keys, ct);
                await tx.CommitAsync(ct);
                after = batch.Next;
            }
            if (isFirst) await writer.BeginAsync(columns.Header, ct);
            isFirst = false;
            foreach (var row in part) await writer.WriteAsync(row, ct);
        }
        while (after is not null);
        if (table.OwnSql is { } own)
            foreach (var row in await OwnRowsAsync(table with { Sql = own }, actor, ct)) await writer.WriteAsync(row, ct);
        await writer.EndAsync(ct);
    }

    /// <summary>Rows of a patients' table that are about nobody.</summary>
    private async Task<List<ExportRow>> OwnRowsAsync(ExportTable table, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ExportData, ct);
        var rows = await TableReads.RowsAsync(tx, table, await TableColumns.OfAsync(tx, table, ct), new Dictionary<PatientId, PatientKey>(), ct);
        tx.Audit(Access(TableExported));
        await tx.CommitAsync(ct);
        return rows;
    }

    private async Task WriteAuditAsync(ExportWriter writer, AuditFilter filter, Actor actor, CancellationToken ct)
    {
        await writer.BeginAsync(AuditRows.Header, ct);
        AuditCursor? before = null;
        while (true)
        {
            await using var tx = await db.BeginAsync(actor, Permission.ExportData, ct);
            var events = await AuditTrail.ReadAsync(tx, filter, before, EventsPerPart, ct);
            tx.Audit(Access(AuditExported), filter.Patient is { } patient ? [patient] : []);
            await tx.CommitAsync(ct);
            foreach (var entry in events) await writer.WriteAsync(AuditRows.Of(entry), ct);
            if (events.Count < EventsPerPart) break;
            before = new AuditCursor(events[^1].At, events[^1].Id);
        }
        await writer.EndAsync(ct);
    }

    /// <summary>All patients in the order of their keys. A clinic without patients leaves one event.</summary>
    private async IAsyncEnumerable<ExportedPatient> PatientsAsync(
        Actor actor, bool withCharts, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        PatientId? after = null;
        do
        {
            List<ExportedPatient> part;
            await using (var tx = await db.BeginAsync(actor, Permission.ExportData, ct))
            {
                var batch = await PatientRegister.BatchAsync(tx, after, withCharts ? ChartsPerPart : PatientsPerPart, Access(PatientsExported), ct);
                part = withCharts ? await ExportReads.WithChartsAsync(tx, batch.Patients, Access(EntriesExported), ct) : [.. batch.Patients.Select(it => new ExportedPatient(it, []))];
                await tx.CommitAsync(ct);
                after = batch.Next;
            }
            foreach (var patient in part) yield return patient;
        }
        while (after is not null);
    }

    private static Access Access(string action) => new(action, "export", Purpose: Purpose.Operations);
}
