using Chartroom.Shell;

namespace Chartroom.Clinics;

/// <summary>The clinic's profile, as a step of the wizard and as a page of the settings.</summary>
internal static class ProfilePages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = isWizard ? "/onboarding/profile" : "/settings/clinic";
        pages.MapGet(path, (ClinicProfile profile, Actor actor, CancellationToken ct) => ShowAsync(profile, actor, isWizard, FormState.Fresh, ct)).ForSetUp("clinic.read");
        pages.MapPost(path, async (Form<Asked> form, ClinicProfile profile, OnboardingState onboarding, Actor actor, CancellationToken ct) =>
        {
            var changed = await form.ThenAsync(ask => profile.ChangeAsync((int)(form.Version ?? 0), ask.Fields, actor, ct));
            if (!changed.IsOk) return await ShowAsync(profile, actor, isWizard, form.Again(changed.Refusal), ct);
            if (form.Ask.Value.Then != OnboardingStep.GoOn) return Page.SeeOther(path);
            await onboarding.FinishAsync("profile", actor, ct);   // never refused: the clinic has a name
            return Page.SeeOther("/");
        }).ForSetUp("clinic.changed", "onboarding.step-saved");
        if (!isWizard) pages.MapGet("/settings", () => Page.SeeOther(path)).ForSetUp("clinic.read");
    }

    private sealed record Asked(string Name, string Phone, string TimeZone, string? Then)
    {
        internal ProfileFields Fields => new(Name, Phone, TimeZone);
    }

    private static async Task<IResult> ShowAsync(ClinicProfile profile, Actor actor, bool isWizard, FormState form, CancellationToken ct)
    {
        var stored = await profile.ShowAsync(actor, ct);
        return Page.Of<ProfilePage>(new { Profile = stored, IsWizard = isWizard, Form = form.Against(ProfilePage.Seen(stored), stored.Version) },
            form.Refusal is { } refusal ? SetUpRoutes.StatusOf(refusal) : StatusCodes.Status200OK);
    }
}
