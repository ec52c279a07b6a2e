using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>Notes by hand, by page and by API.</summary>
internal static class WriteRoutes
{
    private const string Read = "note.written-read";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/visits/{id}/note").ExcludeFromDescription();
        pages.MapGet("", (AppointmentId id, string? done, HttpContext context) => ShowAsync(id, FormState.Fresh, done, context)).Requires(Permission.SignNotes).Audits(Read);
        pages.MapPost("/begin", async (AppointmentId id, Form<BeginNote> form, WriteNoteHandler handler, Actor actor, CancellationToken ct) =>
            To(id, await form.ThenAsync(ask => handler.BeginAsync(id, ask, actor, ct)), "")).Requires(Permission.SignNotes).Audits("note.begun");
        pages.MapPost("", SaveAsync).Requires(Permission.SignNotes).Audits("note.saved", "note.signed", Read);
        pages.MapPost("/copy", async (AppointmentId id, Form<CopySections> form, WriteNoteHandler handler, Actor actor, CancellationToken ct) =>
            To(id, await form.ThenAsync(ask => handler.CopyAsync(id, VersionOf(form), ask, actor, ct)), "?done=copied")).Requires(Permission.SignNotes).Audits("note.copied");
        pages.MapPost("/copy/undo", async (AppointmentId id, Form<Nothing> form, WriteNoteHandler handler, Actor actor, CancellationToken ct) =>
            To(id, await handler.UndoCopyAsync(id, VersionOf(form), actor, ct), "?done=uncopied")).Requires(Permission.SignNotes).Audits("note.copy-undone");
        pages.MapPost("/discard", async (AppointmentId id, Form<Nothing> form, WriteNoteHandler handler, Actor actor, CancellationToken ct) =>
            To(id, await handler.TurnAsync(id, VersionOf(form), isBack: false, actor, ct), "")).Requires(Permission.SignNotes).Audits("note.writing-discarded");
        pages.MapPost("/restore", async (AppointmentId id, Form<Nothing> form, WriteNoteHandler handler, Actor actor, CancellationToken ct) =>
            To(id, await handler.TurnAsync(id, VersionOf(form), isBack: true, actor, ct), "")).Requires(Permission.SignNotes).Audits("note.writing-restored");
        MapApi(routes.MapGroup("/api/v1/visits/{id}/note").WithTags("Notes"));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapPost("", async (AppointmentId id, BeginNote ask, WriteNoteHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.BeginAsync(id, ask, actor, ct)).ToHttp(state => TypedResults.Created($"/api/v1/visits/{id}/note", state)))
            .Requires(Permission.SignNotes).Audits("note.begun").WithName("BeginNote").Produces<WrittenState>(201).WithSummary("Begins the visit's note by hand, in a template.");
        api.MapGet("", async (AppointmentId id, WriteNoteHandler handler, Actor actor, HttpContext context) =>
            {
                var read = await handler.ReadAsync(id, actor, context.RequestAborted);
                if (read.IsOk) Versions.SetETag(context, read.Value.Writing.Version);
                return read.ToHttp(desk => TypedResults.Ok(desk.Writing.Sheet));
            })
            .Requires(Permission.SignNotes).Audits(Read).WithName("ReadWrittenNote").Produces<WrittenSheet>().WithSummary("The visit's note as far as it is written.");
        api.MapPut("", (AppointmentId id, SaveNote ask, WriteNoteHandler handler, Actor actor, HttpContext context) =>
                VersionedAsync(context, version => handler.SaveAsync(id, version, ask, actor, context.RequestAborted)))
            .Requires(Permission.SignNotes).Audits("note.saved").WithName("SaveNote").Produces<WrittenState>();
        api.MapPost("/copies", (AppointmentId id, CopySections ask, WriteNoteHandler handler, Actor actor, HttpContext context) =>
                VersionedAsync(context, version => handler.CopyAsync(id, version, ask, actor, context.RequestAborted)))
            .Requires(Permission.SignNotes).Audits("note.copied").WithName("CopySections").Produces<WrittenState>().WithSummary("Copies sections of the patient's last signed note; each paragraph is marked until touched.");
        api.MapPost("/signature", (AppointmentId id, SaveNote ask, WriteNoteHandler handler, Actor actor, HttpContext context) =>
                VersionedAsync(context, version => handler.SignAsync(id, version, ask, actor, context.RequestAborted)))
            .Requires(Permission.SignNotes).Audits("note.signed").WithName("SignWrittenNote").Produces<WrittenState>().WithSummary("Signs the note by hand; copied text that nobody touched must be confirmed.");
    }

    private static async Task<IResult> VersionedAsync(HttpContext context, Func<int, Task<Outcome<WrittenState>>> act)
    {
        var version = Versions.IfMatch(context);
        return (version.IsOk ? await act(version.Value) : version.Refusal).ToHttp(TypedResults.Ok);
    }

    private static async Task<IResult> SaveAsync(AppointmentId id, Form<SaveNote> form, WriteNoteHandler handler, HttpContext context)
    {
        var (actor, ct) = (context.Features.Get<Actor>()!, context.RequestAborted);   // the route asks for a permission
        var isSigning = form.Ask.IsOk && form.Ask.Value.Act == "sign";
        var kept = await form.ThenAsync(ask => isSigning ? handler.SignAsync(id, VersionOf(form), ask, actor, ct) : handler.SaveAsync(id, VersionOf(form), ask, actor, ct));
        if (form.Ask.IsOk && form.Ask.Value.Act == "auto") return kept.ToHttp(TypedResults.Ok);
        if (kept.IsOk) return kept.Value.NoteId is { } note ? Page.SeeOther($"/notes/{note}?done=signed") : Page.SeeOther($"/visits/{id}/note?done=saved");
        return kept.Refusal.Errors.Count > 0 || kept.Refusal == Refusals.NothingWritten ? await ShowAsync(id, form.Again(kept.Refusal), null, context) : Page.Refused(kept.Refusal);
    }

    private static async Task<IResult> ShowAsync(AppointmentId id, FormState state, string? done, HttpContext context)
    {
        var actor = context.Features.Get<Actor>()!;   // the route asks for a permission
        var read = await context.RequestServices.GetRequiredService<WriteNoteHandler>().ReadAsync(id, actor, context.RequestAborted);
        if (!read.IsOk) return read.Refusal == Refusals.NoSuchWriting ? Page.SeeOther($"/visits/{id}/review") : Page.Refused(read.Refusal);
        return Page.Of<WritePage>(new { Desk = read.Value, Form = state, Done = done }, state.Refusal?.Status ?? StatusCodes.Status200OK);
    }

    private static IResult To(AppointmentId id, Outcome<WrittenState> done, string query) => done.IsOk ? Page.SeeOther($"/visits/{id}/note{query}") : Page.Refused(done.Refusal);

    private static int VersionOf<TAsk>(Form<TAsk> form) => form.Version is > 0 and <= int.MaxValue and { } version ? (int)version : 0;
}
