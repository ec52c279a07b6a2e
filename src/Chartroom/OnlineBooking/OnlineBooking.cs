using Chartroom.Platform;
using Chartroom.Platform.News;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>Patients book, move and cancel visits on a public page, without an account.</summary>
internal static class OnlineBookingSetup
{
    public static void AddOnlineBooking(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var chore in SpentBookings.All) services.AddSingleton(chore);
        services.AddSingleton(PlatformSetup.Read<OnlineBookingSettings>(configuration, "OnlineBooking"));
        services.AddSingleton(new SealedColumn("online_booking", "typed") { OfPatient = null, VersionColumn = "typed_key_version" });
        foreach (var trace in SpentBookings.OfPatient) services.AddSingleton(trace);
        services.AddSingleton<ClinicDoor>().AddSingleton<VisitLinks>().AddSingleton<FindTimeHandler>().AddSingleton<HoldTimeHandler>().AddSingleton<ReadBookingHandler>()
            .AddSingleton<GiveDetailsHandler>().AddSingleton<GiveCodeHandler>().AddSingleton<ManageVisitHandler>()
            .AddSingleton<DecisionNotices>().AddSingleton<BookingRequestsHandler>().AddSingleton(BookingRequestsHandler.Waiting)
            .AddSingleton(provider => new RequestSettled(provider.GetRequiredService<DecisionNotices>().Wait));
    }

    /// <summary>Work in the background, for the verb <c>serve</c>.</summary>
    public static IServiceCollection AddOnlineBookingWorkers(this IServiceCollection services) => services.AddHostedService<NoticeWorker>();

    public static void MapOnlineBooking(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<NewsDesk>().Watched.Add("asked", "visit", "online_booking");   // the day tells how many wait
        BookingPages.Map(routes);
        ManagePages.Map(routes);
        RequestPages.Map(routes);
        BookingApi.Map(routes);
        VisitLinkApi.Map(routes);
        RequestsApi.Map(routes);
    }
}

/// <summary>What bookings leave behind. What came to nothing goes after a day, the words typed into it within the hour after they could still be used; the rest thirty days after the visit.</summary>
internal static class SpentBookings
{
    /// <summary>Where they can be reached, and the links by which they manage visits.</summary>
    internal static IReadOnlyList<PatientTrace> OfPatient { get; } =
        [new("delete from visit_link where patient_id = @patient"), new("delete from online_booking where patient_id = @patient")];

    internal static IReadOnlyList<ClinicChore> All { get; } =
    [
        new("update online_booking set typed = null, typed_key_version = null, code = null, state = 'ended' where state <> 'done' and (state <> 'ended' or typed is not null) and held_until < @before",
            (_, now) => new { before = now.AddMinutes(-15) }),
        new("delete from online_booking where state = 'ended' and created_at < @before", (_, now) => new { before = now.AddDays(-1) }),
        new("delete from online_mail where sent_at < @before", (_, now) => new { before = now.AddHours(-1) }),
        new("""
            delete from online_booking
            using appointment
            where appointment.id = online_booking.appointment_id and appointment.ends_at < @before
            """, (_, now) => new { before = now.AddDays(-30) }),
        new("""
            delete from visit_link
            using appointment
            where appointment.id = visit_link.appointment_id and appointment.ends_at < @before
            """, (_, now) => new { before = now.AddDays(-30) }),
    ];
}
