using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Bench;

/// <summary>What the errors of speech recognition cost the built-in drafter. Of a folder of CSV files (<c>dialogue</c>, <c>note</c>; ACI-Bench with its folder <c>asr</c>): each file by itself,
/// so that the versions of the same visits stand beside each other. Of a folder of engines (one folder of <c>.txt</c> each, one named <c>reference</c>; primock57-asr): each engine.</summary>
internal static class SpeechBench
{
    private sealed record Drafted(string Version, string Id, Transcript Transcript, Draft Draft, string? Note, string? Reference);

    /// <summary>Writes a row for each draft.</summary>
    public static async Task RunAsync(string folder, string output, TextWriter print, CancellationToken ct)
    {
        var all = new List<Drafted>();
        await foreach (var one in Directory.Exists(Path.Combine(folder, "reference")) ? EnginesAsync(folder, ct) : FilesAsync(folder, ct)) all.Add(one);
        if (all.Count == 0) throw new FileNotFoundException("It holds no transcripts.");
        await SetRows.Of(["version", "id", "statements", "without_citation", "unsupported", "drugs_not_said", "numbers_not_said", "drugs_misheard", "rouge1", "rouge2"],
            all.Select(it => (string[])[it.Version, it.Id, Text(it.Draft.Statements.Count()), Text(Uncited(it)), Text(Unsupported(it)), Text(NotSaid(it)), Text(Numbers(it)), Text(Misheard(it)), Rouge1(it), Rouge2(it)])).WriteAsync(output, [], ct);
        foreach (var version in all.GroupBy(it => it.Version))
        {
            var (these, statements) = (version.ToList(), version.Sum(it => it.Draft.Statements.Count()));
            await print.WriteLineAsync($"{version.Key}, {these.Count} visits, {statements} statements");
            if (these.TrueForAll(it => it.Note is not null))
                await print.WriteLineAsync(Figures.Line("  ROUGE-1, ROUGE-2", FormattableString.Invariant($"{100 * these.Average(it => Rouge.Of(it.Note!, it.Draft.ToText(), 1)):0.0}, {100 * these.Average(it => Rouge.Of(it.Note!, it.Draft.ToText(), 2)):0.0}"), "43, 17", "GPT-4 51, 22"));
            await print.WriteLineAsync(Figures.Line("  unsupported by what the engine wrote", Figures.Share(these.Sum(Unsupported), statements), "2 %", "none"));
            await print.WriteLineAsync(Figures.Line("  uncited; drugs, numbers the text has not", $"{these.Sum(Uncited)}; {these.Sum(NotSaid)}, {these.Sum(Numbers)}", "0; 0, 0", "none"));
            if (these.TrueForAll(it => it.Reference is not null))
                await print.WriteLineAsync(Figures.Line("  drugs said, of these in the draft; misheard", $"{these.Sum(Said)}, {these.Sum(Kept)}; {these.Sum(Misheard)}", "none", "none"));
        }
    }

    private static async IAsyncEnumerable<Drafted> FilesAsync(string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var path in Directory.GetFiles(folder, "*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            foreach (var row in (await SetRows.ReadAsync(path, ct)).All)
                if (row.TryGetValue("dialogue", out var dialogue) && row.TryGetValue("note", out var note) && TranscriptParser.Parse(dialogue) is { IsOk: true, Value: var said })
                    yield return new(Path.GetFileNameWithoutExtension(path), row.GetValueOrDefault("encounter_id") ?? row.GetValueOrDefault("id", ""), said, BuiltInDrafter.Write(said), note, null);
    }

    private static async IAsyncEnumerable<Drafted> EnginesAsync(string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var path in Directory.GetFiles(folder, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var reference = Path.Combine(folder, "reference", Path.GetFileName(path));
            if (!File.Exists(reference) || TranscriptParser.Parse(await File.ReadAllTextAsync(path, ct)) is not { IsOk: true, Value: var said }) continue;
            yield return new(Path.GetFileName(Path.GetDirectoryName(path)!), Path.GetFileNameWithoutExtension(path), said, BuiltInDrafter.Write(said), null, await File.ReadAllTextAsync(reference, ct));
        }
    }

    private static int Uncited(Drafted it) => DraftCounts.Uncited(it.Draft);

    private static int Unsupported(Drafted it) => DraftCounts.Unsupported(it.Transcript, it.Draft);

    // A drug of the draft that the engine's text has not would have been put there by us: also a "correction" would.
    private static int NotSaid(Drafted it) => DraftCounts.ForeignDrugs(it.Transcript, it.Draft);

    private static int Numbers(Drafted it) => DraftCounts.ForeignNumbers(it.Transcript, it.Draft);

    private static int Misheard(Drafted it) => it.Reference is null ? 0 : Drugs(it.Draft.ToText()).Except(Drugs(it.Reference)).Count();

    private static int Said(Drafted it) => Drugs(it.Reference!).Count;   // only where there is one

    private static int Kept(Drafted it) => Drugs(it.Reference!).Intersect(Drugs(it.Draft.ToText())).Count();

    private static HashSet<string> Drugs(string text) => DraftCounts.Drugs(text);

    private static string Rouge1(Drafted it) => it.Note is null ? "" : Text(Rouge.Of(it.Note, it.Draft.ToText(), 1));

    private static string Rouge2(Drafted it) => it.Note is null ? "" : Text(Rouge.Of(it.Note, it.Draft.ToText(), 2));

    private static string Text(double number) => number.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);
}
