using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.BreakGlass;

/// <summary>The page and the API on which administrators say who may open a chart.</summary>
internal static class RestrictionRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/patients/{id}/restriction").WithTags("Access");
        api.MapGet("", async (PatientId id, RestrictChartHandler handler, HttpContext http, Actor actor, CancellationToken ct) =>
                (await handler.ReadAsync(id, actor, ct)).ToHttp(access =>
                {
                    Versions.SetETag(http, access.Version);
                    return TypedResults.Ok(access);
                }))
            .Requires(Permission.RestrictCharts).Audits(RestrictChartHandler.Read).WithSummary("For whom a patient's chart opens; version 0 when it is not restricted.");
        api.MapPut("", async (PatientId id, RestrictChart ask, RestrictChartHandler handler, HttpContext http, Actor actor) => Versions.IfMatch(http) is { IsOk: true } version
                ? (await handler.RestrictAsync(id, version.Value, ask, actor, http.RequestAborted)).ToHttp(next =>
                {
                    Versions.SetETag(http, next);
                    return TypedResults.NoContent();
                })
                : Versions.IfMatch(http).Refusal!.ToHttp())   // not ok has one
            .Requires(Permission.RestrictCharts).RequiresStepUp().Audits("chart.restricted").WithSummary("Restricts a chart to a care team; If-Match \"0\" for one that is open.");
        api.MapDelete("", async (PatientId id, RestrictChartHandler handler, HttpContext http, Actor actor) => Versions.IfMatch(http) is { IsOk: true } version
                ? (await handler.LiftAsync(id, version.Value, actor, http.RequestAborted)).ToHttp(_ => TypedResults.NoContent())
                : Versions.IfMatch(http).Refusal!.ToHttp())   // not ok has one
            .Requires(Permission.RestrictCharts).RequiresStepUp().Audits("chart.restriction-lifted").WithSummary("Opens a restricted chart to all whose role opens charts.");

        var page = routes.MapGroup("/patients/{id}/restriction").ExcludeFromDescription().Requires(Permission.RestrictCharts);
        page.MapGet("", async (PatientId id, RestrictChartHandler handler, Actor actor, CancellationToken ct) => await ShowAsync(id, FormState.Fresh, handler, actor, ct))
            .Audits(RestrictChartHandler.Read);
        page.MapPost("", async (PatientId id, Form<RestrictChart> form, RestrictChartHandler handler, Actor actor, CancellationToken ct) =>
        {
            var done = await form.ThenAsync(ask => handler.RestrictAsync(id, (int)(form.Version ?? 0), ask, actor, ct));
            return done.IsOk ? Page.SeeOther($"/patients/{id}") : await ShowAsync(id, form.Again(done.Refusal), handler, actor, ct);
        }).RequiresStepUp().Audits("chart.restricted", RestrictChartHandler.Read);
        page.MapPost("/lift", async (PatientId id, Form<Nothing> form, RestrictChartHandler handler, Actor actor, CancellationToken ct) =>
        {
            var done = await handler.LiftAsync(id, (int)(form.Version ?? 0), actor, ct);
            return done.IsOk ? Page.SeeOther($"/patients/{id}") : Page.Refused(done.Refusal);
        }).RequiresStepUp().Audits("chart.restriction-lifted");
    }

    private static async Task<IResult> ShowAsync(PatientId id, FormState form, RestrictChartHandler handler, Actor actor, CancellationToken ct)
    {
        var access = await handler.ReadAsync(id, actor, ct);
        if (!access.IsOk) return Page.Refused(access.Refusal);
        return Page.Of<RestrictionPage>(new { Access = access.Value, Form = form }, form.Refusal?.Status ?? StatusCodes.Status200OK);
    }
}
