using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Bench;

/// <summary>How much of what a clinician says a note must hold is in the draft: PriMock57's <c>checklist_items.csv</c> (critical, not critical, irrelevant) beside its consultations
/// (<c>primock57_*.csv</c>, columns <c>id</c>, <c>dialogue</c>, <c>note</c>). Counted by the words' stems, numbers and sides, so it says whether a thing is named and not whether it is
/// told right; for that, and because each list was written from one clinician's own note, the clinician's note and the whole dialogue are counted by the same rule beside it.</summary>
internal static class CoverageBench
{
    private const double Held = 0.6;
    private static readonly string[] Sources = ["draft", "note", "dialogue"];

    /// <summary>Writes the items with <c>in_draft</c>, <c>in_note</c> and <c>in_dialogue</c> (1 or 0) added; of consultations without a dialogue they stay empty and are not counted.</summary>
    public static async Task RunAsync(string folder, string output, TextWriter print, CancellationToken ct)
    {
        var items = await SetRows.ReadAsync(Path.Combine(folder, "checklist_items.csv"), ct);
        var visits = (await SetRows.ReadFolderAsync(folder, "dialogue", ct, "primock57_*.csv")).All.ToDictionary(row => row["id"], Texts, StringComparer.Ordinal);
        foreach (var item in items.All)
        {
            if (!visits.TryGetValue(item["consultation"], out var texts)) continue;
            var wanted = SourceFinder.KeysOf(Facts.Read(item["item"]));
            if (wanted.Count == 0) continue;
            foreach (var (source, sentences) in Sources.Zip(texts)) item["in_" + source] = IsIn(wanted, sentences) ? "1" : "0";
        }
        await items.WriteAsync(output, [.. Sources.Select(source => "in_" + source)], ct);
        foreach (var (code, name) in new[] { ("c", "must be in the note"), ("nc", "may be in the note") })
        {
            var these = items.All.Where(item => item["criticality"] == code && item.ContainsKey("in_draft")).ToList();
            await print.WriteLineAsync(Figures.Line($"{name}, {these.Count} items: in our draft", Share("draft"), "none", $"none; in the clinician's note {Share("note")}, in the dialogue {Share("dialogue")}"));
            string Share(string source) => Figures.Share(these.Count(item => item["in_" + source] == "1"), these.Count);
        }
    }

    // In the order of Sources.
    private static List<HashSet<string>>[] Texts(Dictionary<string, string> row) => TranscriptParser.Parse(row["dialogue"]) is { IsOk: true, Value: var said }
        ? [Pairs(BuiltInDrafter.Write(said).Statements.Select(it => it.Text)), Pairs(Sentences(row["note"])), Pairs(said.Turns.SelectMany(turn => turn.Spans).Select(span => span.Text))]
        : [[], [], []];

    private static IEnumerable<string> Sentences(string note) => WrittenText.Sentences(note).Select(at => note.Substring(at.Start, at.Length));

    // What belongs together may stand in two neighbouring sentences ("Pain in the knee. The left one.").
    private static List<HashSet<string>> Pairs(IEnumerable<string> sentences)
    {
        var keys = sentences.Select(text => SourceFinder.KeysOf(Facts.Read(text))).ToList();
        return [.. keys.Select((here, at) => at == 0 ? here : [.. here, .. keys[at - 1]])];
    }

    private static bool IsIn(HashSet<string> wanted, List<HashSet<string>> texts) => texts.Exists(text => wanted.Count(text.Contains) >= Held * wanted.Count);
}
