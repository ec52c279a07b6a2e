namespace Chartroom.Import;

/// <summary>Counts what came in and what was left out.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, (int In, SortedDictionary<string, int> Out)> types = new(StringComparer.Ordinal);

    public void In(string type) => types[type] = types.TryGetValue(type, out var line) ? line with { In = line.In + 1 } : (1, []);

    public void LeftOut(string type, string reason)
    {
        if (!types.TryGetValue(type, out var line)) types[type] = line = (0, []);
        line.Out[reason] = line.Out.GetValueOrDefault(reason) + 1;
    }

    public IReadOnlyList<TypeReport> Report() =>
        [.. types.Select(line => new TypeReport(line.Key, line.Value.In, [.. line.Value.Out.Select(left => new LeftOut(left.Key, left.Value))]))];
}
