using Chartroom.Charts;
using Chartroom.Orders;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>How far the note of a visit has come.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(SnakeCaseNames<NoteStage>))]
public enum NoteStage { NothingYet, BeingDrafted, InReview, BeingWritten }

/// <summary>A visit that took place and whose note nobody has signed.</summary>
/// <param name="Patient">Null for one who was deleted.</param>
/// <param name="Days">Whole days since it ended.</param>
/// <param name="Statements">Of its open draft; 0 without one.</param>
/// <param name="Decided">Of them, decided.</param>
public sealed record NoteToSign(AppointmentId VisitId, PatientId PatientId, string? Patient, string VisitType, DateTime LocalStart, int Days, NoteStage Stage, long Statements, long Decided);

/// <summary>All of a provider's, the oldest first.</summary>
/// <param name="IsCut">True when there are more: the oldest come first, so none is forgotten.</param>
public sealed record NotesToSign(IReadOnlyList<NoteToSign> Notes, bool IsCut)
{
    /// <summary>Notes that wait for one's second signature, and one's own that came back.</summary>
    public IReadOnlyList<NoteToCosign> Cosigning { get; init; } = [];

    /// <summary>Proposals of orders and summaries of charts that one had drafted and has not decided on, the oldest first.</summary>
    public IReadOnlyList<OpenDraft> Drafts { get; init; } = [];

    /// <summary>Drafts of one's own that were discarded in the last 30 days and can be brought back, the latest first.</summary>
    public IReadOnlyList<OpenDraft> Discarded { get; init; } = [];

    /// <summary>Recordings of one's own that are not finished or could not be transcribed, those that end first first.</summary>
    public IReadOnlyList<OpenRecording> Recordings { get; init; } = [];

    /// <summary>Recordings of one's own whose audio was destroyed before it became words, until one has said that one has seen it.</summary>
    public IReadOnlyList<LostRecording> Lost { get; init; } = [];

    /// <summary>Orders that are open for longer than their outcome usually takes, the oldest first.</summary>
    public IReadOnlyList<LateOrder> Orders { get; init; } = [];

    /// <summary>The last of them where there are more: what the next page comes after.</summary>
    public OrderId? MoreAfter { get; init; }

    /// <summary>Results nobody has seen: abnormal ones first, then the oldest.</summary>
    public IReadOnlyList<UnseenResult> Results { get; init; } = [];

    /// <summary>The last result where there are more: what the next page comes after.</summary>
    public EntryId? MoreResultsAfter { get; init; }

    /// <summary>True for the orders and results of all clinicians, not only one's own.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>True where nothing waits for the one who asked.</summary>
    public bool IsNothing => Notes.Count + Cosigning.Count + Drafts.Count + Orders.Count + Results.Count + Recordings.Count + Lost.Count == 0;
}

/// <summary>A draft that is neither signed nor given up, or one that was given up.</summary>
/// <param name="Days">Whole days since it was made or given up.</param>
/// <param name="Waiting">Statements nobody has decided on.</param>
public sealed record OpenDraft(DraftId Id, DraftKind Kind, PatientId PatientId, string? Patient, int Days, int Waiting);

/// <summary>An order without an outcome.</summary>
/// <param name="Days">Whole days since it was placed.</param>
public sealed record LateOrder(OrderId Id, AppointmentId VisitId, PatientId PatientId, string? Patient, OrderKind Kind, string PlacedBy, int Days);

/// <summary>A result that waits until a provider has seen it.</summary>
/// <param name="Days">Whole days since it came or was corrected.</param>
public sealed record UnseenResult(EntryId Id, PatientId PatientId, string? Patient, bool IsAbnormal, bool IsCorrected, int Days);

/// <summary>Whose orders and results are asked for, and from where on.</summary>
/// <param name="Whose"><c>all</c> for those of every clinician; else one's own.</param>
/// <param name="After">The last order of the page before.</param>
/// <param name="ResultsAfter">The last result of the page before.</param>
public sealed record LoopsAsk(string? Whose, string? After, string? ResultsAfter)
{
    internal bool IsOfAll => Whose == "all";

    internal EntryId? ResultsFrom => EntryId.TryParse(ResultsAfter, out var id) ? id : null;

    internal OrderId? From => OrderId.TryParse(After, out var id) ? id : null;
}

