using Chartroom.Platform;
using Chartroom.Platform.Web;

namespace Chartroom.Staff;

/// <summary>Who works at the clinic, as what, and when.</summary>
public static class Staff
{
    /// <summary>Registers the handlers and reads section <c>Invites</c>.</summary>
    public static IServiceCollection AddStaff(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(PlatformSetup.Read<InviteLimits>(configuration, "Invites"))
        .AddSingleton<StaffMirror>().AddSingleton<StaffDirectory>().AddSingleton<StaffBook>().AddSingleton<Membership>()
        .AddSingleton<InviteStaffHandler>().AddSingleton<InviteBook>().AddSingleton<HoursBook>().AddSingleton<RoleMatrixHandler>();

    /// <summary>Work in the background, for the verb <c>serve</c>.</summary>
    public static IServiceCollection AddStaffWorkers(this IServiceCollection services) => services.AddHostedService<MirrorAtStart>();

    /// <summary>Pages and API.</summary>
    public static void MapStaff(this IEndpointRouteBuilder routes)
    {
        foreach (var step in new[] { null, "providers", "staff" })
        {
            StaffPages.Map(routes, step);
            EditStaffPages.Map(routes, step);
        }
        foreach (var isWizard in new[] { true, false })
        {
            HoursPages.Map(routes, isWizard);
            EditHoursPages.Map(routes, isWizard);
        }
        StaffApi.Map(routes);
        RoleMatrixHandler.Map(routes);
    }

    /// <summary>A route of an admin who arranges staff; it shows no PHI, so it works before the agreement is signed.</summary>
    internal static RouteHandlerBuilder ForStaff(this RouteHandlerBuilder route, params string[] events) =>
        route.Requires(Permission.ManageStaff).WithoutAgreement().Audits(events);
}
