namespace Chartroom.Scheduling;

/// <summary>Why one start is not offered: every rule by itself, so that all reasons are named. Pure. Must agree with <see cref="SlotFinder"/>.</summary>
internal static class SlotJudge
{
    public static readonly WhyNot Inactive = new("inactive", "The provider, the place or the kind of visit is not offered.");
    public static readonly WhyNot BadLength = new("bad_length", "A visit lasts 5 to 480 minutes.");
    public static readonly WhyNot NoSuchTime = new("no_such_time", "The clocks skip this time that night.");
    public static readonly WhyNot DoubledTime = new("doubled_time", "The clocks show this time twice that night; say which.");
    public static readonly WhyNot Past = new("past", "This time has passed.");
    public static readonly WhyNot TooFar = new("too_far", "Visits are booked at most five years ahead.");
    public static readonly WhyNot Taken = new("taken", "The provider has another visit at that time.");
    public static readonly WhyNot Held = new("held", "The time is held for somebody who is booking it right now.");
    public static readonly WhyNot Buffer = new("buffer", "The time before or after a visit is kept free.");
    public static readonly WhyNot RoomTaken = new("room_taken", "No room that will do is free at that time.");
    public static readonly WhyNot DeviceTaken = new("device_taken", "No device that will do is free at that time.");
    public static readonly WhyNot OutsideHours = new("outside_hours", "The provider does not see patients there at that time.");
    public static readonly WhyNot Closed = new("closed", "The location is closed at that time.");
    public static readonly WhyNot Away = new("away", "The provider is away at that time.");
    public static readonly WhyNot OutsideBusy = new("outside_busy", "The provider's outside calendar says busy.");
    public static readonly WhyNot DailyCap = new("daily_cap", "The provider has as many visits of this type that day as one day may have.");
    public static readonly WhyNot Alignment = new("alignment", "Visits of this type do not start at that minute.");
    public static readonly WhyNot WrongRoom = new("wrong_room", "Visits of this type take place in other rooms.");
    public static readonly WhyNot WrongDevice = new("wrong_device", "Visits of this type are done with other devices.");
    public static readonly WhyNot Lead = new("lead", "It is too soon to be booked online.");
    public static readonly WhyNot Horizon = new("horizon", "It is too far ahead to be booked online.");
    public static readonly WhyNot NotOnline = new("not_online", "This is not offered online to such a patient.");

