using Chartroom.Patients;
using Chartroom.Platform;
using Chartroom.Platform.News;
using Chartroom.Platform.Vault;

namespace Chartroom.Scheduling;

/// <summary>The calendar: booking, moving, cancelling, the course of a visit, the day.</summary>
public static class SchedulingSetup
{
    /// <summary>Registers the handlers.</summary>
    public static void AddScheduling(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new SealedColumn("appointment", "reason") { VersionColumn = "reason_key_version" });
        builder.Services.AddSingleton<Board.BoardHandler>().AddSingleton<Unclosed.UnclosedHandler>().AddSingleton(Unclosed.UnclosedHandler.Waiting);
        builder.Services.AddSingleton(new SealedColumn("outside_calendar", "address") { VersionColumn = "address_key_version", OfPatient = null });
        builder.Services.AddSingleton(LapsedHolds.Sweep);
        builder.Services.AddSettings();
        builder.Services.AddSeries();
        builder.Services.AddSingleton<BookAppointmentHandler>().AddSingleton<MoveAppointmentHandler>().AddSingleton<ChangeReasonHandler>().AddSingleton<CancelAppointmentHandler>()
            .AddSingleton<ChangeStatusHandler>().AddSingleton<UndoMoveHandler>().AddSingleton<DayViewHandler>().AddSingleton<CalendarHandler>().AddSingleton<CalendarBell>().AddSingleton<DayEvents>().AddSingleton<ChangeLookHandler>().AddSingleton<ChangeKeysHandler>().AddSingleton<ReadVisitHandler>()
            .AddSingleton<VisitViewHandler>().AddSingleton<BookingChoicesHandler>().AddSingleton<SlotsHandler>().AddSingleton<MoveFormHandlers>()
            .AddSingleton<PatientVisitsHandler>().AddSingleton(new PatientPageSection("Visits", Permission.SeeAppointments, typeof(VisitsPart)));
    }

    /// <summary>What the settings need.</summary>
    private static void AddSettings(this IServiceCollection services) => services.AddSingleton<SchedulingRulesBook>().AddSingleton<OnlineOffersBook>().AddSingleton<ClosureBook>()
        .AddSingleton<TimeOffBook>().AddSingleton<ShiftBook>().AddSingleton<CancelReasonBook>();

    /// <summary>What series need.</summary>
    private static void AddSeries(this IServiceCollection services) => services.AddSingleton<BookSeriesHandler>().AddSingleton<ChangeSeriesHandler>().AddSingleton<ReadSeriesHandler>()
        .AddSingleton(new VisitPageSection("Series", Permission.SeeAppointments, typeof(SeriesPart)));

    /// <summary>Pages and API.</summary>
    public static void MapScheduling(this IEndpointRouteBuilder routes)
    {
        CalendarBell.Watch(routes.ServiceProvider.GetRequiredService<NewsDesk>());
        VisitApi.Map(routes);
        VisitPages.Map(routes);
        Board.BoardRoutes.Map(routes);
        Unclosed.UnclosedRoutes.Map(routes);
        SettingsRoutes.Map(routes);
        DayEvents.Map(routes);
        SeriesApi.Map(routes);
        SeriesPages.Map(routes);
    }
}
