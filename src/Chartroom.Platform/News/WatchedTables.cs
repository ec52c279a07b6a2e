using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Chartroom.Platform.News;

/// <summary>
/// Tables that screens show. A clinic transaction that wrote to one tells its topic with the commit, so that no act can forget to: what it writes is read from the text of
/// its statements, which are constants of the program.
/// </summary>
public sealed partial class WatchedTables
{
    private const int MostRemembered = 20_000;
    private readonly ConcurrentDictionary<string, ImmutableArray<Watch>> known = new(ReferenceEqualityComparer.Instance);   // a literal is one object: none is read twice
    private ImmutableDictionary<string, Watch> tables = ImmutableDictionary<string, Watch>.Empty;

    /// <param name="Topic">What is told, without a text.</param>
    /// <param name="Unless">Not told when the act itself has told of this topic, which says more.</param>
    internal sealed record Watch(string Topic, string? Unless);

    /// <summary>All of them, for the rule that nothing shown is left out.</summary>
    public IEnumerable<string> Names => tables.Keys;

    /// <summary>Watches tables. To be called before the program serves.</summary>
    /// <param name="topic">One word of ours.</param>
    /// <param name="unless">A topic that says more, or null.</param>
    /// <param name="names">The tables.</param>
    public void Add(string topic, string? unless, params IEnumerable<string> names)
    {
        var watch = new Watch(topic, unless);
        ImmutableInterlocked.Update(ref tables, old => old.SetItems(names.Select(name => KeyValuePair.Create(name, watch))));
    }

    /// <summary>What a statement that was committed is to be told as.</summary>
    internal ImmutableArray<Watch> Of(string sql)
    {
        if (known.TryGetValue(sql, out var watches)) return watches;
        watches = [.. Writes().Matches(sql).Select(match => tables.GetValueOrDefault(match.Groups[1].Value)).OfType<Watch>().Distinct()];
        if (known.Count < MostRemembered) known.TryAdd(sql, watches);
        return watches;
    }

    // "for update of x" and "do update set" are none: there is no table "of" or "set".
    [GeneratedRegex(@"\b(?:insert\s+into|update|delete\s+from|merge\s+into|copy)\s+(?:only\s+)?(\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Writes();
}