    /// <summary>All reasons, the graver first; empty when the start is offered.</summary>
    public static List<WhyNot> Judge(CalendarFacts facts, SlotQuestion ask)
    {
        var place = facts.Places.FirstOrDefault(it => it.Id == ask.LocationId);
        var provider = facts.Providers.FirstOrDefault(it => it.Id == ask.ProviderId);
        if (facts.Type is not { } type || !facts.IsTypeOffered(ask.Besides) || place is null || provider is null) return [Inactive];
        var minutes = ask.Minutes ?? type.Minutes;
        if (minutes is < 5 or > 480) return [BadLength];
        var (start, trouble) = InstantOf(ask, place.TimeZone);
        if (start is not { } instant) return [trouble!];   // one of the two
        var when = new WantedTime(instant, minutes, ask.Day.ToDateTime(ask.At), ClinicTime.Local(instant.AddMinutes(minutes), place.TimeZone));
        return Reasons().Concat(Rules()).Concat(Online()).ToList();

        IEnumerable<WhyNot> Reasons()
        {
            if (when.Start < facts.Now) yield return Past;
            if (when.Start - facts.Now > CalendarFacts.Farthest) yield return TooFar;
            var (own, keeps) = (when.Own, type.Keeps(when.Own));
            var met = provider.Visits.Where(visit => visit.Keeps.Overlaps(keeps)).ToList();
            if (met.Exists(visit => !visit.IsHeld && visit.Own.Overlaps(own))) yield return Taken;
            if (met.Exists(visit => visit.IsHeld && visit.Own.Overlaps(own))) yield return Held;
            if (met.Exists(visit => !visit.Own.Overlaps(own))) yield return Buffer;
            if (IsTaken(facts.Rooms, (ask.RoomId?.Value, type.NeedsRoom), place.Id, keeps)) yield return RoomTaken;
            if (IsTaken(facts.Devices, (ask.DeviceId?.Value, type.NeedsDevice), place.Id, keeps)) yield return DeviceTaken;
        }

        IEnumerable<WhyNot> Rules()
        {
            if (!provider.HoursOn(ask.Day, place.Id).Any(hours => hours.Opens <= when.LocalFrom && when.LocalTo >= hours.Opens && when.LocalTo <= hours.Closes && when.LocalFrom < hours.Closes))
                yield return OutsideHours;
            if (facts.Closures.Any(it => it.Covers(place.Id, when.Local, when.LocalEnd))) yield return Closed;
            if (provider.Off.Any(when.Own.Overlaps)) yield return Away;
            if (provider.Outside.Any(when.Own.Overlaps)) yield return OutsideBusy;
            if (type.DailyCap is { } cap && provider.OfType.GetValueOrDefault(ask.Day) >= cap) yield return DailyCap;
            if (when.LocalFrom % type.AlignMinutes != 0 || ask.At.Second != 0 || ask.At.Ticks % TimeSpan.TicksPerSecond != 0) yield return Alignment;
            if (IsWrong(facts.Rooms, ask.RoomId?.Value, type.NeedsRoom)) yield return WrongRoom;
            if (IsWrong(facts.Devices, ask.DeviceId?.Value, type.NeedsDevice)) yield return WrongDevice;
        }

        IEnumerable<WhyNot> Online()
        {
            if (ask.OnlineFor is null) yield break;
            if (!type.IsOnline || !provider.IsOffered) yield return NotOnline;
            if (when.Start - facts.Now < TimeSpan.FromMinutes(type.LeadMinutes)) yield return Lead;
            if (ask.Day > ClinicTime.TodayAt(facts.Now, place.TimeZone).AddDays(type.HorizonDays)) yield return Horizon;
        }
    }

    /// <summary>A definite time: instants and wall clock.</summary>
    private sealed record WantedTime(DateTimeOffset Start, int Minutes, DateTime Local, DateTime LocalEnd)
    {
        public Stretch Own => new(Stretch.MinuteOf(Start), Stretch.MinuteOf(Start.AddMinutes(Minutes).AddTicks(TimeSpan.TicksPerMinute - 1)));
        /// <summary>Minutes since the midnight before the start.</summary>
        public int LocalFrom => (int)Local.TimeOfDay.TotalMinutes;
        public int LocalTo => (int)(LocalEnd - Local.Date).TotalMinutes;
    }

    private static (DateTimeOffset?, WhyNot?) InstantOf(SlotQuestion ask, string zone)
    {
        if (ClinicTime.Resolve(ask.Day, ask.At, zone) is { } only) return (only, null);
        if (ClinicTime.ResolveDoubled(ask.Day, ask.At, zone) is not [var earlier, .., var later]) return (null, NoSuchTime);
        return ask.Which switch { Doubled.Earlier => (earlier, null), Doubled.Later => (later, null), _ => (null, DoubledTime) };
    }

    private static bool IsTaken(IReadOnlyList<ThingFacts> things, (Guid? Asked, bool IsNeeded) ask, LocationId place, Stretch keeps)
    {
        if (ask.Asked is null && !ask.IsNeeded) return false;
        return !things.Any(it => it.LocationId == place && (ask.Asked is null ? it.IsSuited : it.Id == ask.Asked) && !it.Visits.Any(visit => visit.Keeps.Overlaps(keeps)));
    }

    private static bool IsWrong(IReadOnlyList<ThingFacts> things, Guid? asked, bool isNeeded) => asked is not null && isNeeded && !things.Any(it => it.Id == asked && it.IsSuited);
}
