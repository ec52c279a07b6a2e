using System.Diagnostics;
using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Seeding;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Bench;

/// <summary>Errors planted one at a time into reference notes (columns <c>dialogue</c> and <c>note</c>, the form of ACI-Bench), verified against the note itself and, harder,
/// against the dialogue, which says it in other words and not all of it; and into our own drafts, verified on the lines they cite.</summary>
internal static class PlantedBench
{
    public const string Folder = "../shared/data/clinical/aci-bench/dev";

    private const string Note = "note", Dialogue = "dialogue", Draft = "draft";

    private sealed record Planted(string Source, string Kind, string Right, string Wrong, bool IsFound, bool IsRightFlagged);

    /// <param name="output">Gets a row for each error; none is written when null.</param>
    public static async Task RunAsync(string folder, string? output, TextWriter print, CancellationToken ct)
    {
        var rows = (await SetRows.ReadFolderAsync(folder, "note", ct)).All.Where(row => row.GetValueOrDefault("dialogue", "").Length > 0).ToList();
        var all = rows.SelectMany(row => InNote(row["dialogue"], row["note"])).ToList();
        if (output is not null)
            await SetRows.Of(["source", "class", "sentence", "planted", "found", "flagged_unchanged"],
                all.Select(it => new[] { it.Source, it.Kind, it.Right, it.Wrong, it.IsFound ? "1" : "0", it.IsRightFlagged ? "1" : "0" })).WriteAsync(output, [], ct);
        await print.WriteLineAsync($"{all.Count} errors planted, {rows.Count} notes; a whole note verified against its dialogue: {Slowest(rows).TotalMilliseconds:0} ms at most (floor 100 ms)");
        foreach (var (source, title) in new[] { (Note, "in reference notes, against the note"), (Draft, "in our drafts, on the lines they cite"), (Dialogue, "in reference notes, against the dialogue, nothing cited") })
        {
            await print.WriteLineAsync($"{title}: found, unchanged sentence flagged");
            foreach (var kind in Planter.Classes)
            {
                var these = all.Where(it => it.Source == source && it.Kind == kind).ToList();
                await print.WriteLineAsync(Figures.Line($"  {kind}, {these.Count} planted", Figures.Share(these.Count(it => it.IsFound), these.Count), source == Dialogue ? "none" : "95 %",
                    $"none; unchanged {Figures.Share(these.Count(it => it.IsRightFlagged), these.Count)}"));
            }
        }
    }

    // Each note thrice, and the best of it: what others do on the machine is not the verifier's.
    private static TimeSpan Slowest(List<Dictionary<string, string>> rows) => rows.Select(row =>
    {
        var (sentences, transcript) = (Sentences(row["note"]), TranscriptParser.Parse(row["dialogue"]).Value);
        return Enumerable.Range(0, 3).Select(_ => Time(() => Verifier.VerifyUncited(transcript, sentences))).Min();
    }).Max();

    private static TimeSpan Time(Action act)
    {
        var clock = Stopwatch.StartNew();
        act();
        return clock.Elapsed;
    }

    private static List<string> Sentences(string note) => [.. WrittenText.Sentences(note).Select(at => note.Substring(at.Start, at.Length))];

    private static IEnumerable<Planted> InNote(string dialogue, string note)
    {
        var transcript = TranscriptParser.Parse(dialogue).Value;
        var (spoken, written) = (new Reading(transcript), new Reading(WrittenText.Read(note)) { IsWritten = true });
        var said = Words.Read(dialogue + " " + note).Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        var foreign = ClinicalWords.Shared.Drugs.Keys.Where(name => name.Length > 6 && !said.Contains(name)).Order(StringComparer.Ordinal).ToList();
        foreach (var sentence in Sentences(note))
            foreach (var (kind, wrong) in Planter.All(sentence, foreign))
            {
                yield return new Planted(Note, kind, sentence, wrong, IsFlagged(written, wrong), IsFlagged(written, sentence));
                yield return new Planted(Dialogue, kind, sentence, wrong, IsFlagged(spoken, wrong), IsFlagged(spoken, sentence));
            }
        foreach (var statement in BuiltInDrafter.Write(transcript).Statements)
            foreach (var (kind, wrong) in Planter.All(statement.Text, foreign))
                yield return new Planted(Draft, kind, statement.Text, wrong, IsFlagged(spoken, statement with { Text = wrong }), IsFlagged(spoken, statement));
    }

    private static bool IsFlagged(Reading reading, string sentence) => Blocks(Verifier.VerifyUncited(reading, [sentence], ChartFacts.None).Verification);

    private static bool IsFlagged(Reading reading, Statement statement) => Blocks(Verifier.Verify(reading, [statement], ChartFacts.None));

    private static bool Blocks(Verification verification) => verification.Statements[0].Verdict == Verdict.Unsupported;
}
