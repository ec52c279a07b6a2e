namespace Chartroom.Bench;

/// <summary>What becomes of a booked visit of a made-up clinic: how long before it was booked, moved, confirmed; how long the patient waited; or that nobody came.</summary>
internal sealed class BigCourse(DateTimeOffset now, string zone)
{
    private readonly TimeZoneInfo info = TimeZoneInfo.FindSystemTimeZoneById(zone);

    /// <summary>One that keeps its time, or kept it until nobody came.</summary>
    public BigVisit Held(BigSlot slot, Random dice)
    {
        var visit = Booked(slot, dice);
        var moves = (List<BigMove>)visit.Moves;
        if (visit.End.AddHours(2) < now) End(visit, moves, dice);
        else if (visit.Start.AddMinutes(-10) < now) Begin(visit, moves, dice);
        return visit;
    }

    /// <summary>Booked, and nothing else happened.</summary>
    public BigVisit Untouched(BigSlot slot, Random dice)
    {
        var visit = Booked(slot, dice);
        return visit with { Moves = [visit.Moves[0] with { Shift = default }] };
    }

    /// <summary>One that was cancelled before it began: two of three early, mostly by the patient.</summary>
    public BigVisit Cancelled(BigSlot slot, Random dice)
    {
        var visit = Booked(slot, dice);
        var moves = (List<BigMove>)visit.Moves;
        var until = visit.Start < now ? visit.Start : now;
        var from = moves[^1].At;
        var at = from + ((until - from) * (dice.Next(3) > 0 ? dice.NextDouble() * 0.7 : 0.9 + (dice.NextDouble() * 0.09)));
        var roll = dice.Next(100);
        var (reason, by) = roll < 62 ? ("patient_request", "patient") : roll < 78 ? ("rescheduled", "patient") : roll < 90 ? ("provider_unavailable", "clinic") : roll < 96 ? ("booked_in_error", "clinic") : ("other", "clinic");
        moves.Add(new("cancelled", "cancelled", at));
        return visit with { Cancel = new(reason, by, by == "patient" && visit.Start - at < TimeSpan.FromHours(24)) };
    }

    private BigVisit Booked(BigSlot slot, Random dice)
    {
        var start = new DateTimeOffset(slot.Local, info.GetUtcOffset(slot.Local)).ToUniversalTime();
        var lead = dice.Next(100) < 15 ? TimeSpan.FromMinutes(dice.Next(20, 400)) : TimeSpan.FromHours(Math.Min(5000, 12 - (430 * Math.Log(1 - dice.NextDouble()))));
        var latest = start < now ? start : now;
        var made = start - lead < latest ? start - lead : latest - TimeSpan.FromDays(dice.NextDouble() * 20);
        var isMoved = dice.Next(100) < 8;
        var moves = new List<BigMove> { new("booked", "booked", made, isMoved ? TimeSpan.FromDays(dice.Next(1, 9)) : default) };
        if (isMoved) moves.Add(new("moved", "booked", made + ((latest - made) * 0.3)));
        if (start.AddDays(-2) is var reminded && reminded > moves[^1].At && reminded.AddHours(10) < now && dice.Next(100) < 60) moves.Add(new("status", "confirmed", reminded.AddMinutes(dice.Next(600))));
        return new() { Patient = slot.Patient, Provider = slot.Provider, Type = slot.Type, Local = slot.Local, Zone = zone, Start = start, Minutes = slot.Minutes, Moves = moves };
    }

    /// <summary>What is over: seen in most cases.</summary>
    private static void End(BigVisit visit, List<BigMove> moves, Random dice)
    {
        var roll = dice.Next(1000);
        if (roll < 50 + (visit.Provider * 4))
        {
            moves.Add(new("status", "no_show", visit.Start.AddMinutes(dice.Next(15, 40))));
            return;
        }
        var at = Later(moves[^1].At, visit.Start.AddMinutes(dice.Next(-20, 9)));
        moves.Add(new("status", "arrived", at));
        if (roll > 992)
        {
            moves.Add(new("status", "left_without_being_seen", at.AddMinutes(dice.Next(20, 60))));
            return;
        }
        moves.Add(new("status", "roomed", at = at.AddSeconds(120 + Wait(dice, 8 + visit.Start.Hour % 6))));
        moves.Add(new("status", "in_progress", at = at.AddSeconds(60 + Wait(dice, 6))));
        at = at.AddMinutes(visit.Minutes * (0.6 + (dice.NextDouble() * 0.6)));
        if (dice.Next(2) == 0) moves.Add(new("status", "ready_for_checkout", at));
        moves.Add(new("status", "completed", at.AddSeconds(30 + Wait(dice, 3))));
    }

    /// <summary>What is under way as of now.</summary>
    private void Begin(BigVisit visit, List<BigMove> moves, Random dice)
    {
        var steps = visit.Start > now ? 1 : visit.End > now ? dice.Next(1, 4) : visit.End.AddMinutes(20) > now ? 4 : 5;
        string[] way = ["arrived", "roomed", "in_progress", "ready_for_checkout", "completed"];
        var (from, to) = (moves[^1].At > visit.Start.AddMinutes(-10) ? moves[^1].At : visit.Start.AddMinutes(-10), now);
        for (var step = 0; step < steps; step++) moves.Add(new("status", way[step], from + ((to - from) * ((step + 0.5) / steps))));
    }

    /// <summary>Seconds of a wait whose mean is so many minutes; at most two hours.</summary>
    private static double Wait(Random dice, double meanMinutes) => Math.Min(7200, -Math.Log(1 - dice.NextDouble()) * meanMinutes * 60);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
