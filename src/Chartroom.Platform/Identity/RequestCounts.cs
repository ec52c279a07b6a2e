using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Platform.Identity;

/// <summary>
/// Counts requests a minute, by class and by session or network. One upsert into an unlogged table, sent together with the session's read: exact over all nodes
/// at no round trip of its own. Who is over the limit is refused from memory until the minute is over, so a flood costs the database nothing. Thread-safe.
/// </summary>
public sealed class RequestCounts(RateLimits limits, TimeProvider clock)
{
    private const int MostRemembered = 100_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>More requests than the class allows.</summary>
    public static readonly Refusal TooMany = new("platform.too-many-requests", 429, "That were too many requests at once. Wait a little, then go on.");

    private readonly ConcurrentDictionary<string, DateTimeOffset> shut = new();
    private readonly ConcurrentDictionary<string, LocalCount> local = new();

    /// <summary>Why this key has to wait, as far as this node knows without asking.</summary>
    internal Refusal? RefusalOfShut(CountKey key)
    {
        if (!shut.TryGetValue(key.Text, out var until)) return null;
        var now = clock.GetUtcNow();
        if (until > now && until - now <= Window) return WaitUntil(until, now);
        shut.TryRemove(key.Text, out _);
        return null;
    }

    /// <summary>Counts one of a class that needs no database.</summary>
    internal Refusal? CountHere(CountKey key)
    {
        if (local.Count > MostRemembered) local.Clear();
        var now = clock.GetUtcNow();
        var count = local.AddOrUpdate(key.Text, _ => new(now, 1), (_, present) => present.StartedAt + Window <= now ? new(now, 1) : present with { Seen = present.Seen + 1 });
        return count.Seen > limits.Of(key.Class) ? WaitUntil(count.StartedAt + Window, now) : null;
    }

    /// <summary>Counts one request with the next round trip; with a token only if it opens a session, so that made-up tokens leave no rows.</summary>
    internal static AskedRows<Counted> Ask(PlatformTx tx, CountKey key, byte[]? tokenHash) =>
        tx.AskUnaudited<Counted>(tokenHash is null ? CountOne : CountOfSession, new { key = key.Hash, now = tx.Now, over = tx.Now - Window, ahead = tx.Now + Window, token = tokenHash });

    /// <summary>What the count says; null when the request may go on.</summary>
    internal Refusal? RefusalOf(CountKey key, Counted counted)
    {
        if (counted.Seen <= Math.Min(counted.Most ?? int.MaxValue, limits.Of(key.Class))) return null;
        if (shut.Count > MostRemembered) shut.Clear();
        shut[key.Text] = counted.StartedAt + Window;
        return WaitUntil(counted.StartedAt + Window, clock.GetUtcNow());
    }

    private static Refusal WaitUntil(DateTimeOffset until, DateTimeOffset now) => TooMany.With("retryAfterSeconds", Math.Max(1, (int)Math.Ceiling((until - now).TotalSeconds)));

    // A minute that began further ahead than a minute was written by a clock that has been set back since.
    private const string CountOne = """
        insert into platform.request_count as present (key, started_at, seen)
        values (@key, @now, 1)
        on conflict on constraint request_count_pkey do update
        set seen = case when present.started_at <= @over or present.started_at > @ahead then 1 else least(present.seen, 1000000000) + 1 end,
            started_at = case when present.started_at <= @over or present.started_at > @ahead then @now else present.started_at end
        returning seen, started_at
        """;

    private const string CountOfSession = """
        insert into platform.request_count as present (key, started_at, seen)
        select @key, @now, 1
        where exists (select from platform.session where token_hash = @token and ended_at is null)
        on conflict on constraint request_count_pkey do update
        set seen = case when present.started_at <= @over or present.started_at > @ahead then 1 else least(present.seen, 1000000000) + 1 end,
            started_at = case when present.started_at <= @over or present.started_at > @ahead then @now else present.started_at end
        returning seen, started_at
        """;

    private sealed record LocalCount(DateTimeOffset StartedAt, int Seen);
}

/// <summary>Who is counted in which class.</summary>
internal sealed record CountKey(RateClass Class, string Who)
{
    public string Text { get; } = $"{Class} {Who}";

    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Text))[..16];
}

/// <summary>A row of <c>platform.request_count</c>.</summary>
internal sealed record Counted
{
    public int Seen { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    /// <summary>A limit of one's own below that of the class; null for none.</summary>
    public int? Most { get; init; }
}
