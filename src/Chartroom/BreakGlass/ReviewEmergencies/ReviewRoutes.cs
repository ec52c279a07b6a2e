using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.BreakGlass;

/// <summary>The review queue, by page and API.</summary>
internal static class ReviewRoutes
{
    private const string Path = "/settings/break-glass";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/break-glass").WithTags("Access").Requires(Permission.ReviewEmergencies);
        api.MapGet("", async (Guid? before, EmergencyQueue queue, Actor actor, CancellationToken ct) => TypedResults.Ok(await queue.ListAsync(before, null, actor, ct)))
            .Audits(EmergencyQueue.Listed).WithSummary("Emergency accesses with their reasons and findings, newest first.");
        api.MapPost("/{access}/review", async (Guid access, ReviewEmergency ask, ReviewEmergencyHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(access, ask, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .RequiresStepUp().Audits("break_glass.reviewed", "break_glass.self-reviewed").WithSummary("Judges an emergency access, once; one's own only where there is no other administrator.");

        var pages = routes.MapGroup(Path).ExcludeFromDescription().Requires(Permission.ReviewEmergencies);
        pages.MapGet("", async (Guid? before, EmergencyQueue queue, ReviewEmergencyHandler handler, HttpContext http, Actor actor) =>
        {
            var part = await queue.ListAsync(before, null, actor, http.RequestAborted);
            await TidyAsync(part, handler, http, actor);
            return Show(part, null, http, actor);
        }).Audits(EmergencyQueue.Listed, "break_glass.reviewed");
        pages.MapGet("/{access:guid}", async (Guid access, EmergencyQueue queue, HttpContext http, Actor actor) => await ShowOneAsync(access, FormState.Fresh, queue, http, actor))
            .Audits(EmergencyQueue.Listed);
        pages.MapPost("/{access:guid}/review", async (Guid access, Form<ReviewEmergency> form, EmergencyQueue queue, ReviewEmergencyHandler handler, HttpContext http) =>
        {
            var actor = http.Features.Get<Actor>() ?? throw new InvalidOperationException("The route asks for a permission, so somebody is signed in.");
            var done = await form.ThenAsync(ask => handler.HandleAsync(access, ask, actor, http.RequestAborted));
            return done.IsOk ? Page.SeeOther(Path) : await ShowOneAsync(access, form.Again(done.Refusal), queue, http, actor);
        }).RequiresStepUp().Audits("break_glass.reviewed", "break_glass.self-reviewed", EmergencyQueue.Listed);
    }

    private static async Task<IResult> ShowOneAsync(Guid access, FormState form, EmergencyQueue queue, HttpContext http, Actor actor)
    {
        var part = await queue.ListAsync(null, access, actor, http.RequestAborted);
        return part.Accesses.Count == 0 ? Page.Refused(Refusals.NoSuchAccess) : Show(part, form, http, actor);
    }

    private static IResult Show(EmergencyPart part, FormState? form, HttpContext http, Actor actor) => Page.Of<EmergenciesPage>(
        new { Part = part, Form = form, Zone = http.Features.Get<SignedIn>()?.TimeZone ?? "UTC", Own = actor.Person.Value }, form?.Refusal?.Status ?? StatusCodes.Status200OK);

    /// <summary>A node that died between a finding and its mark left a notice that nobody can answer; whoever opens the queue takes it away.</summary>
    private static async Task TidyAsync(EmergencyPart part, ReviewEmergencyHandler handler, HttpContext http, Actor actor)
    {
        var judged = part.Accesses.Where(access => access.Finding is not null).Select(access => access.Id).ToArray();
        if (http.Features.Get<SignedIn>()?.EmergenciesToReview > part.Accesses.Count - judged.Length && judged.Length > 0 && part.Next is null)
            await handler.MarkAsync(judged, actor, http.RequestAborted);
    }
}
