using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>A visitor's booking as their page shows it.</summary>
public sealed record BookingView(OpenClinic Clinic, string Token, Booking Booking, BookingStage Stage, int SecondsLeft)
{
    /// <summary>The page of this booking.</summary>
    public string Path => $"/book/{Clinic.Slug}/time/{Token}";

    /// <summary>Where another time is chosen.</summary>
    public string Again => $"/book/{Clinic.Slug}?kind={Booking.PatientKind}&type={Booking.VisitTypeId}&at={Booking.LocationId}";
}

/// <summary>Shows how far a booking has come, and gives its time back. Whoever has the secret of the address learns the time they chose and nothing else.</summary>
internal sealed class ReadBookingHandler(ClinicDoor door, TenantDb db)
{
    public async Task<Outcome<BookingView>> HandleAsync(string slug, string token, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.SeeAppointments, ct);
        tx.Audit(new Access("online_booking.read", "appointment", Purpose: Purpose.Operations));
        var booking = await Booking.FindAsync(tx, token, ct);
        await tx.CommitAsync(ct);
        if (booking is null) return Refusals.Lapsed;
        return new BookingView(clinic, token, booking, booking.StageAt(tx.Now), Math.Max(0, (int)(booking.HeldUntil - tx.Now).TotalSeconds));
    }

    /// <summary>Gives the time back; the answer is where another one is chosen.</summary>
    public async Task<Outcome<string>> ReleaseAsync(string slug, string token, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.BookAppointments, ct);
        if (await Booking.TakeAsync(tx, token, ct) is not { } booking) return $"/book/{clinic.Slug}";
        tx.Audit(new Access("online_booking.ended", "appointment", booking.AppointmentId.Value, Purpose.Operations));
        if (booking.State is "held" or "asked")
        {
            tx.Queue("update online_booking set state = 'ended', typed = null, typed_key_version = null, code = null where id = @id", new { booking.Id });
            if (booking.HeldUntil > tx.Now) await Holds.ReleaseAsync(tx, booking.AppointmentId, ct);
        }
        await tx.CommitAsync(ct);
        return new BookingView(clinic, token, booking, BookingStage.Ended, 0).Again;
    }
}
