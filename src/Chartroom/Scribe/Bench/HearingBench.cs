using System.Diagnostics;
using Chartroom.Scribe.Hearing;

namespace Chartroom.Scribe.Bench;

/// <summary>How much the server's own recogniser gets wrong, on sound files that have what was said beside them (<c>visit.wav</c> and <c>visit.txt</c>).</summary>
internal static class HearingBench
{
    private static readonly string[] Sounds = [".wav", ".mp3", ".m4a", ".ogg", ".webm"];

    /// <summary>Writes a row for each file: words said, words wrong, seconds of sound, seconds of work, and what was heard.</summary>
    public static async Task RunAsync(string folder, string output, TextWriter print, CancellationToken ct)
    {
        var tools = new AudioTools();
        if (!tools.CanRecognise) throw new FileNotFoundException("ffmpeg, PocketSphinx and its model are not installed here.");
        var rows = new List<string[]>();
        var (said, wrong, sound, work) = (0, 0, 0, 0.0);
        foreach (var path in Directory.GetFiles(folder).Where(it => Sounds.Contains(Path.GetExtension(it))).Order(StringComparer.Ordinal))
        {
            var text = Path.ChangeExtension(path, ".txt");
            if (!File.Exists(text)) continue;
            var parts = new[] { new AudioPart([await File.ReadAllBytesAsync(path, ct)]) };
            var (decoder, meter, clock) = (new Decoder(tools), new LevelMeter(), Stopwatch.StartNew());
            await decoder.SamplesAsync(parts, 6 * 60 * 60, (bytes, _) =>
            {
                meter.Add(bytes.Span);
                return ValueTask.CompletedTask;
            }, ct);
            var heard = string.Join(' ', (await new LocalRecogniser(tools, decoder).HearAsync(parts, meter.Seconds, ct)).Select(line => line.Text));
            var (wanted, had) = (Words(await File.ReadAllTextAsync(text, ct)), Words(heard));
            var errors = Distance(wanted, had);
            rows.Add([Path.GetFileName(path), Text(wanted.Length), Text(errors), Text(meter.Seconds), Text(clock.Elapsed.TotalSeconds), heard]);
            (said, wrong, sound, work) = (said + wanted.Length, wrong + errors, sound + meter.Seconds, work + clock.Elapsed.TotalSeconds);
        }
        if (rows.Count == 0) throw new FileNotFoundException("No sound file has its words in a .txt beside it.");
        await SetRows.Of(["file", "words", "wrong", "seconds", "work_seconds", "heard"], rows).WriteAsync(output, [], ct);
        await print.WriteLineAsync(Figures.Line($"words wrong, {rows.Count} files, {said} words", Figures.Share(wrong, said), "none", "Whisper large 12 % (PriMock57)"));
        await print.WriteLineAsync($"  {sound} s of sound in {Text(work)} s");
    }

    /// <summary>Words that were changed, left out or put in (Levenshtein over words), so that it may exceed what was said.</summary>
    internal static int Distance(string[] said, string[] heard)
    {
        var row = Enumerable.Range(0, heard.Length + 1).ToArray();
        for (var at = 0; at < said.Length; at++)
        {
            var before = row[0]++;
            for (var other = 0; other < heard.Length; other++)
                (row[other + 1], before) = (Math.Min(Math.Min(row[other + 1], row[other]) + 1, before + (said[at] == heard[other] ? 0 : 1)), row[other + 1]);
        }
        return row[^1];
    }

    private static string[] Words(string text) => new string([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == '\'' ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(double number) => number.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
}