/// <summary>What is still open for a clinician: visits of the last 90 days without a signed note, second signatures, drafts that wait, recordings that are not finished or were lost, results nobody has seen, orders without an outcome. Visits of charts that are shut to the provider are not among them.</summary>
internal sealed class NotesToSignHandler(TenantDb db)
{
    public const int Days = 90, DiscardedDays = 30;
    private const int MostVisits = 2000, Most = 50, OrdersAPage = 50;
    private const string Read = "notes.to-sign-listed";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/notes/waiting", async ([AsParameters] LoopsAsk ask, NotesToSignHandler handler, Actor actor, CancellationToken ct) => Page.Of<NotesToSignPage>(new { List = await handler.HandleAsync(ask, actor, ct) }))
            .Requires(Permission.SignNotes).Audits(Read).ExcludeFromDescription();
        routes.MapGet("/api/v1/notes/waiting", async ([AsParameters] LoopsAsk ask, NotesToSignHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok(await handler.HandleAsync(ask, actor, ct)))
            .Requires(Permission.SignNotes).Audits(Read).WithTags("Notes").WithName("ListNotesToSign").WithSummary("What is still open for the provider: visits of the last 90 days without a signed note (50 at most), second signatures, undecided drafts, recordings of one's own that are not finished or were destroyed before they became words, drafts of one's own that were discarded in the last 30 days and can be brought back, results nobody has seen (abnormal ones first) and orders without an outcome, 50 a page, the oldest first.");
    }

    public async Task<NotesToSign> HandleAsync(LoopsAsk ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var visits = await Visits.AttendedAsync(tx, actor.Staff, tx.Now.AddDays(-Days), MostVisits, ct);
        var rows = (await tx.QueryAsync<Row>(SelectStages, new { visits = visits.Select(it => it.Id.Value).ToArray() }, ct)).ToDictionary(it => it.VisitId);
        var waiting = visits.Where(it => rows.ContainsKey(it.Id)).Take(Most + 1).ToList();
        var cosigning = await CosignBook.ListAsync(tx, ct);
        var drafts = await tx.QueryAsync<DraftRow>(SelectDrafts, new { tx.Actor.Staff }, ct);
        var discarded = await tx.QueryAsync<DraftRow>(SelectDiscarded, new { tx.Actor.Staff, since = tx.Now.AddDays(-DiscardedDays) }, ct);
        var (recordings, lost) = (await OpenRecordings.OpenAsync(tx, ct), await OpenRecordings.LostAsync(tx, ct));
        var orders = await OverdueOrders.ListAsync(tx, new(ask.IsOfAll ? null : actor.Staff, ask.From, OrdersAPage + 1), ct);
        var results = await WaitingResults.ListAsync(tx, new(ask.IsOfAll ? null : actor.Staff, ask.ResultsFrom, OrdersAPage + 1), ct);
        PatientId[] whose = [.. waiting.Take(Most).Select(it => it.PatientId).Concat(cosigning.Select(it => it.PatientId)).Concat(drafts.Select(it => it.PatientId)).Concat(discarded.Select(it => it.PatientId)).Concat(recordings.Concat(lost).Select(it => it.PatientId)).Concat(orders.Take(OrdersAPage).Select(it => it.PatientId)).Concat(results.Take(OrdersAPage).Select(it => it.PatientId)).Distinct()];
        var patients = await PatientRegister.NamesAsync(tx, whose, new(Read, "appointment"), ct);
        if (whose.Length == 0) tx.Audit(new(Read, "appointment"));
        await tx.CommitAsync(ct);
        return new([.. waiting.Take(Most).Select(it => Of(it, rows[it.Id]))], waiting.Count > Most)
        {
            Cosigning = [.. cosigning.Select(it => it with { Patient = NameOf(it.PatientId) })], IsOfAll = ask.IsOfAll,
            Recordings = [.. recordings.Select(it => it.AsOpen(NameOf(it.PatientId)))], Lost = [.. lost.Select(it => it.AsLost(NameOf(it.PatientId)))],
            Drafts = [.. drafts.Select(Draft)], Discarded = [.. discarded.Select(Draft)],
            Orders = [.. orders.Take(OrdersAPage).Select(it => new LateOrder(it.Id, it.VisitId, it.PatientId, NameOf(it.PatientId), it.Kind, it.PlacedBy, DaysSince(it.PlacedAt)))],
            Results = [.. results.Take(OrdersAPage).Select(it => new UnseenResult(it.Id, it.PatientId, NameOf(it.PatientId), it.IsAbnormal, it.IsCorrected, DaysSince(it.Since)))],
            MoreResultsAfter = results.Count > OrdersAPage ? results[OrdersAPage - 1].Id : null,
            MoreAfter = orders.Count > OrdersAPage ? orders[OrdersAPage - 1].Id : null,
        };

        string? NameOf(PatientId id) => patients.GetValueOrDefault(id)?.Name;
        OpenDraft Draft(DraftRow it) => new(it.Id, Enum.Parse<DraftKind>(it.Kind, ignoreCase: true), it.PatientId, NameOf(it.PatientId), DaysSince(it.ClosedAt ?? it.CreatedAt), it.Waiting);
        int DaysSince(DateTimeOffset at) => Math.Max(0, (int)(tx.Now - at).TotalDays);

        NoteToSign Of(VisitFacts visit, Row row) => new(visit.Id, visit.PatientId, patients.GetValueOrDefault(visit.PatientId)?.Name, visit.VisitType, visit.LocalStart,
            DaysSince(visit.EndsAt), row.Statements > 0 ? NoteStage.InReview : row.IsBeingDrafted ? NoteStage.BeingDrafted : row.IsBeingWritten ? NoteStage.BeingWritten : NoteStage.NothingYet, row.Statements, row.Decided);
    }

