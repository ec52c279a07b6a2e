namespace Chartroom.Scheduling;

/// <summary>A federal holiday of the United States.</summary>
/// <param name="Day">The day itself.</param>
/// <param name="Observed">The day on which offices close: one that falls on a Saturday is observed on the Friday before, on a Sunday on the Monday after.</param>
internal sealed record FederalHoliday(string Name, DateOnly Day, DateOnly Observed);

/// <summary>The eleven of a year, by rule: 5 U.S.C. 6103, <see href="https://www.law.cornell.edu/uscode/text/5/6103"/>.</summary>
internal static class FederalHolidays
{
    /// <summary>In their order. New Year's Day on a Saturday is observed in the year before.</summary>
    public static IReadOnlyList<FederalHoliday> Of(int year) =>
    [
        On("New Year's Day", new(year, 1, 1)),
        On("Martin Luther King, Jr. Day", Nth(year, 1, DayOfWeek.Monday, 3)),
        On("Washington's Birthday", Nth(year, 2, DayOfWeek.Monday, 3)),
        On("Memorial Day", LastMonday(year, 5)),
        On("Juneteenth", new(year, 6, 19)),
        On("Independence Day", new(year, 7, 4)),
        On("Labor Day", Nth(year, 9, DayOfWeek.Monday, 1)),
        On("Columbus Day", Nth(year, 10, DayOfWeek.Monday, 2)),
        On("Veterans Day", new(year, 11, 11)),
        On("Thanksgiving Day", Nth(year, 11, DayOfWeek.Thursday, 4)),
        On("Christmas Day", new(year, 12, 25)),
    ];

    private static FederalHoliday On(string name, DateOnly day) => new(name, day, day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(-1),
        DayOfWeek.Sunday => day.AddDays(1),
        _ => day,
    });

    private static DateOnly Nth(int year, int month, DayOfWeek weekday, int nth)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays((((int)weekday - (int)first.DayOfWeek + 7) % 7) + (7 * (nth - 1)));
    }

    private static DateOnly LastMonday(int year, int month)
    {
        var last = new DateOnly(year, month, DateTime.DaysInMonth(year, month));
        return last.AddDays(-(((int)last.DayOfWeek + 6) % 7));
    }
}
