namespace Chartroom.Scheduling;

/// <summary>Hours of one day at one location.</summary>
/// <param name="Opens">Inclusive, by the wall clock of the location.</param>
/// <param name="Closes">Exclusive; later on the same day.</param>
public sealed record ShiftHours(TimeOnly Opens, TimeOnly Closes, LocationId LocationId);

/// <summary>Gives days hours of their own, in place of whatever shifts they have.</summary>
/// <param name="From">First day.</param>
/// <param name="Until">Last day, inclusive; absent: the first. At most 366 days in all.</param>
/// <param name="Hours">Of each of the days, at most six stretches; none: the days go by the weekly hours again.</param>
/// <param name="Weekdays">Only these days of the week, 0 is Sunday; absent or empty: all.</param>
/// <param name="KnownVisits">Visits outside these hours of which the person knows: others are refused (<c>scheduling.visits-in-the-way</c>).</param>
public sealed record SetShifts(DateOnly From, DateOnly? Until, IReadOnlyList<ShiftHours> Hours, IReadOnlyList<int>? Weekdays = null, IReadOnlyList<AppointmentId>? KnownVisits = null);

/// <summary>A day as somebody works it.</summary>
/// <param name="IsShift">True when the day has hours of its own; false: the weekly ones.</param>
/// <param name="Hours">By time; none: no hours.</param>
/// <param name="Notes">Closures and time off of that day, in words.</param>
/// <param name="Visits">Visits awaited that day.</param>
public sealed record WorkDay(DateOnly Day, bool IsShift, IReadOnlyList<ShiftHours> Hours, IReadOnlyList<string> Notes, int Visits);

/// <summary>Some weeks of somebody.</summary>
/// <param name="Days">Whole weeks from Monday on.</param>
/// <param name="Version">From which a change is made; counts up at each.</param>
public sealed record WorkWeeks(StaffId StaffId, string StaffName, IReadOnlyList<WorkDay> Days, int Version);

/// <summary>Which days are meant, and whether their hours can be. Pure.</summary>
internal static class ShiftRules
{
    private const int MostDays = 366, MostStretches = 6;

    /// <summary>Refuses <c>scheduling.incomplete</c>.</summary>
    public static Outcome<DateOnly[]> DaysOf(SetShifts ask)
    {
        var last = ask.Until ?? ask.From;
        if (ask.From.Year is < 2000 or > 2200) return Refusals.Incomplete.On("from", "Choose a day of this century.");
        if (last < ask.From || last.DayNumber - ask.From.DayNumber >= MostDays) return Refusals.Incomplete.On("until", "The last day is the first or later, at most 366 days in all.");
        if (ask.Weekdays?.Any(day => day is < 0 or > 6) == true) return Refusals.Incomplete.On("weekdays", "Choose days of the week.");
        var wrong = WhatIsWrong(ask.Hours);
        if (wrong.Errors.Count > 0) return wrong;
        var days = Enumerable.Range(0, last.DayNumber - ask.From.DayNumber + 1).Select(ask.From.AddDays)
            .Where(day => ask.Weekdays is not { Count: > 0 } || ask.Weekdays.Contains((int)day.DayOfWeek)).ToArray();
        return days.Length == 0 ? Refusals.Incomplete.On("until", "None of the chosen weekdays lies between the two days.") : days;
    }

    /// <summary>Monday of that week.</summary>
    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static Refusal WhatIsWrong(IReadOnlyList<ShiftHours> hours)
    {
        var refusal = Refusals.Incomplete;
        if (hours.Count > MostStretches) return refusal.On("hours", "At most six stretches a day.");
        foreach (var (at, row) in hours.Index())
        {
            if (row.Closes <= row.Opens) refusal = refusal.On($"hours[{at}].closes", "The end must be later than the beginning, on the same day.");
            else if (hours.Take(at).Any(other => other.Opens < row.Closes && row.Opens < other.Closes)) refusal = refusal.On($"hours[{at}].opens", "These hours overlap others of the day.");
        }
        return refusal;
    }
}
