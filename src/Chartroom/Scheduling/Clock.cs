using System.Globalization;

namespace Chartroom.Scheduling;

/// <summary>Times and days as the desk reads them.</summary>
internal static class Clock
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary><c>9:05 AM</c></summary>
    public static string Text(DateTime local) => local.ToString("h:mm tt", English);

    /// <summary><c>9:05</c>, where the column says which half of the day.</summary>
    public static string Short(DateTime local) => local.ToString("h:mm", English);

    /// <summary><c>9 AM</c></summary>
    public static string Hour(TimeOnly at) => at.ToString("h tt", English);

    /// <summary><c>Mon, Mar 2, 2026</c></summary>
    public static string DayText(DateTime local) => local.ToString("ddd, MMM d, yyyy", English);

    /// <summary><c>Monday, March 2, 2026</c></summary>
    public static string LongDay(DateOnly day) => day.ToString("dddd, MMMM d, yyyy", English);

    /// <summary><c>2026-03-02</c>, as forms and addresses have it.</summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary><c>09:05</c>, as forms have it.</summary>
    public static string Field(DateTime local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The abbreviation of the zone at that instant, such as <c>EST</c>, or its distance from UTC where it has none.</summary>
    public static string ZoneTag(DateTimeOffset instant, string zone)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var offset = info.GetUtcOffset(instant);
        return string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? "−" : "+")}{offset:h\\:mm}");
    }
}
