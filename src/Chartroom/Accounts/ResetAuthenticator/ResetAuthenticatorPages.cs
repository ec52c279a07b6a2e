using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>Reached from a colleague's page in the settings. The code is the answer to the form, so nobody comes back to it.</summary>
internal static class ResetAuthenticatorPages
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        const string path = "/settings/staff/{id:guid}/authenticator";
        routes.MapGet(path, async (Guid id, ResetAuthenticatorHandler handler, Actor actor, CancellationToken ct) =>
        {
            var shown = await handler.ShowAsync(new(id), actor, ct);
            return shown.IsOk ? Page.Of<ResetAuthenticatorPage>(new { Who = shown.Value }) : Page.Refused(shown.Refusal);
        }).Requires(Permission.ManageStaff).WithoutAgreement().RequiresStepUp().Audits("authenticator.reset");
        routes.MapPost(path, async (Guid id, Form<Nothing> _, ResetAuthenticatorHandler handler, Actor actor, CancellationToken ct) =>
        {
            var shown = await handler.ShowAsync(new(id), actor, ct);
            if (!shown.IsOk) return Page.Refused(shown.Refusal);
            var reset = await handler.HandleAsync(new(id), actor, ct);
            return reset.IsOk ? Page.Of<ResetAuthenticatorPage>(new { Who = shown.Value, HandOver = reset.Value }) : Page.Refused(reset.Refusal);
        }).Requires(Permission.ManageStaff).WithoutAgreement().RequiresStepUp().Audits("authenticator.reset");
        routes.MapPost("/api/v1/staff/{id:guid}/authenticator/reset", async (Guid id, ResetAuthenticatorHandler handler, Actor actor, CancellationToken ct) =>
            (await handler.HandleAsync(new(id), actor, ct)).ToHttp(TypedResults.Ok)).Requires(Permission.ManageStaff).WithoutAgreement().RequiresStepUp()
            .Audits("authenticator.reset").WithTags("Staff").Produces<HandOver>().WithSummary("Take a lost authenticator out of a colleague's account; tell them the code yourself");
    }
}
