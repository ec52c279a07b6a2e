using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>The page on which a person chooses the keys of calendar and board.</summary>
internal static class KeysRoutes
{
    private const string Path = "/day/keys";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup(Path).ExcludeFromDescription();
        keys.MapGet("", ShowAsync).Requires(Permission.SeeAppointments).Audits("calendar.keys-read");
        keys.MapPost("", ChangeAsync).Requires(Permission.SeeAppointments).Audits("calendar.keys-changed");
        keys.MapPost("/standard", ResetAsync).Requires(Permission.SeeAppointments).Audits("calendar.keys-changed");
    }

    private static async Task<IResult> ShowAsync(string? done, ChangeKeysHandler handler, Actor actor, HttpContext context) =>
        await PageAsync(handler, actor, context, FormState.Fresh, done);

    private static async Task<IResult> ChangeAsync(Form<ChangeKeys> form, ChangeKeysHandler handler, Actor actor, HttpContext context)
    {
        var changed = await form.ThenAsync(ask => handler.HandleAsync(ask, actor, context.RequestAborted));
        return changed.IsOk ? Page.SeeOther($"{Path}?done=saved") : await PageAsync(handler, actor, context, form.Again(changed.Refusal), null);
    }

    private static async Task<IResult> ResetAsync(Form<Nothing> form, ChangeKeysHandler handler, Actor actor, HttpContext context)
    {
        var reset = await form.ThenAsync(_ => handler.ResetAsync(actor, context.RequestAborted));
        return reset.IsOk ? Page.SeeOther($"{Path}?done=standard") : VisitPages.Refused(context, reset.Refusal);
    }

    private static async Task<IResult> PageAsync(ChangeKeysHandler handler, Actor actor, HttpContext context, FormState form, string? done)
    {
        var keys = await handler.FindAsync(actor, context.RequestAborted);
        return keys.IsOk ? Page.Of<KeysPage>(new { Keys = keys.Value, Form = form, Done = done }, form.Refusal?.Status ?? StatusCodes.Status200OK) : VisitPages.Refused(context, keys.Refusal);
    }
}
