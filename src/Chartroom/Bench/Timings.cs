namespace Chartroom.Bench;

/// <summary>How one drive went.</summary>
/// <param name="Each">What each answered request took, sorted.</param>
/// <param name="Whole">Length of the drive.</param>
/// <param name="Failures">Answers other than the expected one; not counted as requests.</param>
internal sealed record Timings(List<TimeSpan> Each, TimeSpan Whole, int Failures)
{
    /// <summary>Answered requests per second over all connections.</summary>
    public double PerSecond => Each.Count / Whole.TotalSeconds;

    /// <summary>Half of the answers came within this time.</summary>
    public TimeSpan Median => Percentile(Each, 50);

    /// <summary>99 of 100 did.</summary>
    public TimeSpan Slow => Percentile(Each, 99);

    /// <summary>Several drives as one.</summary>
    public static Timings Together(IReadOnlyCollection<Timings> turns) => new(
        [.. turns.SelectMany(turn => turn.Each).Order()], TimeSpan.FromTicks(turns.Sum(turn => turn.Whole.Ticks)), turns.Sum(turn => turn.Failures));

    /// <summary>Nearest rank: the smallest value that at least that share of all stays under or meets.</summary>
    internal static TimeSpan Percentile(List<TimeSpan> sorted, int percent) =>
        sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
}
