using System.Globalization;

namespace Chartroom.Scheduling;

/// <summary>When, as people say it.</summary>
internal static class ClosureWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary>Such as <c>Mon, Dec 24, 2026, from 12:00 PM</c> or <c>Fri, Dec 25, 2026 to Sun, Jan 3, 2027</c>.</summary>
    internal static string When(DateTime from, DateTime until)
    {
        var last = until.TimeOfDay == TimeSpan.Zero ? until.AddDays(-1) : until;
        var starts = from.TimeOfDay == TimeSpan.Zero ? null : from.ToString("h:mm tt", English);
        var ends = until.TimeOfDay == TimeSpan.Zero ? null : until.ToString("h:mm tt", English);
        if (from.Date != last.Date) return $"{Clock.DayText(from)}{(starts is null ? "" : $", {starts}")} to {Clock.DayText(last)}{(ends is null ? "" : $", {ends}")}";
        return (starts, ends) switch
        {
            (null, null) => Clock.DayText(from),
            ({ } start, null) => $"{Clock.DayText(from)}, from {start}",
            (null, { } end) => $"{Clock.DayText(from)}, until {end}",
            ({ } start, { } end) => $"{Clock.DayText(from)}, {start} to {end}",
        };
    }
}
