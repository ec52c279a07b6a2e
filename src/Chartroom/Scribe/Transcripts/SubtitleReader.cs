using System.Globalization;
using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Transcripts;

/// <summary>WebVTT (https://www.w3.org/TR/webvtt1/) and SRT: cues with a start time and, in a <c>&lt;v Name&gt;</c> tag, a
/// speaker.</summary>
internal static partial class SubtitleReader
{
    internal readonly record struct Cue(TimeSpan At, string Speaker, string Text);

    public static bool LooksLike(string text) => text.StartsWith("WEBVTT", StringComparison.Ordinal) || Timing().IsMatch(text);

    /// <summary>Cues in file order; a block without a timing line (NOTE, STYLE, a cue number) gives none.</summary>
    public static IEnumerable<Cue> Read(string text)
    {
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var timing = Timing().Match(block);
            if (!timing.Success) continue;
            var body = string.Join(' ', block[(timing.Index + timing.Length)..].Split('\n').Skip(1)).Trim();
            var voice = Voice().Match(body);
            var spoken = Tag().Replace(body, "").Trim();
            if (spoken.Length > 0) yield return new Cue(Start(timing), voice.Success ? voice.Groups["name"].Value.Trim() : "", spoken);
        }
    }

    private static TimeSpan Start(Match timing)
    {
        static int Part(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        return new TimeSpan(0, Part(timing.Groups["h"]), Part(timing.Groups["m"]), Part(timing.Groups["s"]), Part(timing.Groups["ms"]));
    }

    [GeneratedRegex(@"^(?:(?<h>\d{1,3}):)?(?<m>\d{1,2}):(?<s>\d{2})[.,](?<ms>\d{3})\s+-->\s+[\d:.,]+",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Timing();

    [GeneratedRegex(@"<v(?:\.[^\s>]+)?\s+(?<name>[^>]{1,60})>", RegexOptions.CultureInvariant)]
    private static partial Regex Voice();

    [GeneratedRegex(@"<[^>\n]{0,80}>", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
