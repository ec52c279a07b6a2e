using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Notes;

/// <summary>The forms for notes, by page and by API.</summary>
internal static class TemplateRoutes
{
    private const string Pages = "/settings/note-templates";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Pages).ExcludeFromDescription();
        pages.MapGet("", async (string? done, TemplateBook book, Actor actor, CancellationToken ct) => await ListAsync(book, FormState.Fresh, done, (actor, ct))).Requires(Permission.EditCharts).Audits(TemplateBook.Listed);
        pages.MapGet("/new", () => Page.Of<TemplatePage>(new { })).Requires(Permission.EditCharts).Audits();
        pages.MapGet("/{id:guid}", EditAsync).Requires(Permission.EditCharts).Audits(TemplateBook.Listed);
        pages.MapPost("", async (Form<WriteTemplate> form, TemplateBook book, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => book.AddAsync(ask, actor, ct));
            return added.IsOk ? Page.SeeOther(Pages + "?done=added") : Page.Of<TemplatePage>(new { State = form.Again(added.Refusal) }, added.Refusal.Status);
        }).Requires(Permission.EditCharts).Audits("note_template.added");
        pages.MapPost("/{id:guid}", ChangeAsync).Requires(Permission.EditCharts).Audits("note_template.changed", TemplateBook.Listed);
        pages.MapPost("/types", async (Form<ChooseForms> form, TemplateBook book, Actor actor, CancellationToken ct) =>
        {
            var chosen = await form.ThenAsync(ask => book.ChooseAsync(ask, actor, ct));
            return chosen.IsOk ? Page.SeeOther(Pages + "?done=chosen") : await ListAsync(book, form.Again(chosen.Refusal), null, (actor, ct));
        }).Requires(Permission.EditCharts).Audits("note_template.chosen", TemplateBook.Listed);
        MapApi(routes.MapGroup("/api/v1/note-templates").WithTags("Note templates"));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("", async (TemplateBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(await book.ListAsync(actor, ct)))
            .Requires(Permission.EditCharts).Audits(TemplateBook.Listed).WithSummary("The forms for notes, and which visits have which.");
        api.MapPost("", async (WriteTemplate ask, TemplateBook book, Actor actor, CancellationToken ct) =>
                (await book.AddAsync(ask, actor, ct)).ToHttp(id => TypedResults.Created($"/api/v1/note-templates/{id}", new { id })))
            .Requires(Permission.EditCharts).Audits("note_template.added").Produces(201).WithSummary("Adds a form for notes.");
        api.MapPut("/{id:guid}", async (Guid id, WriteTemplate ask, TemplateBook book, Actor actor, HttpContext context) =>
            {
                var version = Versions.IfMatch(context);
                return (version.IsOk ? await book.ChangeAsync(id, version.Value, ask, actor, context.RequestAborted) : version.Refusal).ToHttp(_ => TypedResults.NoContent());
            })
            .Requires(Permission.EditCharts).Audits("note_template.changed").Produces(204).WithSummary("Changes a form; notes that were written in it stay as they are.");
    }

    private static async Task<IResult> ListAsync(TemplateBook book, FormState state, string? done, (Actor Actor, CancellationToken Ct) by) =>
        Page.Of<TemplatesPage>(new { List = await book.ListAsync(by.Actor, by.Ct), Form = state, Done = done }, state.Refusal?.Status ?? StatusCodes.Status200OK);

    private static async Task<IResult> EditAsync(Guid id, TemplateBook book, Actor actor, CancellationToken ct) =>
        (await book.ListAsync(actor, ct)).Templates.FirstOrDefault(it => it.Id == id) is { } template ? Page.Of<TemplatePage>(new { Template = template }) : Page.Refused(Refusals.NoSuchTemplate);

    private static async Task<IResult> ChangeAsync(Guid id, Form<WriteTemplate> form, TemplateBook book, Actor actor, CancellationToken ct)
    {
        var changed = await form.ThenAsync(ask => book.ChangeAsync(id, (int)(form.Version ?? 0), ask, actor, ct));
        if (changed.IsOk) return Page.SeeOther(Pages + "?done=changed");
        var template = (await book.ListAsync(actor, ct)).Templates.FirstOrDefault(it => it.Id == id);
        return template is null || changed.Refusal.Status != 422 ? Page.Refused(changed.Refusal) : Page.Of<TemplatePage>(new { Template = template, State = form.Again(changed.Refusal) }, 422);
    }
}
