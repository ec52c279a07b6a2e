namespace Chartroom;

/// <summary>The only gate from a clinic's wall clock to an instant and back. Zones are IANA names.</summary>
public sealed class ClinicTime(TimeProvider clock)
{
    /// <summary>The present instant, UTC.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>True for a zone this machine's time-zone data knows by its IANA name.</summary>
    public static bool IsZone(string? zone) => zone is { Length: > 0 } && zone.Contains('/', StringComparison.Ordinal) | zone == "UTC" && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);

    /// <summary>The calendar day it is now in the zone.</summary>
    public DateOnly Today(string zone) => TodayAt(Now, zone);

    /// <summary>The calendar day an instant falls on in the zone.</summary>
    public static DateOnly TodayAt(DateTimeOffset instant, string zone) => DateOnly.FromDateTime(Local(instant, zone));

    /// <summary>Wall-clock time of an instant in the zone.</summary>
    public static DateTime Local(DateTimeOffset instant, string zone) =>
        DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime, DateTimeKind.Unspecified);

    /// <summary>
    /// The instant of a wall-clock time, in UTC; null when the clocks skip it (spring) or show it twice (autumn): the caller must ask the person, never guess.
    /// </summary>
    public static DateTimeOffset? Resolve(DateOnly day, TimeOnly at, string zone)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var local = day.ToDateTime(at, DateTimeKind.Unspecified);
        if (info.IsInvalidTime(local) || info.IsAmbiguousTime(local)) return null;
        return new DateTimeOffset(local, info.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Both instants of a wall-clock time that the clocks show twice, earlier first; empty when it is not doubled.</summary>
    public static IReadOnlyList<DateTimeOffset> ResolveDoubled(DateOnly day, TimeOnly at, string zone)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var local = day.ToDateTime(at, DateTimeKind.Unspecified);
        if (!info.IsAmbiguousTime(local)) return [];
        return [.. info.GetAmbiguousTimeOffsets(local).Select(offset => new DateTimeOffset(local, offset).ToUniversalTime()).Order()];
    }

    /// <summary>First instant (inclusive) and first instant after (exclusive) of a calendar day in the zone: 23, 24 or 25 hours apart.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) DayOf(DateOnly day, string zone) => (FirstInstant(day, zone), FirstInstant(day.AddDays(1), zone));

    private static DateTimeOffset FirstInstant(DateOnly day, string zone)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var local = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        while (info.IsInvalidTime(local)) local = local.AddMinutes(1);   // zones that change at midnight begin some days at one
        var offset = info.IsAmbiguousTime(local) ? info.GetAmbiguousTimeOffsets(local).Max() : info.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
