using Chartroom.Platform.Web;

namespace Chartroom.Clinics;

/// <summary>The clinic itself: its agreement, profile, places and visit types, and the wizard that asks for them.</summary>
public static class Clinics
{
    /// <summary>Registers the handlers.</summary>
    public static IServiceCollection AddClinics(this IServiceCollection services) => services
        .AddSingleton<ClinicOpening>().AddSingleton<OnboardingState>().AddSingleton<SignAgreementHandler>()
        .AddSingleton<ClinicProfile>().AddSingleton<ClinicPolicies>().AddSingleton<DataPlaces>().AddSingleton<ClinicDirectory>().AddSingleton<LocationBook>().AddSingleton<PlaceThings>().AddSingleton<VisitTypeBook>();

    /// <summary>Pages and API.</summary>
    public static void MapClinics(this IEndpointRouteBuilder routes)
    {
        AgreementPages.Map(routes);
        foreach (var isWizard in new[] { true, false })
        {
            ProfilePages.Map(routes, isWizard);
            LocationPages.Map(routes, isWizard);
            EditPlacePages.Map(routes, isWizard);
            VisitTypePages.Map(routes, isWizard);
        }
        PolicyPages.Map(routes);
        DataPlaces.Map(routes);
        ClinicsApi.Map(routes);
    }
}

/// <summary>What the pages of setting up have in common.</summary>
internal static class SetUpRoutes
{
    /// <summary>A route of an admin who sets up the clinic; it shows no PHI, so it works before the agreement is signed.</summary>
    internal static RouteHandlerBuilder ForSetUp(this RouteHandlerBuilder route, params string[] events) =>
        route.Requires(Permission.ManageClinic).WithoutAgreement().Audits(events);

    /// <summary>After a button without fields: the list again, or the refusal as the shell shows it.</summary>
    internal static IResult After(string path, Outcome<Done> outcome) => outcome.IsOk ? Shell.Page.SeeOther(path) : Shell.Page.Refused(outcome.Refusal);

    /// <summary>Status of a page that shows its form again.</summary>
    internal static int StatusOf(Refusal refusal) => refusal.Status == StatusCodes.Status412PreconditionFailed ? refusal.Status : StatusCodes.Status422UnprocessableEntity;
}
