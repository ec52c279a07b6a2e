namespace Chartroom.Scribe.Bench;

/// <summary>Clipped n-gram overlap as F1 (Lin 2004), in lower case, without stems or stop words: what the tables of ACI-Bench and MEDIQA-Chat count.</summary>
internal static class Rouge
{
    /// <summary>0 to 1.</summary>
    public static double Of(string reference, string draft, int size)
    {
        var (wanted, had) = (Grams(reference, size), Grams(draft, size));
        double hits = wanted.Sum(gram => Math.Min(gram.Value, had.GetValueOrDefault(gram.Key)));
        return hits == 0 ? 0 : 2 * hits / (wanted.Values.Sum() + had.Values.Sum());
    }

    private static Dictionary<string, int> Grams(string text, int size)
    {
        var words = new string([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Enumerable.Range(0, Math.Max(0, words.Length - size + 1)).Select(at => string.Join(' ', words.Skip(at).Take(size)))
            .GroupBy(gram => gram).ToDictionary(group => group.Key, group => group.Count());
    }
}
