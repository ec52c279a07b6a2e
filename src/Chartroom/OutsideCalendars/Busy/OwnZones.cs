using System.Text.RegularExpressions;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;

namespace Chartroom.OutsideCalendars;

/// <summary>
/// Some programs call a zone as they like (“Customized Time Zone”) and send its rules along (VTIMEZONE, RFC 5545, 3.6.5). The text is given the name of the zone in the tz database whose
/// clocks show the same throughout the span that is read; a zone that no other is like keeps its name, and is refused where a time names it.
/// </summary>
internal static partial class OwnZones
{
    /// <param name="text">The calendar as it was read.</param>
    /// <param name="read">The same, parsed.</param>
    /// <param name="near">IANA zone that is tried first: the clinic's.</param>
    /// <param name="span">From when to when times are read.</param>
    /// <returns>The text with known names, or null where all are known.</returns>
    public static string? Named(string text, IEnumerable<Ical.Net.Calendar> read, string near, (DateTimeOffset From, DateTimeOffset To) span)
    {
        var like = read.SelectMany(calendar => calendar.TimeZones).Where(zone => zone.TzId is { Length: > 0 } name && !IsKnown(name)).DistinctBy(zone => zone.TzId)
            .Select(zone => (Name: zone.TzId!, Like: LikeOf(zone, near, span))).Where(it => it.Like is not null).ToList();   // it has one, two lines up
        if (like.Count == 0) return null;
        return like.Aggregate(Unfold(text), (named, zone) => Regex.Replace(named, $";TZID=\"?{Regex.Escape(zone.Name)}\"?(?=[;:])", $";TZID={zone.Like}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)));
    }

    /// <summary>Long lines go on behind a line break and a space (3.1).</summary>
    public static string Unfold(string text) => Folds().Replace(text, "");

    private static bool IsKnown(string name)
    {
        try
        {
            _ = new CalDateTime(2026, 1, 1, 12, 0, 0, name).AsUtc;
            return true;
        }
        catch (Exception error) when (error is ArgumentException or TimeZoneNotFoundException)
        {
            return false;
        }
    }

    private static string? LikeOf(VTimeZone zone, string near, (DateTimeOffset From, DateTimeOffset To) span)
    {
        var changes = zone.Children.OfType<Ical.Net.VTimeZoneInfo>().SelectMany(rule => ChangesOf(rule, span)).OrderBy(change => change.At).ToList();
        if (changes.Count == 0) return null;
        var asked = changes.Select(change => change.At).Where(at => at > span.From && at < span.To).SelectMany(at => new[] { at.AddMinutes(-1), at }).Append(span.From).Append(span.To).ToList();
        return Candidates(near).FirstOrDefault(id => TimeZoneInfo.FindSystemTimeZoneById(id) is var like && asked.TrueForAll(at => like.GetUtcOffset(at) == OffsetAt(changes, at)));
    }

    /// <summary>The clinic's first: it mostly is that one, and the others need not be looked at.</summary>
    private static IEnumerable<string> Candidates(string near)
    {
        yield return near;
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones().OrderByDescending(zone => zone.Id.StartsWith("America/", StringComparison.Ordinal)).ThenBy(zone => zone.Id, StringComparer.Ordinal)) yield return zone.Id;
    }

    private static TimeSpan OffsetAt(List<ZoneChange> changes, DateTimeOffset at) => changes.FindLast(change => change.At <= at)?.To ?? changes[0].From;

    /// <summary>When this rule sets the clocks, from two years before the span, so that what holds at its beginning is among them; a rule that has only a start sets them once.</summary>
    private static IEnumerable<ZoneChange> ChangesOf(Ical.Net.VTimeZoneInfo rule, (DateTimeOffset From, DateTimeOffset To) span)
    {
        if (rule is not { Start: { } start, OffsetFrom: { } from, OffsetTo: { } to }) return [];
        ZoneChange Change(DateTime wall) => new(new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), TimeSpan.Zero).Subtract(from.Offset), from.Offset, to.Offset);
        if (rule.RecurrenceRule is not { } again) return [Change(start.Value)];
        var sets = new CalendarEvent { Start = new CalDateTime(start.Value, null, true), RecurrenceRule = again };
        return sets.GetOccurrences(new CalDateTime(span.From.AddYears(-2).UtcDateTime, null, true)).Select(it => Change(it.Period.StartTime.Value)).TakeWhile(change => change.At < span.To).ToList();
    }

    private sealed record ZoneChange(DateTimeOffset At, TimeSpan From, TimeSpan To);

    [GeneratedRegex("\r?\n[ \t]", RegexOptions.None, 2000)]
    private static partial Regex Folds();
}
