using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>Asks that a time be kept while the visitor fills in the form.</summary>
/// <param name="Kind">Been here before or not, by their own word.</param>
/// <param name="Type">What kind of visit.</param>
/// <param name="At">Where.</param>
/// <param name="Time">The instant, <c>2026-03-02T14:00:00Z</c>.</param>
/// <param name="With">With whom; null: whoever is free.</param>
/// <param name="After">The secret of a booking whose time went while its code was on the way: what was typed there goes on with this time.</param>
public sealed record HoldTime(PatientKind Kind, VisitTypeId Type, LocationId At, string Time, StaffId? With = null, string? After = null);

/// <summary>A time that is kept.</summary>
/// <param name="Token">The secret of the visitor's address; the database keeps its hash.</param>
/// <param name="Until">When it ends by itself.</param>
public sealed record HeldTime(string Token, DateTimeOffset Until);

/// <summary>
/// Keeps a time, or says why not. Visitors of one clinic take turns here, so that the limits (of a network, of a provider's day, of the clinic) are exact; a browser
/// that takes another time gives the one before back. Refusals: <c>online-booking.closed</c>, <c>.not-offered</c>, <c>.time-taken</c>, <c>.too-many-holds</c>.
/// </summary>
internal sealed class HoldTimeHandler(ClinicDoor door, TenantDb db, GiveDetailsHandler details, OnlineBookingSettings settings)
{
    public async Task<Outcome<HeldTime>> HandleAsync(string slug, HoldTime ask, (Origin Origin, string? Browser) from, CancellationToken ct)
    {
        if (await door.BySlugAsync(slug, from.Origin, ct) is not { } clinic) return Refusals.NoBooking;
        if (When.Instant(ask.Time) is not { } start) return Refusals.NotOffered;
        await using var tx = await db.BeginAsync(clinic.ActorOf(from.Origin), Permission.BookAppointments, ct);
        await tx.QueryAsync<string>("select pg_advisory_xact_lock(hashtextextended('online_booking', hashtext(current_schema())))::text", null, ct);
        tx.Audit(new Access("online_booking.held", "appointment", Purpose: Purpose.Operations));
        var offers = await OnlineOffers.ReadAsync(tx, ct);
        if (!offers.Rules.IsOnline) return Refusals.NoBooking;
        if (offers.Places.FirstOrDefault(place => place.Id == ask.At) is not { } place) return Refusals.NotOffered;
        var possible = offers.All.Where(offer => offer.Kind == ask.Kind && offer.VisitTypeId == ask.Type && (ask.With is null || offer.ProviderId == ask.With)).ToList();
        if (possible.Count == 0) return Refusals.NotOffered;

        var visitor = VisitorOf(tx, from.Origin, from.Browser);
        await GiveBackAsync(tx, visitor, ct);
        var day = ClinicTime.DayOf(ClinicTime.TodayAt(start, place.TimeZone), place.TimeZone);
        if (await RefusalOfManyAsync(tx, visitor, ct) is { } tooMany) return tooMany;
        var held = await HoldFirstAsync(tx, ask, (possible, place, start, day), ct);
        if (!held.IsOk) return held.Refusal;

        var token = SecretToken.New();
        tx.Queue(Insert, new
        {
            id = Guid.CreateVersion7(), hash = SecretToken.HashOf(token), appointment = held.Value.Id, kind = ask.Kind == PatientKind.New ? "new" : "existing",
            mode = possible.First(offer => offer.ProviderId == held.Value.ProviderId).Mode, visitor.Network, visitor.Device, until = held.Value.HeldUntil, now = tx.Now,
        });
        await tx.CommitAsync(ct);
        if (ask.After is { } before) await details.CarryAsync((slug, token), before, from.Origin, ct);   // refused, the form asks once more
        return new HeldTime(token, held.Value.HeldUntil);
    }

    private static Visitor VisitorOf(ClinicTx tx, Origin origin, string? browser) => new(
        tx.Blind("online_booking.network", ClientNetwork.Of(origin.Ip)), browser is { Length: > 0 } ? tx.Blind("online_booking.device", browser) : null);

