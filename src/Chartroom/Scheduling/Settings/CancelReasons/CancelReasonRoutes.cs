using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>Reasons of cancelling, for people and programs.</summary>
internal static class CancelReasonRoutes
{
    private const string Path = "/settings/cancel-reasons";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (bool? saved, CancelReasonBook book, Actor actor, CancellationToken ct) => ListAsync(book, actor, FormState.Fresh, saved is true, ct)).ForSettings("cancel_reasons.listed").IsPage();
        routes.MapPost(Path, async (Form<CancelReasonFields> form, CancelReasonBook book, Actor actor, CancellationToken ct) =>
        {
            var added = await form.ThenAsync(ask => book.AddAsync(ask with { IsActive = true }, actor, ct));
            return added.IsOk ? Page.SeeOther(Path + "?saved=true") : await ListAsync(book, actor, form.Again(added.Refusal), false, ct);
        }).ForSettings("cancel_reason.added", "cancel_reasons.listed").IsPage();
        routes.MapGet(Path + "/{code}", (string code, CancelReasonBook book, Actor actor, CancellationToken ct) => EditAsync(code, book, actor, FormState.Fresh, ct))
            .ForSettings("cancel_reasons.listed").IsPage();
        routes.MapPost(Path + "/{code}", async (string code, Form<CancelReasonFields> form, CancelReasonBook book, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => book.ChangeAsync(code, SettingsRoutes.VersionOf(form), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(Path + "?saved=true") : await EditAsync(code, book, actor, form.Again(changed.Refusal), ct);
        }).ForSettings("cancel_reason.changed", "cancel_reasons.listed").IsPage();
        MapApi(routes.MapGroup("/api/v1/clinic/cancel-reasons").WithTags("Scheduling"));
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("", async (CancelReasonBook book, Actor actor, CancellationToken ct) => TypedResults.Ok(await book.ListAsync(actor, ct)))
            .Requires(Permission.SeeAppointments).Audits("cancel_reasons.listed").WithName("ListCancelReasons").WithSummary("Why visits are cancelled, in the clinic's order");
        api.MapPost("", async (CancelReasonFields ask, CancelReasonBook book, Actor actor, CancellationToken ct) =>
            (await book.AddAsync(ask, actor, ct)).ToHttp(code => TypedResults.Created((string?)null, new { code }))).ForSettings("cancel_reason.added").WithName("AddCancelReason");
        api.MapPut("/{code}", (string code, CancelReasonFields ask, CancelReasonBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            SettingsRoutes.VersionedAsync(context, version => book.ChangeAsync(code, version, ask, actor, ct))).ForSettings("cancel_reason.changed").Produces(204).WithName("ChangeCancelReason");
    }

    private static async Task<IResult> ListAsync(CancelReasonBook book, Actor actor, FormState form, bool isSaved, CancellationToken ct) =>
        Page.Of<CancelReasonsPage>(new { Reasons = await book.ListAsync(actor, ct), IsSaved = isSaved, Form = form }, SettingsRoutes.StatusOf(form));

    private static async Task<IResult> EditAsync(string code, CancelReasonBook book, Actor actor, FormState form, CancellationToken ct)
    {
        if ((await book.ListAsync(actor, ct)).FirstOrDefault(it => it.Code == code) is not { } reason) return Page.Refused(Refusals.NoSuchCancelReason);
        return Page.Of<EditCancelReasonPage>(new { Reason = reason, Form = form.Against(EditCancelReasonPage.SeenOf(reason), reason.Version) }, SettingsRoutes.StatusOf(form));
    }
}
