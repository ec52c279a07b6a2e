using System.Globalization;
using Chartroom.Platform.Web;
using Chartroom.Scribe.Seeding;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>What the assistant did and what people made of it: page and API, and the rule of planted errors.</summary>
internal static class DraftRecordRoutes
{
    private const string Path = "/insights/drafts", Read = "drafts.figures-read";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (DraftRecordHandler handler, Actor actor, HttpContext http) => ShowAsync(handler, actor, FormState.Fresh, http))
            .Requires(Permission.SeeInsights).Audits(Read).ExcludeFromDescription();
        routes.MapGet(Path + "/card", () => Page.Of<AiCardPage>(new { })).Requires(Permission.SeeInsights).Audits().ExcludeFromDescription();
        routes.MapPost(Path + "/seeding", async (Form<SetSeeding> form, SeedingRules rules, DraftRecordHandler handler, Actor actor, HttpContext http) =>
        {
            var set = await form.ThenAsync(ask => rules.SetAsync((int)(form.Version ?? 0), ask, actor, http.RequestAborted));
            return set.IsOk ? Page.SeeOther(Path + "?done=seeding#seeding") : await ShowAsync(handler, actor, form.Again(set.Refusal), http);
        }).Requires(Permission.ManageClinic).Audits(SeedingRules.Changed, Read).ExcludeFromDescription();

        var api = routes.MapGroup("/api/v1").WithTags("Notes");
        api.MapGet("/insights/drafts", async (DraftRecordHandler handler, Actor actor, HttpContext http) => TypedResults.Ok(await handler.HandleAsync(DaysOf(http), actor, http.RequestAborted)))
            .Requires(Permission.SeeInsights).Audits(Read).WithName("ReadDraftFigures").WithSummary("Drafts, decisions, calibration, planted errors and cost of the last 7, 30, 90 or 365 days (query days)");
        api.MapGet("/seeding", async (SeedingRules rules, Actor actor, HttpContext http) =>
        {
            var rule = await rules.ShowAsync(actor, http.RequestAborted);
            Versions.SetETag(http, rule.Version);
            return TypedResults.Ok(rule);
        }).Requires(Permission.ManageClinic).Audits(SeedingRules.Read).WithName("ReadSeeding").WithSummary("How often an error is planted into a draft");
        api.MapPut("/seeding", async (SetSeeding ask, SeedingRules rules, Actor actor, HttpContext http) =>
        {
            var version = Versions.IfMatch(http);
            if (!version.IsOk) return version.Refusal.ToHttp();
            var set = await rules.SetAsync(version.Value, ask, actor, http.RequestAborted);
            if (set.IsOk) Versions.SetETag(http, set.Value.Version);
            return set.ToHttp(TypedResults.Ok);
        }).Requires(Permission.ManageClinic).Audits(SeedingRules.Changed).WithName("SetSeeding").WithSummary("How often an error is planted into a draft to measure the review");
    }

    private static async Task<IResult> ShowAsync(DraftRecordHandler handler, Actor actor, FormState form, HttpContext http) => Page.Of<DraftRecordPage>(
        new { Record = await handler.HandleAsync(DaysOf(http), actor, http.RequestAborted), Form = form, IsAdmin = actor.Role == ClinicRole.Admin, IsChanged = http.Request.Query["done"] == "seeding" },
        form.Refusal?.Status ?? StatusCodes.Status200OK);

    private static int DaysOf(HttpContext http) =>
        int.TryParse(http.Request.Query["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && DraftRecordHandler.Periods.Contains(days) ? days : 90;
}
