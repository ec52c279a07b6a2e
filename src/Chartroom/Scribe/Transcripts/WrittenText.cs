using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Transcripts;

/// <summary>A text that was written, not spoken (a letter, a signed note), as a source: one turn of nobody's, every sentence of which can be cited.</summary>
internal static partial class WrittenText
{
    public static Transcript Read(string text) => new([new Turn("t1", Speaker.Unknown, "", text, null,
        [.. Sentences(text).Select((span, at) => new Span($"t1.s{at + 1}", span.Start, span.Length, text.Substring(span.Start, span.Length)))])]);

    /// <summary>Places of the sentences and lines that hold a word, in order.</summary>
    public static IEnumerable<(int Start, int Length)> Sentences(string text)
    {
        var start = 0;
        foreach (Match end in End().Matches(text))
        {
            if (Trim(text, start, end.Index + end.Length) is { } span) yield return span;
            start = end.Index + end.Length;
        }
        if (Trim(text, start, text.Length) is { } last) yield return last;
    }

    private static (int Start, int Length)? Trim(string text, int start, int end)
    {
        while (start < end && (char.IsWhiteSpace(text[start]) || text[start] is '•' or '-')) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        return text.AsSpan(start, end - start).ContainsAnyInRange('0', '9') || text.AsSpan(start, end - start).IndexOfAnyExceptInRange('\0', '@') >= 0 ? (start, end - start) : null;
    }

    // A full stop before a small letter or a digit belongs to an abbreviation or a number; so does one after a title.
    [GeneratedRegex(@"(?<!\b(Dr|Mr|Mrs|Ms|St|vs|Jr|Sr|Prof|No|y\.o|e\.g|i\.e|approx))[.!?]+[""'”’)]*(?=\s+[^\p{Ll}\s])|\n", RegexOptions.CultureInvariant)]
    private static partial Regex End();
}
