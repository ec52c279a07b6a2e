using Chartroom.Patients;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.BreakGlass;

/// <summary>Breaking the glass, and ending it, by page and API.</summary>
internal static class EmergencyRoutes
{
    private static readonly string[] Opens = ["break_glass.opened", "break_glass.announced", "patient.read"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/patients/{id}/break-glass", async (PatientId id, OpenInEmergency ask, OpenInEmergencyHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(id, ask, actor, ct)).ToHttp(opened => TypedResults.Created($"/api/v1/break-glass/{opened.Id}", opened)))
            .WithTags("Access").Requires(Permission.BreakGlass).Audits(Opens).WithSummary("Opens a chart in an emergency, for this session and 60 minutes; all administrators are told.");
        routes.MapPost("/api/v1/break-glass/{access}/end", async (Guid access, EndEmergencyHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(access, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .WithTags("Access").Requires(Permission.BreakGlass).Audits("break_glass.ended").WithSummary("Ends one's own emergency access.");

        var page = routes.MapGroup("/patients/{id}/break-glass").ExcludeFromDescription().Requires(Permission.BreakGlass);
        page.MapGet("", async (PatientId id, OpenInEmergencyHandler handler, Actor actor, CancellationToken ct) => await ShowAsync(id, FormState.Fresh, handler, actor, ct))
            .Audits("patient.read");
        page.MapPost("", async (PatientId id, Form<OpenInEmergency> form, OpenInEmergencyHandler handler, Actor actor, CancellationToken ct) =>
        {
            var opened = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, ct));
            return opened.IsOk ? Page.SeeOther($"/patients/{id}/chart") : await ShowAsync(id, form.Again(opened.Refusal), handler, actor, ct);
        }).Audits(Opens);
        routes.MapPost("/break-glass/{access}/end", async (Guid access, Form<Nothing> form, EndEmergencyHandler handler, Actor actor, CancellationToken ct) =>
        {
            var ended = await handler.HandleAsync(access, actor, ct);
            return ended.IsOk ? Page.SeeOther("/patients") : Page.Refused(ended.Refusal);
        }).ExcludeFromDescription().Requires(Permission.BreakGlass).Audits("break_glass.ended");
    }

    private static async Task<IResult> ShowAsync(PatientId id, FormState form, OpenInEmergencyHandler handler, Actor actor, CancellationToken ct)
    {
        var patient = await handler.AskAsync(id, actor, ct);
        if (!patient.IsOk) return Page.Refused(patient.Refusal);
        return Page.Of<BreakGlassPage>(new { Patient = patient.Value, Form = form }, form.Refusal?.Status ?? StatusCodes.Status200OK);
    }
}
