namespace Chartroom.Tasks;

/// <summary>Days of a task that comes again.</summary>
internal static class TaskDays
{
    /// <summary>
    /// The first day of the series after both the day it was due and today: a weekly task done three weeks late is not due three times. Months are counted from the
    /// series' own first day, so what began on a 31st is due on the last day of shorter months and on the 31st again.
    /// </summary>
    public static DateOnly Next(DateOnly from, int every, RepeatUnit unit, DateOnly due, DateOnly today)
    {
        var after = due > today ? due : today;
        var step = unit switch
        {
            RepeatUnit.Days => Math.Max(1, (after.DayNumber - from.DayNumber) / every),
            RepeatUnit.Weeks => Math.Max(1, (after.DayNumber - from.DayNumber) / (every * 7)),
            _ => Math.Max(1, (((after.Year - from.Year) * 12) + after.Month - from.Month) / every),
        };
        while (Nth(from, every, unit, step) <= after) step++;
        return Nth(from, every, unit, step);
    }

    private static DateOnly Nth(DateOnly from, int every, RepeatUnit unit, int step) => unit switch
    {
        RepeatUnit.Days => from.AddDays(every * step),
        RepeatUnit.Weeks => from.AddDays(7 * every * step),
        _ => from.AddMonths(every * step),
    };
}
