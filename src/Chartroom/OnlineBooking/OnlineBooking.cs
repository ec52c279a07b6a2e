using Chartroom.Platform;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.OnlineBooking;

/// <summary>Patients book, move and cancel visits on a public page, without an account.</summary>
internal static class OnlineBookingSetup
{
    public static void AddOnlineBooking(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(PlatformSetup.Read<OnlineBookingSettings>(configuration, "OnlineBooking"))
        .AddSingleton(new SealedColumn("online_booking", "typed") { OfPatient = null, VersionColumn = "typed_key_version" })
        .AddSingleton<ClinicDoor>().AddSingleton<VisitLinks>().AddSingleton<FindTimeHandler>().AddSingleton<HoldTimeHandler>().AddSingleton<ReadBookingHandler>()
        .AddSingleton<GiveDetailsHandler>().AddSingleton<GiveCodeHandler>().AddSingleton<ManageVisitHandler>();

    public static void MapOnlineBooking(this IEndpointRouteBuilder routes)
    {
        BookingPages.Map(routes);
        ManagePages.Map(routes);
    }
}
