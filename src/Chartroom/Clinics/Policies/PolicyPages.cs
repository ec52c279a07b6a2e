using Chartroom.Platform.Identity;
using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>The page of the settings on which an admin tightens what is asked of the staff's accounts.</summary>
internal static class PolicyPages
{
    private const string Path = "/settings/policies";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, (ClinicPolicies policies, Actor actor, CancellationToken ct) => ShowAsync(policies, actor, FormState.Fresh, ct)).ForSetUp("policies.read");
        pages.MapPost(Path, async (Form<PolicyFields> form, ClinicPolicies policies, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => policies.ChangeAsync((int)(form.Version ?? 0), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(Path) : await ShowAsync(policies, actor, form.Again(changed.Refusal), ct);
        }).ForSetUp("policies.changed", "policies.read").RequiresStepUp();
    }

    private static async Task<IResult> ShowAsync(ClinicPolicies policies, Actor actor, FormState form, CancellationToken ct)
    {
        var stored = await policies.ShowAsync(actor, ct);
        return Page.Of<PoliciesPage>(new { Policies = stored, Form = form.Against(PoliciesPage.Seen(stored.Fields), stored.Version) },
            form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
    }
}
