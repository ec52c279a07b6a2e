using Chartroom.Platform;
using Chartroom.Platform.Web;

namespace Chartroom.OutsideCalendars;

/// <summary>A provider's visits for calendar programs, and busy times out of calendars elsewhere (S18).</summary>
internal static class OutsideCalendarsSetup
{
    public static IServiceCollection AddOutsideCalendars(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = PlatformSetup.Read<OutsideCalendarSettings>(configuration, "OutsideCalendars");
        services.AddHttpClient(OutsideFetch.Client).ConfigurePrimaryHttpMessageHandler(() => OpenInternet.Handler(settings.AllowLoopback, OutsideFetch.Longest));
        return services.AddSingleton(settings).AddSingleton<FeedBook>().AddSingleton<CalendarBook>().AddSingleton<OutsideFetch>().AddSingleton<BusyReader>().AddSingleton<BusyWorker>();
    }

    /// <summary>Work in the background, for the verb <c>serve</c>.</summary>
    public static IServiceCollection AddOutsideCalendarWorkers(this IServiceCollection services) => services.AddHostedService(provider => provider.GetRequiredService<BusyWorker>());

    public static void MapOutsideCalendars(this IEndpointRouteBuilder routes) => CalendarRoutes.Map(routes);
}
