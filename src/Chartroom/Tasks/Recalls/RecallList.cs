using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Tasks;

/// <summary>A part of the list.</summary>
/// <param name="Next">Ask with this as <c>after</c> for the rest; absent at the end.</param>
public sealed record RecallPart(IReadOnlyList<Recall> Recalls, Guid? Next)
{
    [System.Text.Json.Serialization.JsonIgnore] public DateOnly Today { get; init; }
    [System.Text.Json.Serialization.JsonIgnore] public long Due { get; init; }
}

/// <summary>Reads recalls: those due by their day, closed ones latest first. One event names every patient shown.</summary>
internal sealed class RecallListHandler(TenantDb db)
{
    internal const string Listed = "recall.listed";
    private const int AtOnce = 100;

    public async Task<RecallPart> ListAsync(bool isClosed, Guid? after, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var rows = await tx.QueryAsync<RecallRow>(isClosed ? SelectClosed : SelectDue, new { after, most = AtOnce + 1 }, ct);
        var due = (await tx.QueryAsync<long>("select count(*) from recall join patient on patient.id = recall.patient_id and patient.is_here where recall.state = 'due'", null, ct)).Single();
        var shown = rows.Take(AtOnce).ToList();
        var recalls = await OpenAsync(tx, shown, new(Listed, "recall"), ct);
        var today = await TaskReads.TodayAsync(tx, ct);
        tx.Audit(new(Listed, "recall"));
        await tx.CommitAsync(ct);
        return new(recalls, rows.Count > AtOnce ? shown[^1].Id : null) { Today = today, Due = due };
    }

    /// <summary>A patient's recalls that are due; at most 20.</summary>
    public async Task<IReadOnlyList<Recall>> OfAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var recalls = await OpenAsync(tx, await tx.QueryAsync<RecallRow>(SelectOfPatient, new { patient }, ct), new(Listed, "recall"), ct);
        tx.Audit(new(Listed, "recall"), patient);
        await tx.CommitAsync(ct);
        return recalls;
    }

    /// <summary>The rows in clear.</summary>
    internal static async Task<List<Recall>> OpenAsync(ClinicTx tx, IReadOnlyCollection<RecallRow> rows, Access access, CancellationToken ct)
    {
        PatientId[] patients = [.. rows.Select(row => row.PatientId).Distinct()];
        var names = await PatientRegister.NamesAsync(tx, patients, access, ct);
        var keys = patients.Length == 0 ? new Dictionary<PatientId, PatientKey>() : await tx.OpenPatientsAsync(patients, access, ct);
        return [.. rows.Select(row => row.Open(keys.GetValueOrDefault(row.PatientId)) with
        {
            PatientName = names.GetValueOrDefault(row.PatientId)?.Name ?? "Deleted patient", Phone = names.GetValueOrDefault(row.PatientId)?.Phone,
        })];
    }

    private const string SelectDue = """
        select recall.id, recall.patient_id, recall.visit_type_id, visit_type.name as visit_type, recall.provider_id, staff.display_name as provider_name, recall.due_on, recall.is_month,
            recall.reason, recall.state, (select count(*)::int from recall_attempt where recall_attempt.recall_id = recall.id) as attempts,
            (select max(made_at) from recall_attempt where recall_attempt.recall_id = recall.id) as last_attempt_at, recall.version
        from recall
        join visit_type on visit_type.id = recall.visit_type_id
        join patient on patient.id = recall.patient_id and patient.is_here
        left join staff on staff.id = recall.provider_id
        where recall.state = 'due' and (@after::uuid is null or (recall.due_on, recall.id) > (select due_on, id from recall where id = @after))
        order by recall.due_on, recall.id
        limit @most
        """;

    private const string SelectClosed = """
        select recall.id, recall.patient_id, recall.visit_type_id, visit_type.name as visit_type, recall.provider_id, staff.display_name as provider_name, recall.due_on, recall.is_month,
            recall.reason, recall.state, (select count(*)::int from recall_attempt where recall_attempt.recall_id = recall.id) as attempts,
            (select max(made_at) from recall_attempt where recall_attempt.recall_id = recall.id) as last_attempt_at, recall.version
        from recall
        join visit_type on visit_type.id = recall.visit_type_id
        join patient on patient.id = recall.patient_id and patient.is_here
        left join staff on staff.id = recall.provider_id
        where recall.state <> 'due' and (@after::uuid is null or (recall.state_changed_at, recall.id) < (select state_changed_at, id from recall where id = @after))
        order by recall.state_changed_at desc, recall.id desc
        limit @most
        """;

    private const string SelectOfPatient = """
        select recall.id, recall.patient_id, recall.visit_type_id, visit_type.name as visit_type, recall.provider_id, staff.display_name as provider_name, recall.due_on, recall.is_month,
            recall.reason, recall.state, (select count(*)::int from recall_attempt where recall_attempt.recall_id = recall.id) as attempts,
            (select max(made_at) from recall_attempt where recall_attempt.recall_id = recall.id) as last_attempt_at, recall.version
        from recall
        join visit_type on visit_type.id = recall.visit_type_id
        left join staff on staff.id = recall.provider_id
        where recall.state = 'due' and recall.patient_id = @patient
        order by recall.due_on, recall.id
        limit 20
        """;
}
