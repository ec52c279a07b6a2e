using Chartroom.Clinics;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>Where somebody should be: a page, or words that say why there is none yet.</summary>
internal sealed record NextPage(string? Page, string Title = "", string Words = "");

/// <summary>Leads from the start page to the step that is due: sign in, second factor, agreement, wizard, day.</summary>
internal sealed class StartHandler(ClinicOpening opening, OnboardingState onboarding)
{
    public async Task<NextPage> HandleAsync(SignedIn? who, Origin origin, CancellationToken ct)
    {
        if (who is null) return new("/sign-in");
        if (who.StageNow() is var stage && stage != SessionStage.Open) return new(SessionStages.PageOf(stage));
        if (who.ClinicId is not { } clinic || who.ClinicRole is not { } role || who.ClinicState == "closed")
            return new(null, "No clinic", "Your account belongs to no clinic at the moment. Ask the administrator of your practice to invite you.");
        await opening.EnsureAsync(clinic, isProvisioned: who.ClinicState == "active", ct);   // what was cut off goes on now
        if (role == ClinicRole.Admin) return new(await onboarding.NextPageAsync(new Actor(clinic, who.PersonId, role, origin), who.IsAgreementSigned, ct) ?? "/day");
        return who.IsAgreementSigned
            ? new("/day")
            : new(null, "Almost there", "Your clinic has yet to sign the agreement about patient data. Its administrator can do so; then come back.");
    }
}
