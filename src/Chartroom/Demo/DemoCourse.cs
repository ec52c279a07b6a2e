using Chartroom.Bench;

namespace Chartroom.Demo;

/// <summary>
/// What has become of the demo clinic's visits as of now. Past days are as dice have it; today shows every state at whatever hour the demo is made: outside the middle of
/// the day it is told as if it were then, and what has happened is put so near to now as if it just had.
/// </summary>
internal sealed class DemoCourse(DateTimeOffset now, string zone)
{
    private readonly BigCourse ordinary = new(now, zone);

    public DateOnly Today { get; } = ClinicTime.TodayAt(now, zone);

    /// <summary>One that keeps its time, on any day.</summary>
    public BigVisit Held(BigSlot slot, Random dice) => ordinary.Held(slot, dice);

    public BigVisit Cancelled(BigSlot slot, Random dice) => ordinary.Cancelled(slot, dice);

    /// <summary>A visit that a patient asked for online and nobody has answered.</summary>
    public BigVisit Requested(BigSlot slot, Random dice) => ordinary.Untouched(slot, dice) with { Moves = [new("requested", "requested", now.AddMinutes(-dice.Next(20, 600)))] };

    /// <summary>Today's visits, in the order of their starts.</summary>
    public IEnumerable<BigVisit> OfToday(IEnumerable<BigSlot> slots, Random dice)
    {
        var noon = ClinicTime.Resolve(Today, new(12, 20), zone) ?? now;
        var told = now < noon.AddHours(-2) ? noon.AddHours(-2) : now > noon.AddHours(3) ? noon.AddHours(3) : now;
        var course = new BigCourse(told, zone);
        var (ended, live) = (0, 0);
        foreach (var slot in slots.OrderBy(slot => slot.Local))
        {
            var visit = course.Held(slot, dice);
            if (visit.End > told && visit.Start < told.AddMinutes(35)) visit = Live(visit, live++, told);
            else if (visit.Last.Status is "completed" or "no_show" or "left_without_being_seen") visit = Varied(visit, ++ended);
            yield return visit with { Moves = [.. visit.Moves.Select(move => move with { At = Shifted(move.At, told) })] };
        }
    }

    /// <summary>Those about now: with the provider, in a room, waiting, by turns.</summary>
    private static BigVisit Live(BigVisit visit, int number, DateTimeOffset told)
    {
        string[] way = ["arrived", "roomed", "in_progress"];
        var steps = (number % 5) switch { 0 => 3, 1 => 2, _ => 1 };
        return visit with
        {
            Moves =
            [
                visit.Moves[0] with { Shift = default },
                .. Enumerable.Range(0, steps).Select(step => new BigMove("status", way[step], told.AddMinutes(-2 - (number % 4 * 3) - ((steps - 1 - step) * 8)))),
            ],
        };
    }

    /// <summary>The third that is over did not come, the sixth left while waiting.</summary>
    private static BigVisit Varied(BigVisit visit, int number) => number switch
    {
        3 => visit with { Moves = [visit.Moves[0] with { Shift = default }, new("status", "no_show", visit.Start.AddMinutes(20))] },
        6 => visit with { Moves = [visit.Moves[0] with { Shift = default }, new("status", "arrived", visit.Start.AddMinutes(-5)), new("status", "left_without_being_seen", visit.Start.AddMinutes(25))] },
        _ => visit,
    };

    /// <summary>What happened within the hour is put as near to now as it was to the time told; nothing is in the future.</summary>
    private DateTimeOffset Shifted(DateTimeOffset at, DateTimeOffset told) => at > told.AddHours(-3) || at > now ? at + (now - told) : at;
}
