using System.Runtime.InteropServices;

namespace Chartroom.Scheduling;

/// <summary>Busy stretches in order, those that touch made one: asks "is this free" in a step or two when it is asked in the order of time, in a few otherwise. For one search.</summary>
internal sealed class TakenTime
{
    private readonly int[] from, to;
    private int next;

    public TakenTime(IEnumerable<Stretch> stretches)
    {
        var (merged, last) = (new List<Stretch>(), new Stretch(0, int.MinValue));
        foreach (var stretch in stretches.Where(it => it.To > it.From).OrderBy(it => it.From))
        {
            if (stretch.From <= last.To && merged.Count > 0) merged[^1] = last = last with { To = Math.Max(last.To, stretch.To) };
            else merged.Add(last = stretch);
        }
        (from, to) = ([.. merged.Select(it => it.From)], [.. merged.Select(it => it.To)]);
    }

    public bool IsFree(Stretch wanted)
    {
        if (next > 0 && to[next - 1] > wanted.From)   // back in time
        {
            next = Array.BinarySearch(to, wanted.From + 1);
            if (next < 0) next = ~next;
        }
        while (next < to.Length && to[next] <= wanted.From) next++;   // the first that ends after the wanted start
        return next == from.Length || from[next] >= wanted.To;
    }
}

/// <summary>The starts of one calendar day: most days have as many minutes as the clocks show, two in a year do not.</summary>
internal sealed class DayClock
{
    private const int MinutesOfDay = 24 * 60;
    private readonly DateOnly day;
    private readonly string zone;
    private readonly int first;
    private readonly bool isOrdinary;

    public DayClock(DateOnly day, string zone)
    {
        (this.day, this.zone) = (day, zone);
        var (from, to) = ClinicTime.DayOf(day, zone);
        first = Stretch.MinuteOf(from);
        isOrdinary = Stretch.MinuteOf(to) - first == MinutesOfDay && from.Second == 0;
    }

    /// <summary>Adds the instants of the aligned starts within those hours, at which the whole visit fits, by the wall clock; with minutes of the day of start and end.</summary>
    public void AddStarts(HoursFacts hours, int minutes, int align, List<(int Start, int LocalStart, int LocalEnd)> starts)
    {
        for (var local = (hours.Opens + align - 1) / align * align; local < hours.Closes && local < MinutesOfDay; local += align)
        {
            if (isOrdinary && local + minutes > hours.Closes) return;
            if (isOrdinary) starts.Add((first + local, local, local + minutes));
            else
            {
                foreach (var start in InstantsOf(local))
                {
                    var end = EndOf(start + minutes);
                    if (end >= hours.Opens && end <= hours.Closes) starts.Add((start, local, end));
                }
            }
        }
    }

    private IEnumerable<int> InstantsOf(int local)
    {
        var at = TimeOnly.MinValue.AddMinutes(local);
        if (ClinicTime.Resolve(day, at, zone) is { } only) return [Stretch.MinuteOf(only)];
        return ClinicTime.ResolveDoubled(day, at, zone).Select(Stretch.MinuteOf);
    }

    /// <summary>Minute of the day that the clocks show at the end; beyond the day's last for an end on another day.</summary>
    private int EndOf(int instant)
    {
        var end = ClinicTime.Local(Stretch.InstantOf(instant), zone);
        return (int)(end - day.ToDateTime(TimeOnly.MinValue)).TotalMinutes;
    }
}

/// <summary>Free starts. Pure: no clock, no database. Must agree with <see cref="SlotJudge"/>, which says why another start is none.</summary>
internal static class SlotFinder
{
    /// <summary>A start of one day, small because there are tens of thousands.</summary>
    /// <param name="Start">Minutes since 1970 in UTC.</param>
    /// <param name="Day">Days since the first of the search.</param>
    /// <param name="LocalFrom">Minute of the day that the clocks show at the start.</param>
    /// <param name="LocalTo">The same at the end.</param>
    /// <param name="Provider">Place in the list of providers, as the next three in theirs; -1 for no room, no device.</param>
    private readonly record struct FoundStart(int Start, short Day, short LocalFrom, short LocalTo, short Provider, short Place, short Room, short Device);

    public static FreeSlot[] Find(CalendarFacts facts, SlotSearch ask)
    {
        if (facts.Type is not { } type || !facts.IsTypeOffered(ask.Besides) || (ask.OnlineFor is not null && !type.IsOnline)) return [];
        var (found, inOrder, search) = (new List<FoundStart>(), 0, new Searching(facts, type, ask));
        var isOneZone = facts.Places.DistinctBy(place => place.TimeZone).Count() == 1;
        for (var day = ask.From; day <= ask.To && inOrder < ask.Most; day = day.AddDays(1))
        {
            for (short place = 0; place < facts.Places.Count; place++) search.AddDay(day, place, found);
            if (!isOneZone && day < ask.To) continue;   // days of several zones overlap, so those are put in order all together
            PutInOrder(CollectionsMarshal.AsSpan(found)[inOrder..]);
            inOrder = found.Count;
        }
        var slots = new FreeSlot[Math.Min(found.Count, ask.Most)];
        for (var at = 0; at < slots.Length; at++) slots[at] = SlotOf(facts, found[at], (ask.From, search.Minutes));
        return slots;
    }

    /// <summary>By start and then by provider; both are one number, so that no two are compared by a call.</summary>
    private static void PutInOrder(Span<FoundStart> found)
    {
        var keys = new long[found.Length];
        for (var at = 0; at < keys.Length; at++) keys[at] = ((long)found[at].Start << 16) + found[at].Provider;
        keys.AsSpan().Sort(found);
    }

