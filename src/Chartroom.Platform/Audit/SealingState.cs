using System.Collections.Concurrent;

namespace Chartroom.Platform.Audit;

/// <summary>How far behind the sealing is, as this node's worker last found it. Each node looks at all logs once a minute, so each knows.</summary>
public sealed class SealingState(TimeProvider clock)
{
    // 60 seconds are promised; 30 more for the transaction that wrote the row and the round that seals it.
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(90), LongestRound = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> waiting = new();
    private DateTimeOffset? sweptAt;

    /// <summary>How many logs wait longer than they may, and since when the one that waits longest; null when none does.</summary>
    public (int Logs, DateTimeOffset Since)? Behind
    {
        get
        {
            var late = waiting.Values.Where(since => clock.GetUtcNow() - since > MostBehind).ToList();
            return late.Count == 0 ? null : (late.Count, late.Min());
        }
    }

    /// <summary>False when rows wait too long, or when this node's worker has stopped looking.</summary>
    public bool IsSealing => Behind is null && !(clock.GetUtcNow() - sweptAt > LongestRound);

    /// <summary>What was found of a log: since when its oldest row waits; null when none does.</summary>
    internal void Found(Guid log, DateTimeOffset? since)
    {
        if (since is { } at) waiting[log] = at;
        else waiting.TryRemove(log, out _);
    }

    /// <summary>A log that could not be looked at waits at least since now, or since it was known to.</summary>
    internal void Lost(Guid log) => waiting.TryAdd(log, clock.GetUtcNow());

    /// <summary>All logs are looked at from now on.</summary>
    internal void Sweeping() => sweptAt = clock.GetUtcNow();
}
