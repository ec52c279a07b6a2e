using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Npgsql;

namespace Chartroom.Scribe;

/// <summary>
/// Brings a discarded draft back as it was, with everything decided on it; the word that does is kept beside the one that discarded it. Refuses <c>scribe.no-such-draft</c>, also of a patient who was put
/// away; <c>scribe.not-discarded</c>; and where something else has taken its place, what that is: <c>scribe.draft-open</c>, <c>scribe.already-signed</c>, <c>scribe.being-written</c>,
/// <c>scribe.being-drafted</c>, <c>scribe.orders-replaced</c>, <c>scribe.summary-open</c>, <c>scribe.summary-being-drafted</c>.
/// </summary>
internal sealed class RestoreDraftHandler(TenantDb db)
{
    public async Task<Outcome<DraftRow>> HandleAsync(DraftId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (!await DraftShelf.LockAsync(tx, id, ct)) return Refusals.NoSuchDraft;
        var opened = await DraftShelf.OpenAsync(tx, id, new("draft.restored", "draft", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var draft = opened.Value;
        if (!await PatientRegister.HoldAsync(tx, draft.Row.PatientId, ct)) return Refusals.NoSuchDraft;
        if (draft.Row.StateNow != DraftState.Discarded) return Refusals.NotDiscarded;
        if (await TakenAsync(tx, draft.Row, ct) is { } refusal) return refusal;
        DecisionBook.Add(tx, draft, ClosingBook.Next(draft, new(0, 0, DecisionKind.Restored)));
        try
        {
            await tx.ExecuteAsync(Reopen, new { id }, ct);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)   // draft_one_live_idx or draft_one_summary_idx: somebody brought another one back, or drafted it, at the same moment
        {
            return draft.Row.Becomes == DraftKind.Summary ? Refusals.SummaryOpen : draft.Row.Becomes == DraftKind.Orders ? Refusals.OrdersReplaced : Refusals.DraftOpen;
        }
        await tx.CommitAsync(ct);
        return draft.Row;
    }

    /// <summary>What stands in its place by now, or null.</summary>
    private static async Task<Refusal?> TakenAsync(ClinicTx tx, DraftRow row, CancellationToken ct)
    {
        if (row is { Becomes: DraftKind.Note, AppointmentId: { } visit }) return await DraftingShelf.JudgeNewAsync(tx, visit, ct);
        if (row.Becomes == DraftKind.Summary && await DraftingShelf.IsSummaryLiveAsync(tx, row.PatientId, ct)) return Refusals.SummaryBeingDrafted;
        if (!await tx.QueryOneOrNoneAsync<bool>(HasOther, new { row.PatientId, row.AppointmentId, row.Kind }, ct)) return null;
        return row.Becomes == DraftKind.Orders ? Refusals.OrdersReplaced : Refusals.SummaryOpen;
    }

    // Orders that were placed have taken their place for good; a summary may be made anew once the last is signed.
    private const string HasOther = """
        select exists (
            select from draft
            where patient_id = @patientId and appointment_id is not distinct from @appointmentId and kind = @kind
                and (state = 'open' or state = 'signed' and kind = 'orders'))
        """;

    private const string Reopen = """
        update draft
        set state = 'open', version = version + 1, closing_id = null, closed_at = null
        where id = @id
        """;
}
