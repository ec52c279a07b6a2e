using System.Globalization;
using Chartroom.Clinics;

namespace Chartroom.Staff;

/// <summary>Days and times in words.</summary>
internal static class HoursWords
{
    private static readonly CultureInfo American = CultureInfo.GetCultureInfo("en-US");

    /// <summary>The days of a week as people plan one, Monday first; each with its number in the database.</summary>
    internal static IReadOnlyList<(int Number, string Name)> Week { get; } = [.. new[] { 1, 2, 3, 4, 5, 6, 0 }.Select(day => (day, ((DayOfWeek)day).ToString()))];

    /// <summary>Such as <c>9:00 AM to 12:00 PM at Main Street</c>; the place only when there are several.</summary>
    internal static string Of(HoursRow row, IReadOnlyList<Location> locations)
    {
        var place = locations.Count > 1 ? $" at {locations.FirstOrDefault(location => location.Id.Value == row.LocationId.Value)?.Name ?? "a closed location"}" : "";
        return string.Create(American, $"{row.Opens:h:mm tt} to {row.Closes:h:mm tt}{place}");
    }
}