    private sealed record Row
    {
        public AppointmentId VisitId { get; init; }
        public bool IsBeingDrafted { get; init; }
        public bool IsBeingWritten { get; init; }
        public long Statements { get; init; }
        public long Decided { get; init; }
    }

    private sealed record DraftRow
    {
        public DraftId Id { get; init; }
        public string Kind { get; init; } = "";
        public PatientId PatientId { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? ClosedAt { get; init; }
        public int Waiting { get; init; }
    }

    private const string SelectDrafts = """
        select draft.id, draft.kind, draft.patient_id, draft.created_at, draft.statement_count - (select count(distinct decision.statement) from decision where decision.draft_id = draft.id
            and decision.kind in ('accepted', 'edited', 'rejected') and decision.statement <= draft.statement_count)::int as waiting
        from draft
        where draft.created_by = @staff and draft.state = 'open' and draft.kind <> 'note'
        order by draft.created_at, draft.id
        limit 200
        """;

    // Only what nothing has taken the place of: of a visit one note and one list of orders, of a chart one summary under review.
    private const string SelectDiscarded = """
        select draft.id, draft.kind, draft.patient_id, draft.created_at, draft.closed_at, draft.statement_count - (select count(distinct decision.statement) from decision where decision.draft_id = draft.id
            and decision.kind in ('accepted', 'edited', 'rejected') and decision.statement <= draft.statement_count)::int as waiting
        from draft
        where draft.created_by = @staff and draft.state = 'discarded' and draft.closed_at > @since
            and exists (select from patient where patient.id = draft.patient_id and patient.is_here)
            and not exists (select from draft as other where other.patient_id = draft.patient_id and other.appointment_id is not distinct from draft.appointment_id and other.kind = draft.kind
                and (other.state = 'open' or other.state = 'signed' and other.kind <> 'summary'))
            and not exists (select from drafting where drafting.patient_id = draft.patient_id and drafting.appointment_id is not distinct from draft.appointment_id and drafting.state in ('queued', 'drafting')
                and draft.kind <> 'orders')
            and (draft.kind <> 'note' or not exists (select from visit_note where visit_note.appointment_id = draft.appointment_id)
                and not exists (select from written_note where written_note.appointment_id = draft.appointment_id and written_note.state = 'open'))
        order by draft.closed_at desc, draft.id desc
        limit 50
        """;

    private const string SelectStages = """
        select appointment.id as visit_id,
            exists (select from drafting where drafting.appointment_id = appointment.id and drafting.state in ('queued', 'drafting')) as is_being_drafted,
            exists (select from written_note where written_note.appointment_id = appointment.id and written_note.state = 'open') as is_being_written,
            coalesce(open_draft.statement_count, 0)::bigint as statements,
            (select count(distinct decision.statement) from decision where decision.draft_id = open_draft.id and decision.kind in ('accepted', 'edited', 'rejected')
                and decision.statement <= open_draft.statement_count) as decided
        from appointment
        left join draft as open_draft on open_draft.appointment_id = appointment.id and open_draft.kind = 'note' and open_draft.state = 'open'
        where appointment.id = any(@visits) and appointment.patient_id <> all ((select shut_charts())::uuid[])
            and not exists (select from visit_note where visit_note.appointment_id = appointment.id)
            and exists (select from patient where patient.id = appointment.patient_id and patient.is_here)
        """;
}
