using Chartroom.Clinics;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Paperwork;

/// <summary>The clinic's list of papers, by page and by API.</summary>
internal static class SettingsRoutes
{
    private const string Path = "/settings/paperwork";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Path).ExcludeFromDescription();
        pages.MapGet("", (string? done, PaperId? paper, int? v, Lists lists, Actor actor, CancellationToken ct) => ListAsync(lists, FormState.Fresh, (done, paper, v), (actor, ct)))
            .ForSettings(PaperBook.Listed, "visit_types.listed");
        pages.MapPost("", async (Form<PaperFields> form, PaperBook book, Lists lists, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => book.AddAsync(ask, actor, ct));
            return added.IsOk ? Page.SeeOther($"{Path}?done=added") : await ListAsync(lists, form.Again(added.Refusal), default, (actor, ct));
        }).ForSettings("paper.added", PaperBook.Listed, "visit_types.listed");
        pages.MapGet("/{id:guid}", (PaperId id, Lists lists, Actor actor, CancellationToken ct) => EditAsync(id, lists, FormState.Fresh, (actor, ct))).ForSettings(PaperBook.Listed, "visit_types.listed");
        pages.MapPost("/{id:guid}", async (PaperId id, Form<PaperFields> form, PaperBook book, Lists lists, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => book.ChangeAsync(id, VersionOf(form.Version), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther($"{Path}?done=changed") : await EditAsync(id, lists, form.Again(changed.Refusal), (actor, ct));
        }).ForSettings("paper.changed", PaperBook.Listed, "visit_types.listed");
        foreach (var (act, isActive) in new[] { ("retire", false), ("restore", true) })
        {
            pages.MapPost($"/{{id:guid}}/{act}", async (PaperId id, Form<Nothing> form, PaperBook book, Actor actor, CancellationToken ct) =>
            {
                var set = await book.SetActiveAsync(id, VersionOf(form.Version), isActive, actor, ct);
                return set.IsOk ? Page.SeeOther($"{Path}?done={act}d&paper={id}&v={set.Value}") : Page.Refused(set.Refusal);
            }).ForSettings(PaperBook.EventOf(isActive));
        }
        MapApi(routes.MapGroup("/api/v1/clinic/papers").WithTags("Paperwork"));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("", async (PaperBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(await book.ListAsync(actor, ct)))
            .Requires(Permission.SeeAppointments).Audits(PaperBook.Listed).WithName("ListPapers").WithSummary("The papers that the clinic wants of its patients, retired ones last.");
        api.MapPost("", async (PaperFields ask, PaperBook book, Actor actor, CancellationToken ct) =>
                (await book.AddAsync(ask, actor, ct)).ToHttp(id => TypedResults.Created((string?)null, new { id })))
            .ForSettings("paper.added").Produces(201).WithName("AddPaper").WithSummary("Adds a paper; from then on visits ahead ask for it.");
        api.MapPut("/{id:guid}", async (PaperId id, PaperFields ask, PaperBook book, HttpContext http, Actor actor) =>
            {
                var version = Versions.IfMatch(http);
                return (version.IsOk ? await book.ChangeAsync(id, version.Value, ask, actor, http.RequestAborted) : version.Refusal).ToHttp(_ => TypedResults.NoContent());
            }).ForSettings("paper.changed").Produces(204).WithName("ChangePaper").WithSummary("Changes a paper; what was received stays received.");
        foreach (var (path, isActive) in new[] { ("retirement", false), ("restoration", true) })
        {
            api.MapPost($"/{{id:guid}}/{path}", async (PaperId id, PaperBook book, HttpContext http, Actor actor) =>
            {
                var version = Versions.IfMatch(http);
                return (version.IsOk ? await book.SetActiveAsync(id, version.Value, isActive, actor, http.RequestAborted) : version.Refusal).ToHttp(_ => TypedResults.NoContent());
            }).ForSettings(PaperBook.EventOf(isActive)).Produces(204).WithName(isActive ? "RestorePaper" : "RetirePaper").WithSummary(isActive ? "Asks for a retired paper again." : "Asks for a paper no more.");
        }
    }

    /// <summary>It shows no PHI, so it works before the agreement is signed.</summary>
    private static RouteHandlerBuilder ForSettings(this RouteHandlerBuilder route, params string[] events) => route.Requires(Permission.ManageClinic).WithoutAgreement().Audits(events);

    private static int VersionOf(long? version) => version is > 0 and <= int.MaxValue and { } seen ? (int)seen : 0;

    private static int StatusOf(FormState form) => form.Refusal is { } refusal ? refusal.Status is 409 or 412 ? refusal.Status : StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;

    private static async Task<IResult> ListAsync(Lists lists, FormState form, (string? Done, PaperId? Paper, int? Version) said, (Actor Actor, CancellationToken Ct) by) =>
        Page.Of<PaperworkPage>(new
        {
            Papers = await lists.Book.ListAsync(by.Actor, by.Ct), Types = await lists.Directory.VisitTypesAsync(by.Actor, by.Ct), Form = form, said.Done, Paper = said.Paper, said.Version,
        }, StatusOf(form));

    private static async Task<IResult> EditAsync(PaperId id, Lists lists, FormState form, (Actor Actor, CancellationToken Ct) by)
    {
        if ((await lists.Book.ListAsync(by.Actor, by.Ct)).FirstOrDefault(it => it.Id == id) is not { } paper) return Page.Refused(Refusals.NoSuchPaper);
        var types = await lists.Directory.VisitTypesAsync(by.Actor, by.Ct);
        return Page.Of<EditPaperPage>(new { Paper = paper, Types = types, Form = form.Against(EditPaperPage.SeenOf(paper), paper.Version) }, StatusOf(form));
    }
}

/// <summary>What the pages of the list are made of.</summary>
internal sealed record Lists(PaperBook Book, ClinicDirectory Directory);
