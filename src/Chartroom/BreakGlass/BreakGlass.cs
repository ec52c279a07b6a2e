using Chartroom.Patients;
using Chartroom.Platform.Vault;

namespace Chartroom.BreakGlass;

/// <summary>Charts that open for their care team only, and the way past that in an emergency (ACC-12).</summary>
internal static class BreakGlassSetup
{
    public static void AddBreakGlass(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("break_glass", "content")).AddSingleton(new SealedColumn("break_glass_review", "content") { Row = "break_glass_id" })
        .AddSingleton<RestrictChartHandler>().AddSingleton<OpenInEmergencyHandler>().AddSingleton<EndEmergencyHandler>()
        .AddSingleton<EmergencyMails>().AddSingleton<EmergencyQueue>().AddSingleton<ReviewEmergencyHandler>()
        .AddSingleton(new PatientPageSection("Who may open the chart", Permission.SeePatients, typeof(ChartAccessPart)));

    public static void MapBreakGlass(this IEndpointRouteBuilder routes)
    {
        RestrictionRoutes.Map(routes);
        EmergencyRoutes.Map(routes);
        ReviewRoutes.Map(routes);
    }
}
