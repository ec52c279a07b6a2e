using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Gives names their capitals back. Rewriting works on lower-case words; what the transcript writes with a capital where no sentence begins is a
/// name, as are months, weekdays and who follows a title.</summary>
internal sealed partial class Casing
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly HashSet<string> common = new(StringComparer.Ordinal);

    public static Casing Of(Scene scene)
    {
        var casing = new Casing();
        foreach (var line in scene.Lines) Read(line.Span.Text, casing.names, casing.common);
        return casing;
    }

    /// <summary>The text with the capitals of its sources. A word that the transcript writes both ways ("will", "Will") takes its sources' form.</summary>
    public string Restore(string text, IEnumerable<Line> sources)
    {
        var (near, nearCommon) = (new Dictionary<string, string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var line in sources) Read(line.Span.Text, near, nearCommon);
        text = Words().Replace(text, match =>
        {
            var word = match.Value;
            if (word.Any(char.IsUpper)) return word;
            var (stem, tail) = word.EndsWith("'s", StringComparison.Ordinal) ? (word[..^2], "'s") : (word, "");
            if (near.TryGetValue(stem, out var written) && !nearCommon.Contains(stem)) return written + tail;
            return names.TryGetValue(stem, out written) && !common.Contains(stem) ? written + tail : word;
        });
        text = Calendar().Replace(text, match => Capital(match.Value));
        return Titled().Replace(text, match => $"{Capital(match.Groups["title"].Value)} {Capital(match.Groups["name"].Value)}");
    }

    // Text in capitals, or a heading, says nothing about names; the first word of a sentence neither, unless it is an acronym.
    private static void Read(string text, Dictionary<string, string> names, HashSet<string> common)
    {
        var words = Words().Matches(text);
        if (words.Count > 3 && words.Count(word => char.IsUpper(word.Value[0])) * 2 > words.Count) return;
        foreach (Match match in words)
        {
            var written = match.Value.Replace('’', '\'');
            if (written.EndsWith("'s", StringComparison.Ordinal)) written = written[..^2];
            var lower = written.ToLowerInvariant();
            if (lower == "i" || lower.StartsWith("i'", StringComparison.Ordinal)) continue;
            var isAcronym = written.Length > 1 && written.All(char.IsUpper);
            if (written == lower) common.Add(lower);
            else if (isAcronym || !BeginsSentence(text, match.Index)) names.TryAdd(lower, written);
        }
    }

    private static bool BeginsSentence(string text, int at)
    {
        for (at--; at >= 0; at--)
            if (!char.IsWhiteSpace(text[at])) return text[at] is '.' or '?' or '!' or ':' or ';' or '"' or '“' or '-' or '—' && !EndsTitle(text, at);
        return true;
    }

    private static bool EndsTitle(string text, int dot) => TitleBefore().IsMatch(text.AsSpan(0, dot + 1));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    [GeneratedRegex(@"\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"\b(january|february|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|(march|may)(?= \d))\b", RegexOptions.CultureInvariant)]
    private static partial Regex Calendar();

    [GeneratedRegex(@"\b(?<title>[Mm]rs?\.|[Mm]s\.|[Dd]r\.) (?!(?:is|was|said|told|gave|put|wants?|thinks?|will|and|or|who|to|for|about|there|did|has|had|that)\b)(?<name>\p{L}[\p{L}'-]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Titled();

    [GeneratedRegex(@"\b(Mrs?|Ms|Dr)\.$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex TitleBefore();
}
