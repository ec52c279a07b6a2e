using Chartroom.Platform.Web;
using Chartroom.Scribe.Orders;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>The visit note for people. A form that did something leads to the page it changed; a decision taken with script swaps its statement only.</summary>
internal static class ScribePages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        ReadDraftingHandler.Map(routes);
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/visits/{id}/review", ShowAsync).Requires(Permission.SignNotes).Audits("review.opened", "draft.read");
        pages.MapGet("/drafts/{id}", DraftAsync).Requires(Permission.SignNotes).Audits("draft.read");
        pages.MapPost("/drafts/{id}/placement", PlaceAsync).Requires(Permission.SignNotes).Audits("orders.placed", "order.placed", "allergy_warning.overridden");
        pages.MapPost("/visits/{id}/transcripts", AddAsync).Requires(Permission.SignNotes).Audits("transcript.added", "note.drafted", "review.opened", "draft.read", "draft.discarded");
        pages.MapPost("/transcripts/{id}/drafts", AgainAsync).Requires(Permission.SignNotes).Audits("transcript.read", "note.drafted", "draft.discarded");
        pages.MapPost("/drafts/{id}/decisions", DecideAsync).Requires(Permission.SignNotes).Audits(ScribeApi.DecisionEvents);
        pages.MapPost("/drafts/{id}/acceptances", AcceptAsync).Requires(Permission.SignNotes).Audits("statement.accepted");
        pages.MapPost("/drafts/{id}/signature", SignAsync).Requires(Permission.SignNotes).Audits("note.signed");
        pages.MapPost("/drafts/{id}/discard", DiscardAsync).Requires(Permission.SignNotes).Audits("draft.discarded");
        pages.MapPost("/drafts/{id}/restore", RestoreAsync).Requires(Permission.SignNotes).Audits("draft.restored");
        pages.MapGet("/notes/{id}", NoteAsync).Requires(Permission.SeeCharts).Audits("note.read");
        pages.MapGet("/notes/{id}/versions", VersionsAsync).Requires(Permission.SeeCharts).Audits("note.read");
        pages.MapGet("/notes/{id}/draft", OriginAsync).Requires(Permission.SeeCharts).Audits("note.read", "draft.read");
        pages.MapPost("/notes/{id}/amendments", AmendAsync).Requires(Permission.SignNotes).Audits("note.amended", "note.read");
    }

    private static async Task<IResult> ShowAsync(AppointmentId id, ReadReviewHandler handler, Actor actor, CancellationToken ct)
    {
        var read = await handler.HandleAsync(id, actor, ct);
        if (!read.IsOk) return Page.Refused(read.Refusal);
        if (read.Value.Note is { } note) return Page.SeeOther($"/notes/{note}");
        return read.Value.IsBeingWritten ? Page.SeeOther($"/visits/{id}/note") : Page.Of<ReviewPage>(new { Review = read.Value });
    }

    /// <summary>A note's draft has its page at the visit.</summary>
    private static async Task<IResult> DraftAsync(DraftId id, ReadReviewHandler handler, Actor actor, CancellationToken ct)
    {
        var read = await handler.OfDraftAsync(id, actor, ct);
        if (!read.IsOk) return Page.Refused(read.Refusal);
        return read.Value.Draft is { Row.Becomes: DraftKind.Note } note ? Page.SeeOther(OutputWords.PathOf(note.Row)) : Page.Of<DraftPage>(new { Hand = read.Value });
    }

    private static async Task<IResult> PlaceAsync(DraftId id, Form<Nothing> form, PlaceOrdersHandler handler, Actor actor, CancellationToken ct)
    {
        if (form.Version is not (> 0 and <= int.MaxValue and { } version)) return Page.Refused(Versions.Missing);
        var placed = await handler.HandleAsync(id, (int)version, actor, ct);
        return placed.IsOk ? Page.SeeOther($"/visits/{placed.Value.VisitId}?order={(placed.Value.Orders.Count > 0 ? "proposals" : "none")}") : Page.Refused(placed.Refusal);
    }

    private static async Task<IResult> AddAsync(AppointmentId id, Form<AddTranscript> form, AddTranscriptHandler handler, ReadReviewHandler reads, HttpContext context)
    {
        var (actor, ct) = (ActorOf(context), context.RequestAborted);
        var drafted = await form.ThenAsync(async ask => await WithFileAsync(ask, form.Files, ct) is var read && read.IsOk
            ? await handler.HandleAsync(id, read.Value, actor, ct) : read.Refusal!);   // not ok, so there is one
        if (drafted.IsOk) return Page.SeeOther($"/visits/{id}/review?at=1");
        if (drafted.Refusal.Status is 404 or 409) return Page.Refused(drafted.Refusal);
        var again = await reads.HandleAsync(id, actor, ct);
        return again.IsOk ? Page.Of<ReviewPage>(new { Review = again.Value, Form = form.Again(drafted.Refusal) }, drafted.Refusal.Status) : Page.Refused(again.Refusal);
    }

    private static async Task<Outcome<AddTranscript>> WithFileAsync(AddTranscript ask, IFormFileCollection files, CancellationToken ct)
    {
        if (files.GetFile("file") is not { Length: > 0 } file) return ask with { Source = TranscriptSource.Pasted };
        var text = await TranscriptFile.ReadAsync(file, ct);
        return text.IsOk ? ask with { Text = text.Value, Source = TranscriptSource.Uploaded } : text.Refusal.On("file", text.Refusal.Title);
    }

    private static async Task<IResult> AgainAsync(TranscriptId id, Form<DraftAgain> form, DraftAgainHandler handler, Actor actor, CancellationToken ct)
    {
        var drafted = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, ct));
        return drafted.IsOk ? Page.SeeOther($"/visits/{drafted.Value.VisitId}/review?at=1") : Page.Refused(drafted.Refusal);
    }

    private static async Task<IResult> DecideAsync(DraftId id, Form<Decide> form, DecideHandler handler, Actor actor, HttpContext context)
    {
        var decided = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, context.RequestAborted));
        if (!decided.IsOk) return Page.Refused(decided.Refusal);
        var (ask, draft) = (form.Ask.Value, decided.Value);
        if (ask.Kind != DecisionKind.Added && Page.IsPartial(context.Request)) return Page.Of<DecisionParts>(new { Draft = draft, Number = ask.Statement });
        return Page.SeeOther($"{OutputWords.PathOf(draft.Row)}?at={ask.Statement}#s{ask.Statement}");
    }

    private static async Task<IResult> AcceptAsync(DraftId id, Form<AcceptSupported> form, AcceptSupportedHandler handler, Actor actor, HttpContext context)
    {
        var accepted = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, context.RequestAborted));
        if (!accepted.IsOk) return Page.Refused(accepted.Refusal);
        var last = form.Ask.Value.Statements[^1];
        return Page.SeeOther($"{OutputWords.PathOf(accepted.Value.Row)}?at={last}&v={accepted.Value.Row.Version}#s{last}");
    }

    private static async Task<IResult> SignAsync(DraftId id, Form<Nothing> form, SignNoteHandler handler, Actor actor, HttpContext context)
    {
        if (form.Version is not (> 0 and <= int.MaxValue and { } version)) return Page.Refused(Versions.Missing);
        var signed = await handler.HandleAsync(id, (int)version, actor, context.RequestAborted);
        return signed.IsOk ? Page.SeeOther($"/notes/{signed.Value.NoteId}?done=signed") : Page.Refused(signed.Refusal);
    }

    private static async Task<IResult> DiscardAsync(DraftId id, Form<DiscardDraft> form, DiscardDraftHandler handler, Actor actor, HttpContext context)
    {
        var discarded = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, context.RequestAborted));
        if (!discarded.IsOk) return Page.Refused(discarded.Refusal);
        return Page.SeeOther(discarded.Value.AppointmentId is { } visit ? $"/visits/{visit}/review?done=discarded" : $"/drafts/{id}");
    }

    private static async Task<IResult> RestoreAsync(DraftId id, Form<Nothing> form, RestoreDraftHandler handler, Actor actor, CancellationToken ct)
    {
        var restored = await form.ThenAsync(_ => handler.HandleAsync(id, actor, ct));
        return restored.IsOk ? Page.SeeOther(OutputWords.PathOf(restored.Value)) : Page.Refused(restored.Refusal);
    }

    private static Task<IResult> NoteAsync(EntryId id, string? done, ReadNoteHandler handler, HttpContext context) => ShowNoteAsync(id, handler, FormState.Fresh, done, context);

    private static async Task<IResult> ShowNoteAsync(EntryId id, ReadNoteHandler handler, FormState state, string? done, HttpContext context)
    {
        var actor = ActorOf(context);
        var read = await handler.HandleAsync(id, actor, context.RequestAborted);
        if (!read.IsOk) return Page.Refused(read.Refusal);
        return Page.Of<NotePage>(new { Story = read.Value, Form = state, Done = done, MayAmend = Rights.Allows(actor.Role, Permission.SignNotes), Me = actor.Staff },
            state.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> VersionsAsync(EntryId id, ReadNoteHandler handler, Actor actor, CancellationToken ct)
    {
        var read = await handler.HandleAsync(id, actor, ct);
        return read.IsOk ? Page.Of<NoteVersionsPage>(new { Story = read.Value }) : Page.Refused(read.Refusal);
    }

    private static async Task<IResult> OriginAsync(EntryId id, ReadNoteHandler handler, Actor actor, CancellationToken ct)
    {
        var read = await handler.OriginAsync(id, actor, ct);
        return read.IsOk ? Page.Of<NoteOriginPage>(new { Origin = read.Value }) : Page.Refused(read.Refusal);
    }

    private static async Task<IResult> AmendAsync(EntryId id, Form<AmendNote> form, AmendNoteHandler handler, ReadNoteHandler reads, HttpContext context)
    {
        var amended = await form.ThenAsync(ask => handler.HandleAsync(id, (int)(form.Version ?? 0), ask, ActorOf(context), context.RequestAborted));
        if (amended.IsOk) return Page.SeeOther($"/notes/{id}?done=amended");
        return amended.Refusal.Status == 422 ? await ShowNoteAsync(id, reads, form.Again(amended.Refusal), null, context) : Page.Refused(amended.Refusal);
    }

    private static Actor ActorOf(HttpContext context) =>
        context.Features.Get<Actor>() ?? throw new InvalidOperationException("The route asks for a permission, so somebody is signed in.");
}
