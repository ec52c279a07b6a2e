using Chartroom.Platform.Tenancy;

namespace Chartroom.Charts;

/// <summary>A result that waits for a provider. Without its words: those are sealed under each patient's key, and its page shows them.</summary>
/// <param name="IsCorrected">True for a version after the first, and so after one that was perhaps seen.</param>
public sealed record WaitingResult(EntryId Id, PatientId PatientId, bool IsAbnormal, DateTimeOffset Since, bool IsCorrected);

/// <summary>Asks for waiting results.</summary>
/// <param name="Of">Of the patients of this provider, and of patients who have none; null: of everybody.</param>
/// <param name="After">The last one of the page before; null for the first page.</param>
/// <param name="Most">So many and no more.</param>
public sealed record WaitingQuestion(StaffId? Of, EntryId? After, int Most);

/// <summary>Results nobody has seen, inside the caller's clinic transaction, which has audited why it asks. Those of charts that are shut to the asker are not among them.</summary>
public static class WaitingResults
{
    /// <summary>Abnormal ones first, then the oldest.</summary>
    public static async Task<IReadOnlyList<WaitingResult>> ListAsync(ClinicTx tx, WaitingQuestion ask, CancellationToken ct) =>
        (await tx.QueryAsync<Row>(Select, new { ask.Of, ask.After, ask.Most }, ct)).ConvertAll(row => new WaitingResult(row.Id, row.PatientId, row.ToSee == "abnormal", row.RecordedAt, row.Version > 1));

    private sealed record Row(EntryId Id, PatientId PatientId, string ToSee, DateTimeOffset RecordedAt, int Version);

    // A provider's patients are those who ever had a visit with them that was not cancelled. Who had none with anybody is everybody's, so that nothing waits unseen.
    private const string Select = """
        select entry.id, entry.patient_id, entry.to_see, entry.recorded_at, entry.version
        from entry
        join patient on patient.id = entry.patient_id and patient.is_here
        where entry.to_see is not null and entry.seen_version is distinct from entry.version and entry.deleted_at is null and entry.state <> 'entered_in_error'
            and (@of::uuid is null
                or exists (select from visit_order where visit_order.patient_id = entry.patient_id and visit_order.id = entry.order_id and visit_order.placed_by = @of)
                or exists (select from appointment where appointment.patient_id = entry.patient_id and appointment.provider_id = @of and appointment.status <> 'cancelled')
                or not exists (select from appointment where appointment.patient_id = entry.patient_id and appointment.status <> 'cancelled'))
            and (@after::uuid is null or (entry.to_see, entry.recorded_at, entry.id) > (select last.to_see, last.recorded_at, last.id from entry as last where last.id = @after))
        order by entry.to_see, entry.recorded_at, entry.id
        limit @most
        """;
}