    /// <summary>The clocks' distance from UTC is what they show less the instant: no zone is asked for each of thousands of starts.</summary>
    private static FreeSlot SlotOf(CalendarFacts facts, in FoundStart found, (DateOnly From, int Minutes) wanted)
    {
        var (provider, place, midnight) = (facts.Providers[found.Provider], facts.Places[found.Place], wanted.From.AddDays(found.Day).ToDateTime(TimeOnly.MinValue));
        var local = midnight.AddTicks(found.LocalFrom * TimeSpan.TicksPerMinute);
        return new(provider.Id, provider.Name, place.Id, place.Name, found.Room < 0 ? null : new(facts.Rooms[found.Room].Id), found.Device < 0 ? null : new(facts.Devices[found.Device].Id),
            At(found.Start, local), At(found.Start + wanted.Minutes, midnight.AddTicks(found.LocalTo * TimeSpan.TicksPerMinute)), local, place.TimeZone);
    }

    private static DateTimeOffset At(int minute, DateTime local) => new(local, new TimeSpan(local.Ticks - DateTime.UnixEpoch.Ticks - minute * TimeSpan.TicksPerMinute));

    private sealed class Searching(CalendarFacts facts, TypeFacts type, SlotSearch ask)
    {
        private readonly TakenTime[] visits = [.. facts.Providers.Select(it => new TakenTime(it.Visits.Select(visit => visit.Keeps)))];
        private readonly TakenTime[] away = [.. facts.Providers.Select(it => new TakenTime(it.Off.Concat(it.Outside)))];
        private readonly SuitedThings rooms = new(facts.Rooms, type.NeedsRoom), devices = new(facts.Devices, type.NeedsDevice);
        private readonly int earliest = MinuteFrom(ask.OnlineFor is null ? facts.Now : facts.Now.AddMinutes(type.LeadMinutes)), latest = Stretch.MinuteOf(facts.Now + CalendarFacts.Farthest);
        private readonly Dictionary<string, DayClock> clocks = [];
        private readonly List<(int Start, int LocalStart, int LocalEnd)> starts = [];
        private DateOnly clocksOf;

        public int Minutes { get; } = ask.Minutes ?? type.Minutes;

        public void AddDay(DateOnly day, short placeAt, List<FoundStart> found)
        {
            var (place, number) = (facts.Places[placeAt], (short)(day.DayNumber - ask.From.DayNumber));
            if (ask.OnlineFor is not null && day > ClinicTime.TodayAt(facts.Now, place.TimeZone).AddDays(type.HorizonDays)) return;
            var (clock, midnight) = (ClockOf(day, place.TimeZone), day.ToDateTime(TimeOnly.MinValue));
            var closed = facts.Closures.Where(it => it.Covers(place.Id, midnight, midnight.AddDays(1))).ToList();
            for (short at = 0; at < facts.Providers.Count; at++)
            {
                var provider = facts.Providers[at];
                if (ask.OnlineFor is not null && !provider.IsOffered) continue;
                if (type.DailyCap is { } cap && provider.OfType.GetValueOrDefault(day) >= cap) continue;
                foreach (var hours in provider.HoursOn(day, place.Id))
                {
                    starts.Clear();
                    clock.AddStarts(hours, Minutes, type.AlignMinutes, starts);
                    foreach (var (start, local, localEnd) in starts)
                    {
                        if (!IsOpen(at, start) || !rooms.TryFind(place.Id, Keeps(start), out var room) || !devices.TryFind(place.Id, Keeps(start), out var device)) continue;
                        if (closed.Count > 0 && closed.Exists(it => it.Covers(place.Id, midnight.AddMinutes(local), midnight.AddMinutes(localEnd)))) continue;
                        found.Add(new(start, number, (short)local, (short)localEnd, at, placeAt, room, device));
                    }
                }
            }
        }

        private Stretch Keeps(int start) => type.Keeps(new(start, start + Minutes));

        private bool IsOpen(int provider, int start) =>
            start >= earliest && start <= latest && visits[provider].IsFree(Keeps(start)) && away[provider].IsFree(new(start, start + Minutes));

        /// <summary>The first whole minute that is not before that instant.</summary>
        private static int MinuteFrom(DateTimeOffset instant) => Stretch.MinuteOf(instant.AddTicks(TimeSpan.TicksPerMinute - 1));

        private DayClock ClockOf(DateOnly day, string zone)
        {
            if (clocksOf != day) clocks.Clear();
            clocksOf = day;
            return clocks.TryGetValue(zone, out var known) ? known : clocks[zone] = new(day, zone);
        }
    }

    /// <summary>Rooms or devices: the first of those that will do and are free, as its place in the list; -1 when none is needed.</summary>
    private sealed class SuitedThings(IReadOnlyList<ThingFacts> things, bool isNeeded)
    {
        private readonly (short At, LocationId Place, TakenTime Taken)[] suited =
            [.. things.Select((it, at) => (It: it, At: (short)at)).Where(it => it.It.IsSuited).Select(it => (it.At, it.It.LocationId, new TakenTime(it.It.Visits.Select(visit => visit.Keeps))))];

        public bool TryFind(LocationId place, Stretch keeps, out short found)
        {
            found = -1;
            if (!isNeeded) return true;
            foreach (var (at, where, taken) in suited)
            {
                if (where != place || !taken.IsFree(keeps)) continue;
                found = at;
                return true;
            }
            return false;
        }
    }
}
