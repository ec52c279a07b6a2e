using Chartroom.Clinics;
using Chartroom.Shell;

namespace Chartroom.Staff;

/// <summary>Everybody's weekly hours, as a step of the wizard and as a page of the settings. They are changed on a page of each provider's own.</summary>
internal static class HoursPages
{
    internal static void Map(IEndpointRouteBuilder pages, bool isWizard)
    {
        var path = PathOf(isWizard);
        pages.MapGet(path, async (StaffDirectory staff, ClinicDirectory clinic, HoursBook hours, Actor actor, CancellationToken ct) => Page.Of<HoursPage>(new
        {
            Providers = (await staff.ListAsync(actor, ct)).Where(member => member.IsProvider).ToList(),
            Locations = await clinic.LocationsAsync(actor, ct),
            Hours = await hours.ListAsync(actor, ct),
            IsWizard = isWizard,
        })).ForStaff("hours.listed", "staff.listed", "locations.listed");
        if (!isWizard) return;
        pages.MapPost(path, async (OnboardingState onboarding, Actor actor, CancellationToken ct) =>
        {
            await onboarding.FinishAsync("hours", actor, ct);   // never refused: hours may come later
            return Page.SeeOther("/");
        }).ForStaff("onboarding.step-saved");
    }

    internal static string PathOf(bool isWizard) => isWizard ? "/onboarding/hours" : "/settings/hours";
}
