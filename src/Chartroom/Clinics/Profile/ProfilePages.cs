using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>The clinic's profile, as a step of the wizard and as a page of the settings.</summary>
internal static class ProfilePages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = isWizard ? "/onboarding/profile" : "/settings/clinic";
        pages.MapGet(path, (ClinicProfile profile, Actor actor, CancellationToken ct) => ShowAsync(profile, actor, isWizard, null, null, ct)).ForSetUp("clinic.read");
        pages.MapPost(path, async (Form<ProfileFields> form, ClinicProfile profile, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => profile.ChangeAsync((int)(form.Version ?? 0), ask, actor, ct));
            return changed.IsOk ? Page.SeeOther(path) : await ShowAsync(profile, actor, isWizard, form.Again(changed.Refusal), null, ct);
        }).ForSetUp("clinic.changed");
        if (!isWizard)
        {
            pages.MapGet("/settings", () => Page.SeeOther(path)).ForSetUp("clinic.read");
            return;
        }
        pages.MapPost("/onboarding/profile/done", async (OnboardingState onboarding, Actor actor, CancellationToken ct) =>
        {
            await onboarding.MarkAsync(["profile"], actor, ct);
            return Page.SeeOther("/");
        }).ForSetUp("onboarding.step-saved");
    }

    private static async Task<IResult> ShowAsync(ClinicProfile profile, Actor actor, bool isWizard, FormState? form, FormState? step, CancellationToken ct) => Page.Of<ProfilePage>(
        new { Profile = await profile.ShowAsync(actor, ct), IsWizard = isWizard, Form = form ?? FormState.Fresh, StepForm = step ?? FormState.Fresh },
        form?.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
}