    /// <summary>What this browser holds without having asked for a code is given back: taking another time is a change of mind.</summary>
    private static async Task GiveBackAsync(ClinicTx tx, Visitor visitor, CancellationToken ct)
    {
        if (visitor.Device is null) return;
        foreach (var held in await tx.QueryAsync<AppointmentId>(EndOfDevice, new { visitor.Device, now = tx.Now }, ct)) await Holds.ReleaseAsync(tx, held, ct);
    }

    private async Task<Refusal?> RefusalOfManyAsync(ClinicTx tx, Visitor visitor, CancellationToken ct)
    {
        var open = (await tx.QueryAsync<OpenHolds>(CountOpen, new { visitor.Network, now = tx.Now, hour = tx.Now.AddHours(-1) }, ct)).Single();
        var isTooMany = open.OfNetwork >= settings.HoldsOfNetwork || open.OfNetworkThisHour >= settings.HoldsOfNetworkAnHour || open.OfClinic >= settings.HoldsOfClinic;
        return isTooMany ? Refusals.TooManyHolds.With("retryAfterSeconds", 300) : null;
    }

    /// <summary>The first provider who has the time free and whose day is not held to its share.</summary>
    private async Task<Outcome<HeldSlot>> HoldFirstAsync(ClinicTx tx, HoldTime ask, (List<Offer> Offers, Place Place, DateTimeOffset Start, (DateTimeOffset From, DateTimeOffset To) Within) wish,
        CancellationToken ct)
    {
        var day = ClinicTime.TodayAt(wish.Start, wish.Place.TimeZone);
        var found = await Slots.FindAsync(tx, new()
        {
            VisitTypeId = ask.Type, Providers = [.. wish.Offers.Select(offer => offer.ProviderId)], LocationId = ask.At, From = day, To = day, OnlineFor = ask.Kind, Most = FindTimeHandler.MostStarts,
        }, ct);
        if (!found.IsOk) return Refusals.NotOffered;
        var isDayFull = false;
        foreach (var slot in found.Value.Where(slot => slot.StartsAt == wish.Start))
        {
            var open = (await tx.QueryAsync<long>(CountOfProviderDay, new { provider = slot.ProviderId, wish.Within.From, wish.Within.To, now = tx.Now }, ct)).Single();
            if (open >= settings.HoldsOfProviderDay) isDayFull = true;
            else if (await Holds.HoldAsync(tx, slot.AsQuestion(ask.Type, ask.Kind), ct) is { IsOk: true } held) return held.Value;
        }
        return isDayFull ? Refusals.TooManyHolds.With("retryAfterSeconds", 300) : Refusals.Taken;
    }

    private sealed record Visitor(long Network, long? Device);

    private sealed record OpenHolds(long OfNetwork, long OfNetworkThisHour, long OfClinic);

    private const string EndOfDevice = """
        update online_booking
        set state = 'ended'
        where device = @device and state = 'held' and held_until > @now
        returning appointment_id
        """;

    private const string CountOpen = """
        select count(*) filter (where network = @network and state in ('held', 'asked') and held_until > @now) as of_network,
            count(*) filter (where network = @network and created_at > @hour) as of_network_this_hour,
            count(*) filter (where state in ('held', 'asked') and held_until > @now) as of_clinic
        from online_booking
        where held_until > @now or created_at > @hour
        """;

    private const string CountOfProviderDay = """
        select count(*)
        from online_booking
        join appointment on appointment.id = online_booking.appointment_id
        where online_booking.state in ('held', 'asked') and online_booking.held_until > @now
            and appointment.provider_id = @provider and appointment.starts_at >= @from and appointment.starts_at < @to
        """;

    private const string Insert = """
        insert into online_booking (id, token_hash, appointment_id, state, patient_kind, mode, network, device, held_until, created_at)
        values (@id, @hash, @appointment, 'held', @kind, @mode, @network, @device, @until, @now)
        """;
}
