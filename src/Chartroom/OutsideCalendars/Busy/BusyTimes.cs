using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;

namespace Chartroom.OutsideCalendars;

/// <summary>A time somebody is busy elsewhere; both in UTC, the end exclusive.</summary>
internal readonly record struct BusyTime(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>What a calendar could not be read for.</summary>
internal sealed class UnreadableCalendarException(string code) : Exception($"The outside calendar cannot be read: {code}.")
{
    public string Code { get; } = code;
}

/// <summary>Busy times out of iCalendar text (RFC 5545). What is transparent, cancelled or free is no busy time; titles are not looked at.</summary>
internal static class BusyTimes
{
    /// <summary>So many are kept of one calendar; one with more is refused rather than cut.</summary>
    public const int Most = 20_000;

    /// <param name="text">The calendar as it was read.</param>
    /// <param name="zone">IANA zone for times and days that name none: the clinic's.</param>
    /// <param name="from">What ends before is left out.</param>
    /// <param name="to">What begins at or after is left out.</param>
    /// <exception cref="UnreadableCalendarException">It is no calendar, names a zone nobody knows, or holds too much.</exception>
    public static IReadOnlyList<BusyTime> Of(string text, string zone, DateTimeOffset from, DateTimeOffset to)
    {
        var calendar = Load(text);
        if (calendar.Events.Any(it => it.RecurrenceRule is { Frequency: Ical.Net.FrequencyType.Secondly or Ical.Net.FrequencyType.Minutely })) throw new UnreadableCalendarException("too_many");
        var found = new HashSet<BusyTime>();
        foreach (var occurrence in Occurrences(calendar, from))
        {
            var starts = At(occurrence.Period.StartTime, zone);
            if (starts >= to.AddDays(1)) break;   // in order of their starts; a day for other zones
            if (occurrence.Source is not CalendarEvent outside || !IsBusy(outside)) continue;
            var ends = EndOf(occurrence, zone);
            if (ends <= starts || ends <= from || starts >= to) continue;
            found.Add(new(starts, ends));
            if (found.Count > Most) throw new UnreadableCalendarException("too_many");
        }
        return [.. found.OrderBy(time => time.StartsAt).ThenBy(time => time.EndsAt)];
    }

    private static Ical.Net.Calendar Load(string text)
    {
        if (!text.TrimStart('\uFEFF', ' ', '\r', '\n').StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase)) throw new UnreadableCalendarException("no_calendar");
        try
        {
            return Ical.Net.Calendar.Load(text) ?? throw new UnreadableCalendarException("no_calendar");
        }
        catch (Exception error) when (error is System.Runtime.Serialization.SerializationException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new UnreadableCalendarException("no_calendar");
        }
    }

    /// <summary>Lazily, since some rules have no end.</summary>
    private static IEnumerable<Occurrence> Occurrences(Ical.Net.Calendar calendar, DateTimeOffset from)
    {
        using var all = calendar.GetOccurrences<CalendarEvent>(new CalDateTime(from.AddDays(-31).UtcDateTime, "UTC")).GetEnumerator();
        while (Next(all)) yield return all.Current;
    }

    private static bool Next(IEnumerator<Occurrence> all)
    {
        try
        {
            return all.MoveNext();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Ical.Net.Evaluation.EvaluationException or TimeZoneNotFoundException)
        {
            throw new UnreadableCalendarException("unknown_zone");
        }
    }

    private static bool IsBusy(CalendarEvent outside) =>
        !string.Equals(outside.Status, "CANCELLED", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(outside.Transparency, "TRANSPARENT", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(outside.Properties.FirstOrDefault(it => it.Name == "X-MICROSOFT-CDO-BUSYSTATUS")?.Value?.ToString(), "FREE", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset EndOf(Occurrence occurrence, string zone)
    {
        if (occurrence.Period.EffectiveEndTime is { } end) return At(end, zone);
        var start = occurrence.Period.StartTime;
        return start.HasTime ? At(start, zone) : At(start.AddDays(1), zone);   // a day without an end is that day
    }

    /// <summary>An instant; days and times without a zone are the clinic's, the earlier of two when the clocks show it twice, an hour on when they skip it.</summary>
    private static DateTimeOffset At(CalDateTime time, string zone)
    {
        if (!time.HasTime) return ClinicTime.DayOf(time.Date, zone).From;
        if (!time.IsFloating) return new(DateTime.SpecifyKind(time.AsUtc, DateTimeKind.Utc));
        var (day, at) = (DateOnly.FromDateTime(time.Value), TimeOnly.FromDateTime(time.Value));
        return ClinicTime.Resolve(day, at, zone) ?? (ClinicTime.ResolveDoubled(day, at, zone) is [var earlier, ..] ? earlier : ClinicTime.Resolve(day, at.AddHours(1), zone) ?? ClinicTime.DayOf(day, zone).From);
    }
}
