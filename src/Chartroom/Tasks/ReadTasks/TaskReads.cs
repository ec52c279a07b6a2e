using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Tasks;

/// <summary>Opens rows of tasks: one batch of keys, one event that names every patient shown.</summary>
internal static class TaskReads
{
    /// <summary>The calendar day it is at the clinic, by its first location.</summary>
    public static async Task<DateOnly> TodayAsync(ClinicTx tx, CancellationToken ct) =>
        ClinicTime.TodayAt(tx.Now, (await tx.QueryAsync<string>("select time_zone from location where is_active order by name, id limit 1", null, ct)) is [var zone] ? zone : "UTC");

    /// <summary>All rows in clear, in their order.</summary>
    /// <param name="tx">The caller's transaction.</param>
    /// <param name="rows">What <see cref="SelectRows"/> answered.</param>
    /// <param name="today">From <see cref="TodayAsync"/>.</param>
    /// <param name="access">The event.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<List<DeskTask>> OpenAsync(ClinicTx tx, IReadOnlyCollection<TaskRow> rows, DateOnly today, Access access, CancellationToken ct)
    {
        PatientId[] patients = [.. rows.Select(row => row.PatientId).OfType<PatientId>().Distinct()];
        var names = await PatientRegister.NamesOnRecordAsync(tx, patients, access, ct);
        var keys = patients.Length == 0 ? new Dictionary<PatientId, PatientKey>() : await tx.OpenPatientsAsync(patients, access, ct);
        return [.. rows.Select(row => row.Open(WordsOf(tx, row, keys), today) with
        {
            PatientName = row.PatientId is { } patient ? names.GetValueOrDefault(patient)?.Name ?? "Deleted patient" : null,
            Phone = row.PatientId is { } known ? names.GetValueOrDefault(known)?.Phone : null,
        })];
    }

    /// <summary>One task, or null.</summary>
    public static async Task<TaskRow?> FindAsync(ClinicTx tx, Guid id, CancellationToken ct) =>
        (await tx.QueryAsync<TaskRow>(SelectOne, new { id }, ct)).SingleOrDefault();

    private static string? WordsOf(ClinicTx tx, TaskRow row, IReadOnlyDictionary<PatientId, PatientKey> keys)
    {
        if (row.OwnWords is { } own) return tx.OpenForClinic<string>(own, TaskRow.OwnCellOf(row.Id));
        return row is { Words: { } words, PatientId: { } patient } && keys.TryGetValue(patient, out var key) ? key.Open<string>(words, TaskRow.CellOf(row.Id)) : null;
    }

    /// <summary>The row of a task as <see cref="TaskRow"/> takes it; each question adds its own condition.</summary>
    public const string SelectRows = """
        select task.id, task.kind, task.words, task.own_words, task.patient_id, task.appointment_id, task.assignee_id, staff.display_name as assignee_name, coalesce(not staff.is_active, false) as has_assignee_left,
            task.team, task.due_on,
            task.priority, task.repeat_every, task.repeat_unit, task.repeat_from, task.state, task.state_changed_at, task.is_by_program, task.version,
            appointment.visit_type_id, visit_type.name as visit_type, appointment.provider_id as visit_provider_id, provider.display_name as visit_provider,
            appointment.local_start as visit_start, appointment.status as visit_status
        from task
        left join staff on staff.id = task.assignee_id
        left join appointment on appointment.id = task.appointment_id
        left join visit_type on visit_type.id = appointment.visit_type_id
        left join staff as provider on provider.id = appointment.provider_id
        """;

    private const string SelectOne = SelectRows + """

        where task.id = @id
        """;
}
