namespace Chartroom.Bench;

/// <summary>How one drive went.</summary>
/// <param name="PerSecond">Answered requests per second over all connections.</param>
/// <param name="Median">Half of the answers came within this time.</param>
/// <param name="Slow">99 of 100 did.</param>
/// <param name="Failures">Answers other than the expected one; not counted as requests.</param>
internal sealed record Timings(double PerSecond, TimeSpan Median, TimeSpan Slow, int Failures)
{
    /// <summary>From the time each request took. No request answered gives zeros.</summary>
    public static Timings Of(List<TimeSpan> each, TimeSpan whole, int failures)
    {
        each.Sort();
        return new(each.Count / whole.TotalSeconds, Percentile(each, 50), Percentile(each, 99), failures);
    }

    /// <summary>Nearest rank: the smallest value that at least that share of all stays under or meets.</summary>
    internal static TimeSpan Percentile(List<TimeSpan> sorted, int percent) =>
        sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
}
