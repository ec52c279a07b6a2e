using System.Globalization;

namespace Chartroom.OnlineBooking;

/// <summary>Days and times as a patient reads them.</summary>
internal static class When
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary><c>9:05 AM</c></summary>
    public static string Time(DateTime local) => local.ToString("h:mm tt", English);

    /// <summary><c>Monday, March 2</c></summary>
    public static string DayText(DateOnly day) => day.ToString("dddd, MMMM d", English);

    /// <summary><c>Monday, March 2, 2026</c></summary>
    public static string LongDay(DateTime local) => local.ToString("dddd, MMMM d, yyyy", English);

    /// <summary><c>2026-03-02</c></summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>An instant as addresses, forms and scripts have it.</summary>
    public static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>An instant with the offset of its place's clocks, as the API has it.</summary>
    public static DateTimeOffset AtPlace(DateTimeOffset instant, DateTime local) => new(local, local - instant.UtcDateTime);

    /// <summary>An instant read back, in UTC or with an offset; null for anything else.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    /// <summary><c>America/New_York</c> → <c>New York time</c>, as people say it who do not know zones by name.</summary>
    public static string Zone(string zone) => zone == "UTC" ? zone : $"{zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ')} time";

    /// <summary>The hour of a doubled time, told apart: <c>1:30 AM (UTC−4:00)</c>; empty where the clocks show it once.</summary>
    public static string Which(DateTimeOffset instant, DateTime local, string zone)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        if (!info.IsAmbiguousTime(local)) return "";
        var offset = info.GetUtcOffset(instant);
        return string.Create(CultureInfo.InvariantCulture, $" (UTC{(offset < TimeSpan.Zero ? "−" : "+")}{offset:h\\:mm})");
    }
}
