using Chartroom.Platform.Web;
using Chartroom.Scribe.Orders;

namespace Chartroom.Scribe;

/// <summary>The visit note for programs. Signing and amending name the version they were made from by If-Match; a decision names the decisions it saw.</summary>
internal static class ScribeApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Notes");
        api.MapPost("/visits/{id}/transcripts", AddAsync).Requires(Permission.SignNotes).Audits("transcript.added", "note.drafted", "draft.discarded")
            .WithName("AddTranscript").WithSummary("Brings in a visit's transcript and drafts the note from it; in the background where an outside model is on (202).").Produces<DraftedNote>(201).Produces<DraftedNote>(202);
        api.MapPost("/transcripts/{id}/drafts", AgainAsync).Requires(Permission.SignNotes).Audits("transcript.read", "note.drafted", "draft.discarded")
            .WithName("DraftAgain").WithSummary("Drafts again from a transcript whose draft was discarded, or in place of the one under review; in the form that is named, else in that of the visit's kind.").Produces<DraftedNote>(201).Produces<DraftedNote>(202);
        api.MapGet("/visits/{id}/drafts", BesideAsync).Requires(Permission.SignNotes).Audits("draft.listed").WithName("ListDraftsOfVisit")
            .WithSummary("The visit's drafts that were not discarded, of each kind one at most: note, orders, summary.").Produces<DraftBesideAnswer[]>();
        api.MapPost("/drafts/{id}/placement", PlaceAsync).Requires(Permission.SignNotes).Audits("orders.placed", "order.placed", "allergy_warning.overridden")
            .WithName("PlaceProposedOrders").WithSummary("Places the accepted orders of a fully decided draft.").Produces<PlacedOrders>(201);
        api.MapGet("/drafts/{id}", ReadAsync).Requires(Permission.SignNotes).Audits("draft.read").WithName("ReadDraft").Produces<DraftAnswer>();
        api.MapPost("/drafts/{id}/decisions", DecideAsync).Requires(Permission.SignNotes).Audits(DecisionEvents)
            .WithName("DecideStatement").WithSummary("Opens, accepts, edits or rejects a statement; adds or dismisses what the draft left out.").Produces<DraftAnswer>();
        api.MapPost("/drafts/{id}/acceptances", AcceptAsync).Requires(Permission.SignNotes).Audits("statement.accepted")
            .WithName("AcceptSupported").WithSummary("Accepts several supported statements at once; refused whole when one is flagged or inferred.").Produces<DraftAnswer>();
        api.MapPost("/drafts/{id}/signature", SignAsync).Requires(Permission.SignNotes).Audits("note.signed")
            .WithName("SignNote").WithSummary("Makes a fully decided draft the visit's note in the chart.").Produces<SignedNote>(201);
        api.MapPost("/drafts/{id}/discard", DiscardAsync).Requires(Permission.SignNotes).Audits("draft.discarded").WithName("DiscardDraft").Produces(204);
        api.MapPost("/drafts/{id}/restore", RestoreAsync).Requires(Permission.SignNotes).Audits("draft.restored").WithName("RestoreDraft").WithSummary("Brings a discarded draft back, unless something has taken its place.").Produces(204);
        api.MapGet("/notes/{id}", NoteAsync).Requires(Permission.SeeCharts).Audits("note.read").WithName("ReadNote").Produces<NoteAnswer>();
        api.MapGet("/notes/{id}/versions", VersionsAsync).Requires(Permission.SeeCharts).Audits("note.read").WithName("ReadNoteVersions").Produces<NoteVersionAnswer[]>();
        api.MapGet("/notes/{id}/draft", OriginAsync).Requires(Permission.SeeCharts).Audits("note.read", "draft.read")
            .WithName("ReadNoteDraft").WithSummary("What a note was made from: the draft with sources, confidence and every decision.").Produces<DraftAnswer>();
        api.MapPost("/notes/{id}/amendments", AmendAsync).Requires(Permission.SignNotes).Audits("note.amended").WithName("AmendNote").Produces<SignedNote>();
    }

    /// <summary>What a decision may be written down as.</summary>
    internal static readonly string[] DecisionEvents = [.. Enum.GetValues<DecisionKind>().Where(kind => kind is not (DecisionKind.Signed or DecisionKind.Discarded or DecisionKind.Restored or DecisionKind.Caught or DecisionKind.Missed))
        .Select(kind => $"statement.{kind.ToString().ToLowerInvariant()}")];

    private static async Task<IResult> AddAsync(AppointmentId id, AddTranscript ask, AddTranscriptHandler handler, Actor actor, CancellationToken ct) =>
        Drafted(await handler.HandleAsync(id, ask, actor, ct));

    private static async Task<IResult> AgainAsync(TranscriptId id, DraftAgain? ask, DraftAgainHandler handler, Actor actor, CancellationToken ct) =>
        Drafted(await handler.HandleAsync(id, ask ?? new(), actor, ct));

    internal static IResult Drafted(Outcome<DraftedNote> drafted) => drafted.ToHttp<DraftedNote>(note => note.DraftId is { } draft
        ? TypedResults.Created($"/api/v1/drafts/{draft}", note) : TypedResults.Accepted($"/api/v1/visits/{note.VisitId}/drafting", note));

    private static async Task<IResult> BesideAsync(AppointmentId id, ReadReviewHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.BesideAsync(id, actor, ct)).ToHttp(beside => TypedResults.Ok(beside.Select(it => new DraftBesideAnswer(it.Id, it.Becomes, Enum.Parse<DraftState>(it.State, ignoreCase: true), it.Waiting))));

    private static async Task<IResult> PlaceAsync(DraftId id, PlaceOrdersHandler handler, Actor actor, HttpContext context)
    {
        var version = Versions.IfMatch(context);
        if (!version.IsOk) return version.Refusal.ToHttp();
        return (await handler.HandleAsync(id, version.Value, actor, context.RequestAborted)).ToHttp(placed => TypedResults.Created($"/api/v1/visits/{placed.VisitId}/orders", placed));
    }

    private static async Task<IResult> ReadAsync(DraftId id, ReadReviewHandler handler, Actor actor, HttpContext context, CancellationToken ct) =>
        Draft(await handler.DraftAsync(id, actor, ct), context);

    private static async Task<IResult> DecideAsync(DraftId id, Decide ask, DecideHandler handler, Actor actor, HttpContext context, CancellationToken ct) =>
        Draft(await handler.HandleAsync(id, ask, actor, ct), context);

    private static async Task<IResult> AcceptAsync(DraftId id, AcceptSupported ask, AcceptSupportedHandler handler, Actor actor, HttpContext context, CancellationToken ct) =>
        Draft(await handler.HandleAsync(id, ask, actor, ct), context);

    private static IResult Draft(Outcome<OpenedDraft> opened, HttpContext context)
    {
        if (opened.IsOk) Versions.SetETag(context, opened.Value.Row.Version);
        return opened.ToHttp(draft => TypedResults.Ok(DraftAnswer.Of(draft)));
    }

    private static async Task<IResult> SignAsync(DraftId id, SignNoteHandler handler, Actor actor, HttpContext context)
    {
        var version = Versions.IfMatch(context);
        if (!version.IsOk) return version.Refusal.ToHttp();
        return (await handler.HandleAsync(id, version.Value, actor, context.RequestAborted)).ToHttp(note => TypedResults.Created($"/api/v1/notes/{note.NoteId}", note));
    }

    private static async Task<IResult> DiscardAsync(DraftId id, DiscardDraft ask, DiscardDraftHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.HandleAsync(id, ask, actor, ct)).ToHttp(_ => TypedResults.NoContent());

    private static async Task<IResult> RestoreAsync(DraftId id, RestoreDraftHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.HandleAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent());

    private static async Task<IResult> NoteAsync(EntryId id, ReadNoteHandler handler, Actor actor, HttpContext context, CancellationToken ct)
    {
        var read = await handler.HandleAsync(id, actor, ct);
        if (read.IsOk) Versions.SetETag(context, read.Value.Version);
        return read.ToHttp(story => TypedResults.Ok(NoteAnswer.Of(story)));
    }

    private static async Task<IResult> VersionsAsync(EntryId id, ReadNoteHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.HandleAsync(id, actor, ct)).ToHttp(story => TypedResults.Ok(story.Versions.Select(NoteVersionAnswer.Of)));

    private static async Task<IResult> OriginAsync(EntryId id, ReadNoteHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.OriginAsync(id, actor, ct)).ToHttp(origin => TypedResults.Ok(DraftAnswer.Of(origin.Draft)));

    private static async Task<IResult> AmendAsync(EntryId id, AmendNote ask, AmendNoteHandler handler, Actor actor, HttpContext context)
    {
        var version = Versions.IfMatch(context);
        if (!version.IsOk) return version.Refusal.ToHttp();
        return (await handler.HandleAsync(id, version.Value, ask, actor, context.RequestAborted)).ToHttp(TypedResults.Ok);
    }
}
