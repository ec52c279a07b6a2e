using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Scribe.Seeding;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>A summary that waits for its review.</summary>
public sealed record DraftedSummary(DraftId DraftId, PatientId PatientId, int Version);

/// <summary>A summary of a patient's chart, drafted or signed.</summary>
/// <param name="Waiting">Statements nobody has decided on.</param>
/// <param name="NoteId">The note it became.</param>
public sealed record SummaryOfChart(DraftId Id, DraftState State, int Waiting, EntryId? NoteId, DateTimeOffset CreatedAt);

/// <summary>
/// Has a patient's chart summarized by fixed rules; a person decides line by line, and what they sign is a note in the chart. A patient has one summary under review (index
/// <c>draft_one_summary_idx</c>). Refuses <c>scribe.no-such-patient</c>, <c>scribe.empty-chart</c>, <c>scribe.summary-open</c>.
/// </summary>
internal sealed class DraftSummaryHandler(TenantDb db)
{
    private const string Drafted = "summary.drafted", Listed = "draft.listed";

    public async Task<Outcome<DraftedSummary>> HandleAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        var id = DraftId.New();
        var access = new Access(Drafted, "draft", id.Value);
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await PatientRegister.ReadAsync(tx, patient, access, ct) is not { } person || await tx.OpenPatientAsync(patient, access, ct) is not { } key) return Refusals.NoSuchPatient;
        if (SummaryDrafter.Write(await ChartMaterial.ReadAsync(tx, key, ct)) is not { } drafted) return Refusals.EmptyChart;
        var facts = await PatientFacts.ReadAsync(tx, key, person.Line, ct);
        var content = new DraftContent(drafted.Draft, SummaryVerdict.Of(drafted.Source.Text, drafted.Draft, facts), facts) { Source = drafted.Source };
        var planted = await SeedShelf.OneInAsync(tx, ct) is { } oneIn ? Seeder.Plant(id, oneIn, drafted.Source.Text, content) : null;
        if (planted is not null) content = content with { Draft = planted.Draft, Verification = planted.Verification };
        if (!await DraftPen.PutAsync(tx, key, new(id, DraftKind.Summary, null, null, content), ct))
            return await OpenOfAsync(tx, patient, ct) is { } open ? Refusals.SummaryOpen.With("draftId", open.Value) : Refusals.SummaryOpen;
        if (planted is not null) SeedShelf.Add(tx, key, id, planted);
        await tx.CommitAsync(ct);
        return new DraftedSummary(id, patient, 1);
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

    private static Task<DraftId?> OpenOfAsync(ClinicTx tx, PatientId patient, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<DraftId?>("select id from draft where patient_id = @patient and kind = 'summary' and state = 'open'", new { patient }, ct);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/patients/{id}/summaries").WithTags("Notes");
        api.MapPost("", async (PatientId id, DraftSummaryHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, actor, ct)).ToHttp(summary => TypedResults.Created($"/api/v1/drafts/{summary.DraftId}", summary)))
            .Requires(Permission.SignNotes).Audits(Drafted).WithName("DraftSummary").WithSummary("Drafts a summary of the patient's chart, every line with the entries it stands on.").Produces<DraftedSummary>(201);
        api.MapGet("", async (PatientId id, DraftSummaryHandler handler, Actor actor, CancellationToken ct) => (await handler.ListAsync(id, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SignNotes).Audits(Listed).WithName("ListSummaries").WithSummary("Summaries of the patient's chart that are under review or signed, the latest first.").Produces<SummaryOfChart[]>();
        routes.MapPost("/patients/{id}/summaries", async (PatientId id, Form<Nothing> form, DraftSummaryHandler handler, Actor actor, CancellationToken ct) =>
        {
            var drafted = await form.ThenAsync(_ => handler.HandleAsync(id, actor, ct));
            if (drafted.IsOk) return Page.SeeOther($"/drafts/{drafted.Value.DraftId}");
            return drafted.Refusal.Facts.TryGetValue("draftId", out var open) ? Page.SeeOther($"/drafts/{open}") : Page.Refused(drafted.Refusal);   // the one under review
        }).Requires(Permission.SignNotes).Audits(Drafted).ExcludeFromDescription();
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
