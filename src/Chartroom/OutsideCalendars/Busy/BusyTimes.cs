using System.Globalization;
using System.Text.RegularExpressions;
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
internal static partial class BusyTimes
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
        var calendars = Load(text);
        if (calendars.SelectMany(calendar => calendar.Events).Any(it => it.RecurrenceRule is { Frequency: Ical.Net.FrequencyType.Secondly or Ical.Net.FrequencyType.Minutely })) throw new UnreadableCalendarException("too_many");
        try
        {
            if (OwnZones.Named(text, calendars, zone, (from.AddDays(-31), to)) is { } named) calendars = Load(named);
            var found = new HashSet<BusyTime>();
            foreach (var time in calendars.SelectMany(calendar => EventsOf(calendar, zone, from, to)).Concat(ListedIn(text)))
            {
                if (time.EndsAt <= time.StartsAt || time.EndsAt <= from || time.StartsAt >= to) continue;
                found.Add(time);
                if (found.Count > Most) throw new UnreadableCalendarException("too_many");
            }
            return [.. found.OrderBy(time => time.StartsAt).ThenBy(time => time.EndsAt)];
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Ical.Net.Evaluation.EvaluationException or TimeZoneNotFoundException)
        {
            throw new UnreadableCalendarException("unknown_zone");   // whatever else is wrong with a text is found when it is loaded
        }
        catch (Exception error) when (error is FormatException or OverflowException or RegexMatchTimeoutException)
        {
            throw new UnreadableCalendarException("no_calendar");
        }
    }

    /// <summary>A text may hold several calendars.</summary>
    private static List<Ical.Net.Calendar> Load(string text)
    {
        if (!text.TrimStart('\uFEFF', ' ', '\r', '\n').StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase)) throw new UnreadableCalendarException("no_calendar");
        try
        {
            return Ical.Net.CalendarCollection.Load(text) is { Count: > 0 } all ? [.. all] : throw new UnreadableCalendarException("no_calendar");
        }
        catch (Exception error) when (error is System.Runtime.Serialization.SerializationException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new UnreadableCalendarException("no_calendar");
        }
    }

    /// <summary>Lazily, since some rules have no end; in order of their starts, so that the first one behind the span ends it, with a day for other zones.</summary>
    private static IEnumerable<BusyTime> EventsOf(Ical.Net.Calendar calendar, string zone, DateTimeOffset from, DateTimeOffset to)
    {
        foreach (var occurrence in calendar.GetOccurrences<CalendarEvent>(new CalDateTime(from.AddDays(-31).UtcDateTime, "UTC")))
        {
            var starts = At(occurrence.Period.StartTime, zone);
            if (starts >= to.AddDays(1)) yield break;
            if (occurrence.Source is CalendarEvent outside && IsBusy(outside)) yield return new(starts, EndOf(occurrence, zone));
        }
    }

    /// <summary>
    /// What says nothing but when somebody is busy (FREEBUSY, 3.8.2.6): periods in UTC, each with an end or a length. The parser leaves them out, so they are read from the text.
    /// </summary>
    private static IEnumerable<BusyTime> ListedIn(string text)
    {
        foreach (Match line in Listed().Matches(OwnZones.Unfold(text)))
        {
            if (line.Groups["how"].Value.Contains("FBTYPE=FREE", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var period in line.Groups["periods"].Value.Trim().Split(','))
            {
                if (period.Split('/') is not [var start, var until]) throw new UnreadableCalendarException("no_calendar");
                var starts = Instant(start);
                yield return new(starts, until.StartsWith('P') ? starts + System.Xml.XmlConvert.ToTimeSpan(until) : Instant(until));
            }
        }
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.ParseExact(text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [GeneratedRegex("^FREEBUSY(?<how>(;[^:\r\n]*)?):(?<periods>[^\r\n]*)", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Listed();

    private static bool IsBusy(CalendarEvent outside) =>
        !string.Equals(outside.Status, "CANCELLED", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(outside.Transparency, "TRANSPARENT", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(outside.Properties.FirstOrDefault(it => it.Name == "X-MICROSOFT-CDO-BUSYSTATUS")?.Value?.ToString(), "FREE", StringComparison.OrdinalIgnoreCase);

    private static DateTimeOffset EndOf(Occurrence occurrence, string zone)
    {
        var start = occurrence.Period.StartTime;
        if (occurrence.Period.EffectiveEndTime is { } end)
        {
            var (starts, ends) = (At(start, zone), At(end, zone));
            return ends > starts ? ends : starts + (end.Value - start.Value);   // it begins in the hour that the clocks skip
        }
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
