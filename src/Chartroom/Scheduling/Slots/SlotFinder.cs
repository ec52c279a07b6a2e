namespace Chartroom.Scheduling;

/// <summary>Busy stretches in order, those that touch made one: asks "is this free" in a few steps, however many there are.</summary>
internal sealed class TakenTime
{
    private readonly int[] from, to;

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
        var at = Array.BinarySearch(to, wanted.From + 1);   // the first that ends after the wanted start
        if (at < 0) at = ~at;
        return at == from.Length || from[at] >= wanted.To;
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

    /// <summary>Instants of the aligned starts within those hours, at which the whole visit fits, by the wall clock; with minutes of the day of start and end.</summary>
    public IEnumerable<(int Start, int LocalStart, int LocalEnd)> Starts(HoursFacts hours, int minutes, int align)
    {
        for (var local = (hours.Opens + align - 1) / align * align; local < hours.Closes && local < MinutesOfDay; local += align)
        {
            if (isOrdinary && local + minutes > hours.Closes) yield break;
            if (isOrdinary) yield return (first + local, local, local + minutes);
            else
            {
                foreach (var start in InstantsOf(local))
                {
                    var end = EndOf(start + minutes);
                    if (end >= hours.Opens && end <= hours.Closes) yield return (start, local, end);
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
    /// <param name="Start">Minutes since 1970 in UTC.</param>
    /// <param name="Local">The calendar day, with the minutes of it that the clocks show at start and end.</param>
    /// <param name="Provider">Place in the list of providers.</param>
    private readonly record struct FoundStart(int Start, (DateOnly Day, int From, int To) Local, int Provider, PlaceFacts Place, RoomId? Room, DeviceId? Device);

    public static FreeSlot[] Find(CalendarFacts facts, SlotSearch ask)
    {
        if (facts.Type is not { } type || !facts.IsTypeOffered(ask.Besides) || (ask.OnlineFor is not null && !type.IsOnline)) return [];
        var (found, parts, count, search) = (new List<FoundStart>(), new List<FreeSlot[]>(), 0, new Searching(facts, type, ask));
        var isOneZone = facts.Places.DistinctBy(place => place.TimeZone).Count() == 1;
        for (var day = ask.From; day <= ask.To && count < ask.Most; day = day.AddDays(1))
        {
            foreach (var place in facts.Places) search.AddDay(day, place, found);
            if (!isOneZone && day < ask.To) continue;   // days of several zones overlap, so those are put in order all together
            parts.Add(InOrder(facts, found, (ask.Most - count, search.Minutes)));
            count += parts[^1].Length;
            found.Clear();
        }
        var slots = new FreeSlot[count];
        foreach (var part in Enumerable.Reverse(parts)) part.CopyTo(slots, count -= part.Length);
        return slots;
    }

    /// <summary>By start and then by provider; both are one number, so that the sort moves no starts.</summary>
    private static FreeSlot[] InOrder(CalendarFacts facts, List<FoundStart> found, (int Most, int Minutes) wanted)
    {
        var (keys, order) = (new long[found.Count], new int[found.Count]);
        for (var at = 0; at < found.Count; at++) (keys[at], order[at]) = (((long)found[at].Start << 32) | (uint)found[at].Provider, at);
        Array.Sort(keys, order);
        var slots = new FreeSlot[Math.Min(found.Count, wanted.Most)];
        for (var at = 0; at < slots.Length; at++) slots[at] = SlotOf(facts, found[order[at]], wanted.Minutes);
        return slots;
    }

    /// <summary>The clocks' distance from UTC is what they show less the instant: no zone is asked for each of thousands of starts.</summary>
    private static FreeSlot SlotOf(CalendarFacts facts, in FoundStart found, int minutes)
    {
        var (provider, midnight) = (facts.Providers[found.Provider], found.Local.Day.ToDateTime(TimeOnly.MinValue));
        var local = midnight.AddMinutes(found.Local.From);
        return new(provider.Id, provider.Name, found.Place.Id, found.Place.Name, found.Room, found.Device, At(found.Start, local),
            At(found.Start + minutes, midnight.AddMinutes(found.Local.To)), local, found.Place.TimeZone);
    }

    private static DateTimeOffset At(int minute, DateTime local) => new(local, local - Stretch.InstantOf(minute).UtcDateTime);

    private sealed class Searching(CalendarFacts facts, TypeFacts type, SlotSearch ask)
    {
        private readonly TakenTime[] visits = [.. facts.Providers.Select(it => new TakenTime(it.Visits.Select(visit => visit.Keeps)))];
        private readonly TakenTime[] away = [.. facts.Providers.Select(it => new TakenTime(it.Off.Concat(it.Outside)))];
        private readonly SuitedThings rooms = new(facts.Rooms, type.NeedsRoom), devices = new(facts.Devices, type.NeedsDevice);
        private readonly int earliest = MinuteFrom(ask.OnlineFor is null ? facts.Now : facts.Now.AddMinutes(type.LeadMinutes)), latest = Stretch.MinuteOf(facts.Now + CalendarFacts.Farthest);
        private readonly Dictionary<string, DayClock> clocks = [];
        private DateOnly clocksOf;

        public int Minutes { get; } = ask.Minutes ?? type.Minutes;

        public void AddDay(DateOnly day, PlaceFacts place, List<FoundStart> found)
        {
            if (ask.OnlineFor is not null && day > ClinicTime.TodayAt(facts.Now, place.TimeZone).AddDays(type.HorizonDays)) return;
            var (clock, midnight) = (ClockOf(day, place.TimeZone), day.ToDateTime(TimeOnly.MinValue));
            var closed = facts.Closures.Where(it => it.Covers(place.Id, midnight, midnight.AddDays(1))).ToList();
            for (var at = 0; at < facts.Providers.Count; at++)
            {
                var provider = facts.Providers[at];
                if (ask.OnlineFor is not null && !provider.IsOffered) continue;
                if (type.DailyCap is { } cap && provider.OfType.GetValueOrDefault(day) >= cap) continue;
                foreach (var hours in provider.HoursOn(day, place.Id))
                {
                    foreach (var (start, local, localEnd) in clock.Starts(hours, Minutes, type.AlignMinutes))
                    {
                        if (!IsOpen(at, start) || !rooms.TryFind(place.Id, Keeps(start), out var room) || !devices.TryFind(place.Id, Keeps(start), out var device)) continue;
                        if (closed.Exists(it => it.Covers(place.Id, midnight.AddMinutes(local), midnight.AddMinutes(localEnd)))) continue;
                        found.Add(new(start, (day, local, localEnd), at, place, room is { } kept ? new(kept) : null, device is { } with ? new(with) : null));
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

    /// <summary>Rooms or devices: the first of those that will do and are free.</summary>
    private sealed class SuitedThings(IReadOnlyList<ThingFacts> things, bool isNeeded)
    {
        private readonly (Guid Id, LocationId Place, TakenTime Taken)[] suited =
            [.. things.Where(it => it.IsSuited).Select(it => (it.Id, it.LocationId, new TakenTime(it.Visits.Select(visit => visit.Keeps))))];

        public bool TryFind(LocationId place, Stretch keeps, out Guid? found)
        {
            found = null;
            if (!isNeeded) return true;
            foreach (var (id, at, taken) in suited)
            {
                if (at != place || !taken.IsFree(keeps)) continue;
                found = id;
                return true;
            }
            return false;
        }
    }
}
