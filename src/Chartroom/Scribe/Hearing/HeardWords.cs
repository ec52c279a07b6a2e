using System.Text.RegularExpressions;
using Chartroom.Assist;
using Chartroom.Scribe.Transcripts;

namespace Chartroom.Scribe.Hearing;

/// <summary>What a recogniser heard, as a transcript. What it writes for noise, and what recognisers are known to make up where nobody speaks, are no words.</summary>
internal static partial class HeardWords
{
    private const int LongTurn = 240;

    private static readonly HashSet<string> MadeUp = new(StringComparer.OrdinalIgnoreCase)
    {
        "you", "thank you", "thanks", "thank you very much", "thanks for watching", "thank you for watching", "thanks for listening", "thank you for listening", "please subscribe", "bye", "bye bye",
        "subtitles by the amara org community", "the end", "oh", "uh", "um", "hmm", "the", "ah",
    };

    /// <summary>Null where nothing was said.</summary>
    public static Transcript? Transcript(IEnumerable<HeardLine> heard)
    {
        var lines = heard.Select(line => line with { Text = Noise().Replace(line.Text, " ").Trim() }).Where(line => line.Text.Any(char.IsLetterOrDigit)).ToList();
        if (lines.TrueForAll(line => MadeUp.Contains(Plain(line.Text)))) return null;
        var read = TranscriptParser.OfHeard(Sentences(lines));
        return read.IsOk ? read.Value : null;
    }

    private static string Plain(string text) => string.Join(' ', text.Split([' ', '.', ',', '!', '?', '-'], StringSplitOptions.RemoveEmptyEntries));

    // Recognisers cut where they like; put together to the end of a sentence, each turn has a time of its own and no sentence is in two.
    private static IEnumerable<(string Voice, TimeSpan? At, string Text)> Sentences(IEnumerable<HeardLine> lines)
    {
        (string Voice, TimeSpan? At, string Text)? open = null;
        foreach (var line in lines)
        {
            var voice = line.Voice is { } told ? $"Speaker {told}" : "";
            if (open is { } turn && turn.Voice == voice && turn.Text.Length < LongTurn && !".?!".Contains(turn.Text[^1], StringComparison.Ordinal) && !IsUtterance(line)) open = turn with { Text = $"{turn.Text} {line.Text}" };
            else
            {
                if (open is { } ended) yield return ended;
                open = (voice, line.At, line.Text);
            }
        }
        if (open is { } last) yield return last;
    }

    // PocketSphinx writes no capitals and no stops: each of its lines is what was said between two pauses.
    private static bool IsUtterance(HeardLine line) => !line.Text.Any(sign => char.IsUpper(sign) || sign is '.' or ',' or '?');

    [GeneratedRegex(@"\[[^\]\n]{0,60}\]|\([^)\n]{0,60}\)|\*[^*\n]{0,60}\*|[♪♫]", RegexOptions.CultureInvariant)]
    private static partial Regex Noise();
}
