using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>The clinic's rules of booking, for people and programs.</summary>
internal static class RulesRoutes
{
    private const string Path = "/settings/scheduling";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (bool? saved, SchedulingRulesBook book, Actor actor, CancellationToken ct) => ShowAsync(book, actor, FormState.Fresh, saved is true, ct))
            .ForSettings("scheduling_rules.read").IsPage();
        routes.MapPost(Path, async (Form<SchedulingRulesFields> form, SchedulingRulesBook book, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => book.ChangeAsync(SettingsRoutes.VersionOf(form), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(Path + "?saved=true") : await ShowAsync(book, actor, form.Again(changed.Refusal), false, ct);
        }).ForSettings("scheduling_rules.changed", "scheduling_rules.read").IsPage();

        var api = routes.MapGroup("/api/v1/clinic").WithTags("Scheduling");
        api.MapGet("/scheduling-rules", async (SchedulingRulesBook book, HttpContext context, Actor actor, CancellationToken ct) =>
        {
            var (fields, version) = await book.ShowAsync(actor, ct);
            Versions.SetETag(context, version);
            return TypedResults.Ok(fields);
        }).Requires(Permission.SeeClinic).WithoutAgreement().Audits("scheduling_rules.read").WithName("ReadSchedulingRules").WithSummary("The clinic's rules of booking");
        api.MapPut("/scheduling-rules", (SchedulingRulesFields ask, SchedulingRulesBook book, HttpContext context, Actor actor, CancellationToken ct) =>
            SettingsRoutes.VersionedAsync(context, version => book.ChangeAsync(version, ask, actor, ct)))
            .ForSettings("scheduling_rules.changed").Produces(StatusCodes.Status204NoContent).WithName("ChangeSchedulingRules").WithSummary("Change them");
    }

    private static async Task<IResult> ShowAsync(SchedulingRulesBook book, Actor actor, FormState form, bool isSaved, CancellationToken ct)
    {
        var (fields, version) = await book.ShowAsync(actor, ct);
        return Page.Of<RulesPage>(new { Fields = fields, Version = version, IsSaved = isSaved, Form = form.Against(RulesPage.Seen(fields), version) }, SettingsRoutes.StatusOf(form));
    }
}
