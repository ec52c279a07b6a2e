using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>What a visitor has chosen so far. All of it stands in the address, so none of it says who they are.</summary>
/// <param name="Kind">Been here before or not.</param>
/// <param name="Type">What kind of visit.</param>
/// <param name="With">With whom; null: anybody.</param>
/// <param name="At">Where; null: the first place.</param>
/// <param name="From">First day to show; null: today.</param>
public sealed record FindTime(PatientKind? Kind = null, VisitTypeId? Type = null, StaffId? With = null, LocationId? At = null, DateOnly? From = null);

/// <summary>A start that can be had, with whoever has it free.</summary>
/// <param name="StartsAt">The instant.</param>
/// <param name="Local">By the clock of the place.</param>
public sealed record FreeTime(DateTimeOffset StartsAt, DateTime Local)
{
    private const int Quarter = 15;

    /// <summary>Those that a person chooses from: quarters of an hour (halves for visits from half an hour on), and the first of every gap. A calendar that starts visits every five
    /// minutes would show a hundred buttons a day and be left with holes. Pure.</summary>
    internal static List<FreeTime> Shown(IEnumerable<FreeTime> all, int minutes)
    {
        var step = minutes < 2 * Quarter ? Quarter : 2 * Quarter;
        var (shown, last) = (new List<FreeTime>(), (DateTimeOffset?)null);
        foreach (var time in all.DistinctBy(time => time.StartsAt).OrderBy(time => time.StartsAt))
        {
            if (time.Local.Minute % step == 0 || last is null || time.StartsAt - last > TimeSpan.FromMinutes(step)) shown.Add(time);
            last = time.StartsAt;
        }
        return shown;
    }
}

/// <summary>What the page shows.</summary>
public sealed record TimesView
{
    public required OpenClinic Clinic { get; init; }
    public required OnlineOffers Offers { get; init; }
    /// <summary>What was chosen, with what follows from it filled in; null when the clinic offers nothing.</summary>
    public FindTime? Chosen { get; init; }
    public Place? Place { get; init; }
    /// <summary>First day shown and the last, inclusive.</summary>
    public DateOnly From { get; init; }
    public DateOnly To { get; init; }
    public DateOnly Today { get; init; }
    /// <summary>Last day that may be offered.</summary>
    public DateOnly Horizon { get; init; }
    public IReadOnlyList<FreeTime> Times { get; init; } = [];
    /// <summary>Where the next time after these days is, when these days have none.</summary>
    public DateOnly? FirstFree { get; init; }
    public bool IsRequest { get; init; }

    /// <summary>Types offered to the chosen kind of patient.</summary>
    public IEnumerable<Offer> Types => Offers.All.Where(offer => offer.Kind == Chosen?.Kind).DistinctBy(offer => offer.VisitTypeId);

    /// <summary>Who offers the chosen type.</summary>
    public IEnumerable<Offer> Providers => Offers.All.Where(offer => offer.Kind == Chosen?.Kind && offer.VisitTypeId == Chosen?.Type);
}

/// <summary>
/// Shows what can be booked and the free times of a week. Refuses <c>online-booking.closed</c> alike for an unknown clinic and one whose page is off.
/// A choice that does not fit the others gives way to one that does, so that every address shows something.
/// </summary>
internal sealed class FindTimeHandler(ClinicDoor door, TenantDb db)
{
    /// <summary>Days shown at once.</summary>
    internal const int DaysShown = 7;

    /// <summary>Starts that are looked at for them: twelve providers, a start every five minutes.</summary>
    internal const int MostStarts = 20_000;

