using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>A summary that waits for its review.</summary>
/// <param name="DraftId">Null while an outside model drafts it in the background.</param>
public sealed record DraftedSummary(DraftId? DraftId, PatientId PatientId, int Version);

/// <summary>A summary that an outside model drafts, as its page tells it.</summary>
/// <param name="MayDraft">False where the clinic switched summaries off meanwhile.</param>
public sealed record SummaryDrafting(PatientLine Patient, OutsideDrafting Drafting, bool MayDraft)
{
    public static string PathOf(PatientId patient) => $"/patients/{patient}/summaries/drafting";
}

/// <summary>A summary of a patient's chart, drafted or signed.</summary>
/// <param name="Waiting">Statements nobody has decided on.</param>
/// <param name="NoteId">The note it became.</param>
public sealed record SummaryOfChart(DraftId Id, DraftState State, int Waiting, EntryId? NoteId, DateTimeOffset CreatedAt);

/// <summary>
/// Has a patient's chart summarized, at once by fixed rules or in the background by the outside model that the clinic chose; a person decides line by line, and what they sign is a note in the chart. A patient has one summary under review (index
/// <c>draft_one_summary_idx</c>). Refuses <c>scribe.no-such-patient</c>, <c>scribe.empty-chart</c>, <c>scribe.summary-open</c>, <c>scribe.summary-being-drafted</c>, <c>scribe.drafting-off</c>.
/// </summary>
internal sealed class DraftSummaryHandler(TenantDb db, DraftingBell bell)
{
    private const string Asked = "summary.asked", Listed = "draft.listed";

