using System.Globalization;
using System.Text.RegularExpressions;
using Chartroom.Assist;

namespace Chartroom.Scribe.Hearing;

/// <summary>PocketSphinx on this machine: from nobody's network, and poor (<c>docs/ai-card.md</c> has its figures).</summary>
internal sealed partial class LocalRecogniser(AudioTools tools, Decoder decoder)
{
    public const string Name = "The server's own recogniser (PocketSphinx)";
    private const int MostWords = 200_000;

    /// <summary>What it made out; one line an utterance.</summary>
    /// <param name="seconds">Length of the recording; it takes about a third of it, and at most twice.</param>
    /// <exception cref="AudioException">It failed, or took too long.</exception>
    public async Task<IReadOnlyList<HeardLine>> HearAsync(IReadOnlyList<AudioPart> parts, int seconds, CancellationToken ct)
    {
        if (!tools.CanRecognise) throw new AudioException(RecordingTrouble.NothingHere);
        var most = TimeSpan.FromSeconds((2 * seconds) + 120);
        string[] arguments = ["-infile", "/dev/stdin", "-time", "yes", "-logfn", "/dev/null"];
        var lines = new List<string>();
        var code = await AudioProcess.RunAsync(tools.Recogniser, arguments, (input, stop) => decoder.SamplesAsync(parts, seconds + 1, input.WriteAsync, stop), (output, stop) => LinesAsync(output, lines, stop), ct, most);
        return code == 0 ? Utterances(lines) : throw new AudioException(RecordingTrouble.LocalFailed);
    }

    private static async Task LinesAsync(Stream output, List<string> lines, CancellationToken ct)
    {
        using var reader = new StreamReader(output, leaveOpen: true);
        while (await reader.ReadLineAsync(ct) is { } line)
            if (lines.Count < MostWords) lines.Add(line);
    }

    /// <summary>Each word comes with its times; <c>&lt;s&gt;</c> begins an utterance. Noises and pauses are no words.</summary>
    internal static IReadOnlyList<HeardLine> Utterances(IEnumerable<string> lines)
    {
        var heard = new List<HeardLine>();
        foreach (var word in lines.Select(line => Word().Match(line)).Where(match => match.Success))
        {
            var text = word.Groups["word"].Value;
            if (text == "<s>") heard.Add(new(null, null, ""));
            if (text[0] is '<' or '[' or '+' || heard.Count == 0) continue;
            var at = TimeSpan.FromSeconds(Math.Floor(double.Parse(word.Groups["start"].ValueSpan, CultureInfo.InvariantCulture)));
            heard[^1] = heard[^1].Text.Length == 0 ? new(at, null, text) : heard[^1] with { Text = $"{heard[^1].Text} {text}" };
        }
        return heard.FindAll(line => line.Text.Length > 0);
    }

    // "because(3) 3.430 3.920 0.899773": the number in brackets is the pronunciation.
    [GeneratedRegex(@"^(?<word>\S+?)(?:\(\d+\))? (?<start>\d+\.\d+) \d+\.\d+ [\d.e+-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
