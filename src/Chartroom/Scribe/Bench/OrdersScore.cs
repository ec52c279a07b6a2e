using System.Globalization;
using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Bench;

/// <summary>The score of MEDIQA-OE 2025 (arXiv 2510.26974): orders are paired by words of their descriptions, then description, reason, type and provenance are F1
/// each; the average is of these four, in percent.</summary>
internal sealed partial class OrdersScore
{
    private readonly Dictionary<string, (double Right, double Of, double Found, double Wanted)> _sums = new(StringComparer.Ordinal);

    public double Average => new[] { "description", "reason", "type", "provenance" }.Average(F1);

    public override string ToString() =>
        string.Join(", ", new[] { "match", "description", "reason", "type", "provenance" }.Select(it => string.Create(CultureInfo.InvariantCulture, $"{it} {F1(it):0.0}")));

    private double F1(string part)
    {
        var (right, of, found, wanted) = _sums.GetValueOrDefault(part);
        var (precision, recall) = (of == 0 ? 0 : right / of, wanted == 0 ? 0 : found / wanted);
        return precision + recall == 0 ? 0 : 200 * precision * recall / (precision + recall);
    }

    public void Add(IReadOnlyList<OrdersBench.SetOrder> wanted, IReadOnlyList<OrdersBench.SetOrder> found)
    {
        wanted = [.. wanted.Where(it => !string.IsNullOrEmpty(it.Description))];
        var pairs = Pair(wanted, found);
        foreach (var (want, find) in pairs)
        {
            var both = want is not null && find is not null;
            Share("match", both ? 1 : 0, find is not null, both ? 1 : 0, want is not null);
            var sameType = both && want!.Type.Equals(find!.Type, StringComparison.OrdinalIgnoreCase);   // both are there
            Share("type", sameType ? 1 : 0, find is not null, sameType ? 1 : 0, want is not null);
            Overlap("description", Words(want?.Description), Words(find?.Description));
            Overlap("reason", Words(want?.Reason), Words(find?.Reason));
            Overlap("provenance", [.. (want?.Provenance ?? []).Select(it => $"{it}")], [.. (find?.Provenance ?? []).Select(it => $"{it}")]);
        }
    }

    private void Overlap(string part, string[] wanted, string[] found) => Share(part,
        found.Length == 0 ? 0 : found.Count(wanted.Contains) / (double)found.Length, found.Length > 0,
        wanted.Length == 0 ? 0 : wanted.Count(found.Contains) / (double)wanted.Length, wanted.Length > 0);

    private void Share(string part, double precise, bool isFound, double recalled, bool isWanted)
    {
        var (right, of, found, wanted) = _sums.GetValueOrDefault(part);
        _sums[part] = (right + precise, of + (isFound ? 1 : 0), found + recalled, wanted + (isWanted ? 1 : 0));
    }

    // The heaviest pairing one to one; visits have few orders, so every one is tried, keeping the best for each set of those taken.
    private static List<(OrdersBench.SetOrder? Want, OrdersBench.SetOrder? Find)> Pair(IReadOnlyList<OrdersBench.SetOrder> wanted, IReadOnlyList<OrdersBench.SetOrder> found)
    {
        var best = new Dictionary<long, (double Weight, List<(int, int)> Pairs)> { [0] = (0, []) };
        for (var want = 0; want < wanted.Count; want++)
        {
            foreach (var (taken, (weight, pairs)) in best.ToList())
                for (var find = 0; find < Math.Min(found.Count, 60); find++)
                {
                    var gain = (taken >> find & 1) == 0 ? Likeness(wanted[want].Description, found[find].Description) : 0;
                    if (gain > 0 && weight + gain > best.GetValueOrDefault(taken | 1L << find).Weight) best[taken | 1L << find] = (weight + gain, [.. pairs, (want, find)]);
                }
        }
        var chosen = best.Values.MaxBy(it => it.Weight).Pairs;
        return
        [
            .. chosen.Select(it => ((OrdersBench.SetOrder?)wanted[it.Item1], (OrdersBench.SetOrder?)found[it.Item2])),
            .. wanted.Where((_, at) => !chosen.Exists(it => it.Item1 == at)).Select(it => ((OrdersBench.SetOrder?)it, (OrdersBench.SetOrder?)null)),
            .. found.Where((_, at) => !chosen.Exists(it => it.Item2 == at)).Select(it => ((OrdersBench.SetOrder?)null, (OrdersBench.SetOrder?)it)),
        ];
    }

    private static double Likeness(string? wanted, string? found)
    {
        var (left, right) = (Words(wanted), Words(found));
        return left.Length == 0 ? 0 : left.Count(right.Contains) / (double)left.Length;
    }

    private static string[] Words(string? text) =>
        Hyphen().Replace(Marks().Replace((text ?? "").ToLowerInvariant(), ""), " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("[.,?!]", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    [GeneratedRegex(@"(?<=\d)-", RegexOptions.CultureInvariant)]
    private static partial Regex Hyphen();
}
