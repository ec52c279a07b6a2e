namespace Chartroom.Scheduling;

/// <summary>A stretch of a day in which the clocks run evenly.</summary>
/// <param name="From">Minutes of real time since midnight at which it begins.</param>
/// <param name="Wall">Minute of the day that the clocks show then.</param>
public sealed record EvenStretch(int From, int Wall);

/// <summary>
/// Where an instant stands on the calendar. A single day is ruled by real time: a day of 25 hours is an hour longer, and <see cref="Stretches"/> say what the clocks
/// show on it. Several days side by side are ruled by the wall clock, so that nine o'clock is one line. Pure: no clock, no database.
/// </summary>
public sealed class DayAxis
{
    private const int Step = 15;   // no zone changes its clocks off a quarter of an hour
    private readonly Day day;

    public DayAxis(Day day)
    {
        this.day = day;
        Minutes = day.Days == 1 ? (int)(day.To - day.From).TotalMinutes : 24 * 60;
        Stretches = day.Days > 1 || Minutes == 24 * 60 ? [new(0, 0)] : StretchesOf(day, Minutes);
    }

    /// <summary>How long a day is drawn.</summary>
    public int Minutes { get; }

    /// <summary>In order; one on an ordinary day.</summary>
    public IReadOnlyList<EvenStretch> Stretches { get; }

    /// <summary>Which day, counted from the first, and which minute of its drawing.</summary>
    public (int Day, int Minute) Of(DateTimeOffset instant)
    {
        if (day.Days == 1) return (0, (int)Math.Floor((instant - day.From).TotalMinutes));
        var local = ClinicTime.Local(instant, day.TimeZone);
        return (DateOnly.FromDateTime(local).DayNumber - day.Date.DayNumber, (int)local.TimeOfDay.TotalMinutes);
    }

    /// <summary>Where the clocks first show a minute of the day or a later one.</summary>
    public int OfWall(int wall)
    {
        for (var at = 0; at < Stretches.Count - 1; at++)
        {
            var (stretch, next) = (Stretches[at], Stretches[at + 1]);
            if (wall - stretch.Wall < next.From - stretch.From) return Math.Max(stretch.From, stretch.From + wall - stretch.Wall);
        }
        return Math.Max(Stretches[^1].From, Stretches[^1].From + wall - Stretches[^1].Wall);
    }

    private static List<EvenStretch> StretchesOf(Day day, int minutes)
    {
        var found = new List<EvenStretch> { new(0, WallAt(day, 0)) };
        for (var at = Step; at < minutes; at += Step)
        {
            if (WallAt(day, at) is var wall && wall - found[^1].Wall != at - found[^1].From) found.Add(new(at, wall));
        }
        return found;
    }

    private static int WallAt(Day day, int minute) => (int)ClinicTime.Local(day.From.AddMinutes(minute), day.TimeZone).TimeOfDay.TotalMinutes;
}
