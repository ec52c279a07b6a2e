using System.Globalization;

namespace Chartroom.Scheduling;

/// <summary>Shifts in words.</summary>
internal static class ShiftWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary>The days of a week as people plan one, Monday first; each with its number.</summary>
    internal static IReadOnlyList<(int Number, string Name)> Week { get; } = [.. new[] { 1, 2, 3, 4, 5, 6, 0 }.Select(day => (day, ((DayOfWeek)day).ToString()))];

    /// <summary>Such as <c>8:00 AM – 12:00 PM</c>.</summary>
    internal static string Of(ShiftHours hours) => string.Create(English, $"{hours.Opens:h:mm tt} – {hours.Closes:h:mm tt}");

    internal static string Day(DateOnly day) => day.ToString("ddd, MMM d", English);

    internal static string Note(string kind, string name) => kind == "closed" ? $"Closed: {name}" : $"Away: {TimeOffWords.KindText(name).ToLowerInvariant()}";
}
