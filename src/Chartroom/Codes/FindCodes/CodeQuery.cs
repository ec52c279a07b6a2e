using System.Reflection;
using System.Text;

namespace Chartroom.Codes;

/// <summary>What was typed, as PostgreSQL's text search takes it: every word as the beginning of one of the title's or of the code, in any order; what speech and notes say for
/// it counts too. Pure.</summary>
/// <param name="Text">A <c>tsquery</c> of letters and digits of ours; null when nothing is to be searched for yet.</param>
/// <param name="Code">The words run together, for the one who types a code.</param>
internal sealed record CodeQuery(string? Text, string Code)
{
    private static readonly Dictionary<string, string[]> Synonyms = ReadSynonyms();
    private static readonly int LongestSynonym = Synonyms.Keys.Max(words => words.Split(' ').Length);

    public static CodeQuery Of(string typed)
    {
        var words = WordsOf(typed).ToArray();
        var code = string.Concat(words).ToUpperInvariant();
        if (!words.Any(word => word.Length > 1)) return new(null, code);
        var parts = new List<string>();
        for (var at = 0; at < words.Length;)
        {
            var length = Math.Min(LongestSynonym, words.Length - at);
            while (length > 0 && !Synonyms.ContainsKey(string.Join(' ', words, at, length))) length--;
            parts.Add(length == 0 ? Prefix(words[at]) : $"({All(words.Skip(at).Take(length))} | {All(Synonyms[string.Join(' ', words, at, length)])})");
            at += Math.Max(1, length);
        }
        return new(string.Join(" & ", parts), code);
    }

    /// <summary>Words in lower case, without accents; a dot inside of a code is no end of it.</summary>
    public static IEnumerable<string> WordsOf(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var sign in text.Normalize(NormalizationForm.FormD))
        {
            if (sign is '.' or '\'' or '’' || char.GetUnicodeCategory(sign) == System.Globalization.UnicodeCategory.NonSpacingMark) continue;
            plain.Append(char.IsAsciiLetterOrDigit(sign) ? char.ToLowerInvariant(sign) : ' ');
        }
        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct();
    }

    private static string Prefix(string word) => $"'{word}':*";

    private static string All(IEnumerable<string> words) => string.Join(" & ", words.Select(Prefix));

    private static Dictionary<string, string[]> ReadSynonyms()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("codes/synonyms.txt") ?? throw new InvalidOperationException("codes/synonyms.txt is not in the assembly.");
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n').Where(line => line.Contains(':', StringComparison.Ordinal) && line[0] != '#').Select(line => line.Split(':'));
        return lines.SelectMany(parts => parts[0].Split('|').Select(said => (Said: string.Join(' ', WordsOf(said)), Written: WordsOf(parts[1]).ToArray())))
            .ToDictionary(pair => pair.Said, pair => pair.Written, StringComparer.Ordinal);
    }
}
