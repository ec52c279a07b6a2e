using Chartroom.Platform.Tenancy;

namespace Chartroom.OnlineBooking;

/// <summary>Numbers under which equal values meet without being readable; keyed by the clinic, so that a stolen table cannot be tried out.</summary>
internal static class Blinds
{
    public static long Email(ClinicTx tx, string email) => tx.Blind("online_booking.email", email.ToLowerInvariant());

    public static long Code(ClinicTx tx, Guid booking, string code) => tx.Blind("online_booking.code", $"{booking:N} {code}");
}
