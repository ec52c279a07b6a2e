using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Notes;

/// <summary>Private notes by page and by API, for their author.</summary>
internal static class PrivateNoteRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/patients/{id}/private-notes", ListAsync).Requires(Permission.SignNotes).Audits(PrivateNotesHandler.Listed);
        pages.MapPost("/patients/{id}/private-notes", AddAsync).Requires(Permission.SignNotes).Audits("private_note.written", PrivateNotesHandler.Listed);
        pages.MapGet("/private-notes/{id:guid}", OneAsync).Requires(Permission.SignNotes).Audits(PrivateNotesHandler.Listed);
        pages.MapPost("/private-notes/{id:guid}", AmendAsync).Requires(Permission.SignNotes).Audits("private_note.amended", PrivateNotesHandler.Listed);
        Button(pages, "put-away", "private_note.put-away", (handler, id, version, actor, ct) => handler.PutAwayAsync(id, version, actor, ct));
        Button(pages, "restore", "private_note.restored", (handler, id, version, actor, ct) => handler.RestoreAsync(id, version, actor, ct));
        Button(pages, "undo", "private_note.undone", (handler, id, version, actor, ct) => handler.UndoAsync(id, version, actor, ct));
        MapApi(routes.MapGroup("/api/v1").WithTags("Private notes"));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("/patients/{id}/private-notes", async (PatientId id, PrivateNotesHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, actor, ct)).ToHttp(mine => TypedResults.Ok(mine.Notes)))
            .Requires(Permission.SignNotes).Audits(PrivateNotesHandler.Listed).WithName("ListPrivateNotes").Produces<PrivateNote[]>()
            .WithSummary("The asker's own private notes about a patient. Nobody else's are ever among them.");
        api.MapPost("/patients/{id}/private-notes", async (PatientId id, WritePrivateNote ask, WritePrivateNoteHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.AddAsync(id, ask, actor, ct)).ToHttp(note => TypedResults.Created($"/api/v1/private-notes/{note.Id}", note)))
            .Requires(Permission.SignNotes).Audits("private_note.written").WithName("WritePrivateNote").Produces<WrittenPrivateNote>(201).WithSummary("Writes a private note.");
        api.MapPut("/private-notes/{id:guid}", async (Guid id, WritePrivateNote ask, WritePrivateNoteHandler handler, Actor actor, HttpContext context) =>
            {
                var version = Versions.IfMatch(context);
                return (version.IsOk ? await handler.AmendAsync(id, version.Value, ask, actor, context.RequestAborted) : version.Refusal).ToHttp(TypedResults.Ok);
            })
            .Requires(Permission.SignNotes).Audits("private_note.amended").WithName("AmendPrivateNote").Produces<WrittenPrivateNote>()
            .WithSummary("Changes a private note by a new version; If-Match names the one that was read.");
    }

    private delegate Task<Outcome<WrittenPrivateNote>> Act(WritePrivateNoteHandler handler, Guid id, int version, Actor actor, CancellationToken ct);

    private static void Button(RouteGroupBuilder pages, string act, string audit, Act run) =>
        pages.MapPost("/private-notes/{id:guid}/" + act, async (Guid id, Form<Nothing> form, WritePrivateNoteHandler handler, Actor actor, CancellationToken ct) =>
        {
            var done = form.Version is > 0 and <= int.MaxValue and { } version ? await run(handler, id, (int)version, actor, ct) : Versions.Missing;
            return done.IsOk ? Page.SeeOther(After(done.Value, act)) : Page.Refused(done.Refusal);
        }).Requires(Permission.SignNotes).Audits(audit);

    private static async Task<IResult> ListAsync(PatientId id, string? done, Guid? note, int? v, PrivateNotesHandler handler, Actor actor, CancellationToken ct) =>
        await ShowAsync(id, FormState.Fresh, PrivateNoteDone.Of(done, note, v), handler, (actor, ct));

    private static async Task<IResult> AddAsync(PatientId id, Form<WritePrivateNote> form, WritePrivateNoteHandler handler, PrivateNotesHandler reads, HttpContext context)
    {
        var (actor, ct) = (ActorOf(context), context.RequestAborted);
        var written = await form.ThenAsync(ask => handler.AddAsync(id, ask, actor, ct));
        if (written.IsOk) return Page.SeeOther(After(written.Value, "written"));
        return written.Refusal.Status == 422 ? await ShowAsync(id, form.Again(written.Refusal), null, reads, (actor, ct)) : Page.Refused(written.Refusal);
    }

    private static async Task<IResult> ShowAsync(PatientId id, FormState state, PrivateNoteDone? done, PrivateNotesHandler handler, (Actor Actor, CancellationToken Ct) by)
    {
        var mine = await handler.HandleAsync(id, by.Actor, by.Ct);
        return mine.IsOk ? Page.Of<PrivateNotesPage>(new { Mine = mine.Value, Form = state, Done = done }, state.Refusal?.Status ?? StatusCodes.Status200OK) : Page.Refused(mine.Refusal);
    }

    private static async Task<IResult> OneAsync(Guid id, PrivateNotesHandler handler, HttpContext context) => await ShowOneAsync(id, FormState.Fresh, handler, context);

    private static async Task<IResult> AmendAsync(Guid id, Form<WritePrivateNote> form, WritePrivateNoteHandler handler, PrivateNotesHandler reads, HttpContext context)
    {
        var amended = await form.ThenAsync(ask => handler.AmendAsync(id, (int)(form.Version ?? 0), ask, ActorOf(context), context.RequestAborted));
        if (amended.IsOk) return Page.SeeOther(After(amended.Value, "amended"));
        return amended.Refusal.Status == 422 ? await ShowOneAsync(id, form.Again(amended.Refusal), reads, context) : Page.Refused(amended.Refusal);
    }

    private static async Task<IResult> ShowOneAsync(Guid id, FormState state, PrivateNotesHandler handler, HttpContext context)
    {
        var mine = await handler.OneAsync(id, ActorOf(context), context.RequestAborted);
        return mine.IsOk ? Page.Of<PrivateNotePage>(new { Mine = mine.Value, Form = state }, state.Refusal?.Status ?? StatusCodes.Status200OK) : Page.Refused(mine.Refusal);
    }

    private static string After(WrittenPrivateNote note, string done) => $"/patients/{note.PatientId}/private-notes?done={done}&note={note.Id}&v={note.Version}";

    private static Actor ActorOf(HttpContext context) =>
        context.Features.Get<Actor>() ?? throw new InvalidOperationException("The route asks for a permission, so somebody is signed in.");
}

/// <summary>What was just done with a private note, and the way back; in the address as a word, an id and a version.</summary>
public sealed record PrivateNoteDone(string Text, string? UndoTo, int? Version)
{
    public static PrivateNoteDone? Of(string? done, Guid? note, int? version) => (done, note) switch
    {
        ("written", { } id) => new("Kept. Only you can read it.", $"/private-notes/{id}/put-away", version),
        ("amended", { } id) => new("Changed. What it said is kept.", $"/private-notes/{id}/undo", version),
        ("put-away", { } id) => new("Put away.", $"/private-notes/{id}/restore", version),
        ("restore", _) => new("It is back.", null, null),
        ("undo", _) => new("Undone. It says again what it said.", null, null),
        _ => null,
    };
}
