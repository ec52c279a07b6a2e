using System.Text;
using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Transcripts;

/// <summary>Reads pasted or uploaded text into speaker turns: "[doctor] …", "Dr. Smith: …", "P: …", "Speaker 1: …", WebVTT, SRT, or plain
/// paragraphs without speakers. Refuses what holds no word (<c>scribe.nothing-to-draft</c>) or is too long
/// (<c>scribe.transcript-too-long</c>).</summary>
public static partial class TranscriptParser
{
    /// <summary>Longest text accepted, in UTF-16 units: about twelve hours of speech.</summary>
    public const int LongestChars = 600_000;

    private readonly record struct Line(string Label, string Text, TimeSpan? At);

    public static Outcome<Transcript> Parse(string? text)
    {
        if (text is not null && text.Length > LongestChars) return Refusals.TranscriptTooLong;
        if (string.IsNullOrWhiteSpace(text)) return Refusals.NothingToDraft;
        var clean = Clean(text);
        var lines = SubtitleReader.LooksLike(clean)
            ? SubtitleReader.Read(clean).SelectMany(cue => Unlabel(cue.Text, cue.Speaker, cue.At)).ToList()
            : Labelled(clean);
        var turns = Turns(lines);
        return turns.Count == 0 ? Refusals.NothingToDraft : new Transcript(turns);
    }

    /// <summary>What a recogniser heard, each turn with its time; "" for a voice that was not told apart.</summary>
    internal static Outcome<Transcript> OfHeard(IEnumerable<(string Voice, TimeSpan? At, string Text)> heard)
    {
        var lines = heard.Select(it => new Line(it.Voice, Clean(it.Text).Replace('\n', ' '), it.At)).ToList();
        if (lines.Sum(line => line.Text.Length) > LongestChars) return Refusals.TranscriptTooLong;
        var turns = Turns(lines);
        return turns.Count == 0 ? Refusals.NothingToDraft : new Transcript(turns);
    }

    // Control characters other than line ends carry no speech; a lone surrogate would not survive JSON.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\u2028', '\n').Replace('\u00a0', ' ');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) clean.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c)) clean.Append('\ufffd');
            else if (c == '\t') clean.Append(' ');
            else if (c == '\n' || (!char.IsControl(c) && c != '\ufeff')) clean.Append(c);
        }
        return clean.ToString();
    }

    private static IEnumerable<Line> Unlabel(string text, string speaker, TimeSpan at)
    {
        if (speaker.Length == 0 && Label(text) is { } found
            && SpeakerNames.Role(found.Label) != Speaker.Unknown) return [found with { At = at }];
        return [new Line(speaker, text, at)];
    }

    // A word before a colon is a speaker when it is a known role, or when it keeps coming back.
    private static List<Line> Labelled(string text)
    {
        var lines = text.Split('\n').Select(line => line.Trim()).ToList();
        var counts = lines.Select(Label).OfType<Line>().GroupBy(line =>
            line.Label.ToUpperInvariant()).ToDictionary(g => g.Key, g => g.Count());
        var result = new List<Line>();
        foreach (var line in lines)
        {
            var label = Label(line);
            var isSpeaker = label is { } found && (line[0] == '[' || SpeakerNames.Role(found.Label) != Speaker.Unknown
                || SpeakerNames.IsNumbered(found.Label) || (counts[found.Label.ToUpperInvariant()] > 1 && counts.Count is >= 2 and <= 8));
            if (isSpeaker) result.Add(label!.Value);
            else if (result.Count > 0 && result[^1].Label.Length > 0 && line.Length > 0)
                result[^1] = result[^1] with { Text = result[^1].Text + "\n" + line };
            else result.Add(new Line("", line, null));
        }
        return result;
    }

    private static Line? Label(string line)
    {
        var match = LabelPattern().Match(line);
        if (!match.Success) return null;
        var label = match.Groups["bracket"].Success ? match.Groups["bracket"].Value : match.Groups["plain"].Value;
        return new Line(label.Trim(), line[match.Length..].Trim(), null);
    }

    [GeneratedRegex(@"^\s*(?:\[(?<bracket>[^\]\n]{1,40})\]\s*:?|" +
        @"(?:\(?\d{1,2}:\d{2}(?::\d{2})?\)?\s+)?(?<plain>\p{L}[\p{L}\p{M}.'’_ \-]{0,32}(?:\s?\d{1,2})?)\s*:(?=\s|$))\s*",
            RegexOptions.CultureInvariant)]
    private static partial Regex LabelPattern();

    private static List<Turn> Turns(List<Line> lines)
    {
        var turns = new List<Turn>();
        foreach (var line in Merge(lines))
        {
            if (!line.Text.Any(char.IsLetterOrDigit)) continue;
            var id = $"t{turns.Count + 1}";
            var spans = SentenceSplitter.Split(line.Text)
                .Select((span, i) => new Span($"{id}.s{i + 1}", span.Start, span.Length, line.Text.Substring(span.Start, span.Length)))
                    .ToList();
            turns.Add(new Turn(id, SpeakerNames.Role(line.Label), line.Label, line.Text, line.At, spans));
        }
        return turns;
    }

    // Subtitles cut one turn into many cues; only cues with a time are put together again, because a pasted "[doctor]" line is a turn as
    // it stands.
    private static List<Line> Merge(List<Line> lines)
    {
        var merged = new List<Line>();
        foreach (var line in lines)
            if (merged.Count > 0 && line.At is not null && line.Label.Length > 0 && merged[^1].Label == line.Label)
                merged[^1] = merged[^1] with { Text = merged[^1].Text + " " + line.Text };
            else merged.Add(line);
        return merged;
    }
}