    public async Task<Outcome<DraftedSummary>> HandleAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var drafter = await Assistant.DrafterAsync(tx, AssistFeature.ChartSummary, ct);
        if (drafter == DraftsWith.Off) return Refusals.DraftingOff;
        if (drafter == DraftsWith.Outside) return await QueueAsync(tx, patient, ct);
        if (await DraftingShelf.IsSummaryLiveAsync(tx, patient, ct)) return Refusals.SummaryBeingDrafted;
        var drafted = await SummaryPen.WriteAsync(tx, patient, null, ct);
        if (drafted.IsOk) await tx.CommitAsync(ct);
        return drafted;
    }

    private async Task<Outcome<DraftedSummary>> QueueAsync(ClinicTx tx, PatientId patient, CancellationToken ct)
    {
        if (await tx.OpenPatientAsync(patient, new(Asked, "patient", patient.Value), ct) is null) return Refusals.NoSuchPatient;
        var queued = await DraftingShelf.QueueSummaryAsync(tx, patient, ct);
        if (!queued.IsOk) return queued.Refusal;
        await tx.CommitAsync(ct);
        bell.Ring(tx.Actor.Clinic);
        return new DraftedSummary(null, patient, 0);
    }

    /// <summary>The latest summary of the chart that was drafted in the background, with what it cost; null where none ever was. Refuses <c>scribe.no-such-patient</c>.</summary>
    public async Task<Outcome<SummaryDrafting>> ProgressAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        var access = new Access(ReadDraftingHandler.Read, "patient", patient.Value);
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.OpenPatientAsync(patient, access, ct) is null || !(await PatientRegister.NamesAsync(tx, [patient], access, ct)).TryGetValue(patient, out var person)) return Refusals.NoSuchPatient;
        var latest = await DraftingShelf.LatestSummaryAsync(tx, patient, ct);
        var mayDraft = await Assistant.DrafterAsync(tx, AssistFeature.ChartSummary, ct) != DraftsWith.Off;
        await tx.CommitAsync(ct);
        return latest is null ? Refusals.NoSuchDrafting : new SummaryDrafting(person, latest, mayDraft);
    }

    /// <summary>A patient's summaries, the latest first; those that were given up are not among them.</summary>
    public async Task<Outcome<IReadOnlyList<SummaryOfChart>>> ListAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.OpenPatientAsync(patient, new(Listed, "patient", patient.Value), ct) is null) return Refusals.NoSuchPatient;
        var rows = await tx.QueryAsync<Row>(SelectOfPatient, new { patient }, ct);
        await tx.CommitAsync(ct);
        return rows.ConvertAll(row => new SummaryOfChart(row.Id, Enum.Parse<DraftState>(row.State, ignoreCase: true), row.Waiting, row.NoteId, row.CreatedAt));
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/patients/{id}/summaries").WithTags("Notes");
        api.MapPost("", async (PatientId id, DraftSummaryHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, actor, ct)).ToHttp<DraftedSummary>(summary => summary.DraftId is { } draft ? TypedResults.Created($"/api/v1/drafts/{draft}", summary) : TypedResults.Accepted($"/api/v1/patients/{id}/summaries/drafting", summary)))
            .Requires(Permission.SignNotes).Audits(SummaryPen.Drafted, Asked).WithName("DraftSummary")
            .WithSummary("Drafts a summary of the patient's chart, every line with the entries it stands on; in the background where an outside model is on (202).").Produces<DraftedSummary>(201).Produces<DraftedSummary>(202);
        api.MapGet("", async (PatientId id, DraftSummaryHandler handler, Actor actor, CancellationToken ct) => (await handler.ListAsync(id, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SignNotes).Audits(Listed).WithName("ListSummaries").WithSummary("Summaries of the patient's chart that are under review or signed, the latest first.").Produces<SummaryOfChart[]>();
        routes.MapPost("/patients/{id}/summaries", async (PatientId id, Form<Nothing> form, DraftSummaryHandler handler, Actor actor, CancellationToken ct) =>
        {
            var drafted = await form.ThenAsync(_ => handler.HandleAsync(id, actor, ct));
            if (drafted.IsOk) return Page.SeeOther(drafted.Value.DraftId is { } draft ? $"/drafts/{draft}" : SummaryDrafting.PathOf(id));
            if (drafted.Refusal == Refusals.SummaryBeingDrafted) return Page.SeeOther(SummaryDrafting.PathOf(id));
            return drafted.Refusal.Facts.TryGetValue("draftId", out var open) ? Page.SeeOther($"/drafts/{open}") : Page.Refused(drafted.Refusal);   // the one under review
        }).Requires(Permission.SignNotes).Audits(SummaryPen.Drafted, Asked).ExcludeFromDescription();
        MapDrafting(routes, api);
    }

    private static void MapDrafting(IEndpointRouteBuilder routes, RouteGroupBuilder api)
    {
        api.MapGet("/drafting", async (PatientId id, DraftSummaryHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.ProgressAsync(id, actor, ct)).ToHttp(it => TypedResults.Ok(ReadDraftingHandler.DraftingAnswer.Of(it.Drafting))))
            .Requires(Permission.SignNotes).Audits(ReadDraftingHandler.Read).WithName("ReadSummaryDrafting").WithSummary("How far an outside model is with a summary of the chart, what went wrong and what it cost.")
            .Produces<ReadDraftingHandler.DraftingAnswer>();
        routes.MapGet("/patients/{id}/summaries/drafting", async (PatientId id, DraftSummaryHandler handler, Actor actor, CancellationToken ct) =>
        {
            var read = await handler.ProgressAsync(id, actor, ct);
            if (!read.IsOk) return Page.Refused(read.Refusal);
            return read.Value.Drafting is { StateNow: DraftingState.Done, DraftId: { } draft } ? Page.SeeOther($"/drafts/{draft}") : Page.Of<SummaryDraftingPage>(new { At = read.Value, Patient = id });
        }).Requires(Permission.SignNotes).Audits(ReadDraftingHandler.Read).ExcludeFromDescription();
        routes.MapGet("/patients/{id}/summaries/drafting/news", async (PatientId id, string? state, int? attempts, ReadDraftingHandler handler, Actor actor, CancellationToken ct) =>
                await handler.IsSummaryStillAsync(id, state ?? "", attempts ?? 0, actor, ct) ? Results.NoContent() : Page.SeeOther(SummaryDrafting.PathOf(id)))
            .Requires(Permission.SignNotes).Audits().RunsByItself().ExcludeFromDescription();
    }

    private sealed record Row
    {
        public DraftId Id { get; init; }
        public string State { get; init; } = "";
        public int Waiting { get; init; }
        public EntryId? NoteId { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
    }

    private const string SelectOfPatient = """
        select draft.id, draft.state, draft.note_id, draft.created_at, draft.statement_count - (select count(distinct decision.statement) from decision where decision.draft_id = draft.id
            and decision.kind in ('accepted', 'edited', 'rejected') and decision.statement <= draft.statement_count)::int as waiting
        from draft
        where draft.patient_id = @patient and draft.kind = 'summary' and draft.state <> 'discarded'
        order by draft.created_at desc, draft.id desc
        limit 200
        """;
}