    public async Task<Outcome<TimesView>> HandleAsync(string slug, FindTime ask, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.SeeAppointments, ct);
        tx.Audit(new Access("online_times.read", "appointment", Purpose: Purpose.Operations));
        var offers = await OnlineOffers.ReadAsync(tx, ct);
        if (!offers.Rules.IsOnline)
        {
            await tx.CommitAsync(ct);
            return Refusals.NoBooking;
        }
        var view = Choose(new TimesView { Clinic = clinic, Offers = offers }, ask, tx.Now);
        if (view.Chosen is not null) view = await FillAsync(tx, view, ct);
        await tx.CommitAsync(ct);
        return view;
    }

    /// <summary>The first fitting offer for whatever was not chosen, or does not fit. Pure.</summary>
    internal static TimesView Choose(TimesView view, FindTime ask, DateTimeOffset now)
    {
        var kind = ask.Kind ?? PatientKind.Existing;
        var ofKind = view.Offers.All.Where(offer => offer.Kind == kind).ToList();
        if (ofKind.Count == 0 && ask.Kind is null) ofKind = [.. view.Offers.All];
        var first = ofKind.Find(offer => offer.VisitTypeId == ask.Type) ?? ofKind.FirstOrDefault();
        if (first is null) return view with { Chosen = view.Offers.All.Count == 0 ? null : new(kind) };
        var providers = ofKind.Where(offer => offer.VisitTypeId == first.VisitTypeId).ToList();
        var with = providers.Any(offer => offer.ProviderId == ask.With) ? ask.With : null;
        var places = view.Offers.Places.Where(place => providers.Any(offer => (with is null || offer.ProviderId == with) && place.ProviderIds.Contains(offer.ProviderId.Value))).ToList();
        var place = places.Find(place => place.Id == ask.At) ?? places.FirstOrDefault();
        if (place is null) return view with { Chosen = new(first.Kind, first.VisitTypeId, with) };

        var today = ClinicTime.TodayAt(now, place.TimeZone);
        var horizon = today.AddDays(view.Offers.Rules.HorizonDays);
        var from = ask.From is { } day && day > today ? (day > horizon ? horizon : day) : today;
        return view with
        {
            Chosen = new(first.Kind, first.VisitTypeId, with, place.Id, from), Place = place, From = from, To = from.AddDays(DaysShown - 1), Today = today, Horizon = horizon,
            IsRequest = providers.Where(offer => with is null || offer.ProviderId == with).All(offer => offer.IsRequest),
        };
    }

    private static async Task<TimesView> FillAsync(ClinicTx tx, TimesView view, CancellationToken ct)
    {
        if (view.Place is null) return view;
        var found = await Slots.FindAsync(tx, SearchOf(view, view.From, view.To) with { Most = MostStarts }, ct);
        if (!found.IsOk) return view;   // a type or provider that went away a moment ago: no times
        var times = FreeTime.Shown(found.Value.Select(slot => new FreeTime(slot.StartsAt.ToUniversalTime(), slot.LocalStart)), view.Providers.First().Minutes);
        return view with { Times = times, FirstFree = times.Count > 0 ? null : await FirstFreeAsync(tx, view, ct) };
    }

    private static async Task<DateOnly?> FirstFreeAsync(ClinicTx tx, TimesView view, CancellationToken ct)
    {
        for (var from = view.To.AddDays(1); from <= view.Horizon; from = from.AddDays(Slots.MostDays))
        {
            var to = from.AddDays(Slots.MostDays - 1);
            var found = await Slots.FindAsync(tx, SearchOf(view, from, to < view.Horizon ? to : view.Horizon) with { Most = 1 }, ct);
            if (found is { IsOk: true, Value: [var first, ..] }) return DateOnly.FromDateTime(first.LocalStart);
        }
        return null;
    }

    private static SlotSearch SearchOf(TimesView view, DateOnly from, DateOnly to) => new()
    {
        VisitTypeId = view.Chosen!.Type!.Value, Providers = [.. view.Providers.Where(offer => view.Chosen.With is null || offer.ProviderId == view.Chosen.With).Select(offer => offer.ProviderId)],
        LocationId = view.Place!.Id, From = from, To = to, OnlineFor = view.Chosen.Kind,   // all three are there once a place is
    };
}
