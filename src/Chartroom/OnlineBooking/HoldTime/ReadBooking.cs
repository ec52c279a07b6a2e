using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>A visitor's booking as their page shows it.</summary>
public sealed record BookingView(OpenClinic Clinic, string Token, Booking Booking, BookingStage Stage, int SecondsLeft)
{
    /// <summary>The page of this booking.</summary>
    public string Path => $"/book/{Clinic.Slug}/time/{Token}";

    /// <summary>What another time is looked for by: the same, from the same day on.</summary>
    public FindTime Ask => new(Booking.PatientKind == "new" ? PatientKind.New : PatientKind.Existing, Booking.VisitTypeId, null, Booking.LocationId, DateOnly.FromDateTime(Booking.LocalStart));

    /// <summary>True when details wait, sealed, for another time.</summary>
    public bool HasWords => Stage == BookingStage.Ended && Booking.Typed is not null;

    /// <summary>Where another time is chosen.</summary>
    public string Again =>
        $"/book/{Clinic.Slug}?kind={Booking.PatientKind}&type={Booking.VisitTypeId}&at={Booking.LocationId}&from={When.Iso(DateOnly.FromDateTime(Booking.LocalStart))}{(HasWords ? $"&after={Token}" : "")}";
}

/// <summary>A time that was given back.</summary>
/// <param name="Again">Where another one is chosen.</param>
/// <param name="Ask">What is looked for there.</param>
/// <param name="HadLapsed">True when it had ended by itself.</param>
public sealed record ReleasedTime(string Again, FindTime Ask, bool HadLapsed);

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

    /// <summary>Gives the time back; the answer is where another one is chosen. Details for which a code is on its way stay sealed for it.</summary>
    public async Task<Outcome<ReleasedTime>> ReleaseAsync(string slug, string token, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.BookAppointments, ct);
        if (await Booking.TakeAsync(tx, token, ct) is not { } booking) return new ReleasedTime($"/book/{clinic.Slug}", new(), true);
        tx.Audit(new Access("online_booking.ended", "appointment", booking.AppointmentId.Value, Purpose.Operations));
        if (booking.State is "held" or "asked")
        {
            tx.Queue("update online_booking set state = 'ended' where id = @id", new { booking.Id });
            if (booking.HeldUntil > tx.Now) await Holds.ReleaseAsync(tx, booking.AppointmentId, ct);
        }
        await tx.CommitAsync(ct);
        var view = new BookingView(clinic, token, booking, BookingStage.Ended, 0);
        return new ReleasedTime(view.Again, view.Ask, booking.HeldUntil <= tx.Now);
    }
}
