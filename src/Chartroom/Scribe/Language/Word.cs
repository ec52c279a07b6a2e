using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Language;

/// <summary>A word of a text with its place: lower-case, curly apostrophes straightened, "do n't" already one word.</summary>
internal readonly record struct Word(string Text, int Start, int Length)
{
    public int End => Start + Length;
    public bool IsMark => !char.IsLetterOrDigit(Text[0]) && Text[0] != '%';

    /// <summary>The form by which lexicon entries and text meet: a plural "s" is taken off.</summary>
    public string Root => RootOf(Text);

    public static string RootOf(string word)
    {
        if (word.Length > 2 && word.EndsWith("'s", StringComparison.Ordinal)) word = word[..^2];
        if (word.Length <= 3 || word[^1] != 's') return word;
        if (word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal)
            || word.EndsWith("is", StringComparison.Ordinal)) return word;
        return word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 5 ? word[..^3] + "y" : word[..^1];
    }
}

internal static partial class Words
{
    // A number keeps its decimal point and slash ("7.5", "127/80", "3/17/1946"); a word keeps its apostrophe; anything else is a mark.
    [GeneratedRegex(@"\d+(?:[.,/]\d+)*(?:st|nd|rd|th)?(?![\p{L}])|\d+|[\p{L}\p{M}]+(?:['’][\p{L}]+)*|%|[^\s\p{L}\p{M}\d]",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    public static List<Word> Read(string text)
    {
        var words = new List<Word>(text.Length / 5 + 4);
        foreach (var match in Pattern().EnumerateMatches(text))
        {
            var lower = text.Substring(match.Index, match.Length).ToLowerInvariant().Replace('’', '\'');
            if (words.Count > 0 && Joined(words[^1].Text, lower) is { } joined)
                words[^1] = new Word(joined, words[^1].Start, match.Index + match.Length - words[^1].Start);
            else
                words.Add(new Word(lower, match.Index, match.Length));
        }
        return words;
    }

    // Tokenised transcripts part contractions: "do n't", "gon na", "ca n't".
    private static string? Joined(string left, string right) => (left, right) switch
    {
        (_, "n't") => left == "ca" ? "can't" : left == "wo" ? "won't" : left + "n't",
        ("gon", "na") => "gonna",
        ("wan", "na") => "wanna",
        ("got", "ta") => "gotta",
        ("lem", "me") => "let me",
        _ when right is "'s" or "'re" or "'ve" or "'ll" or "'m" or "'d" && char.IsLetter(left[0]) => left + right,
        _ => null,
    };
}
