using System.Diagnostics;
using System.Globalization;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Bench;

/// <summary>Clauses of machine-written notes that a clinician judged against the consultation (PriMock57): <c>ai_note_claims.csv</c> and <c>dialogue/</c>.</summary>
internal static class ClausesBench
{
    public const string File = "ai_note_claims.csv";

    /// <summary>Writes the rows with <c>p_incorrect</c> (0 to 1) and <c>verdict</c> added, and prints the AUC.</summary>
    public static async Task RunAsync(string folder, string output, TextWriter print, CancellationToken ct)
    {
        var rows = await SetRows.ReadAsync(Path.Combine(folder, File), ct);
        var clock = Stopwatch.StartNew();
        var notes = 0;
        foreach (var note in Notes(rows))
        {
            var reading = await ReadingAsync(folder, note[0], ct);
            var verdicts = Verifier.VerifyUncited(reading, [.. note.Select(row => row["claim"])], ChartFacts.None).Verification.Statements;
            foreach (var (row, verdict) in note.Zip(verdicts))
            {
                row["p_incorrect"] = (1 - verdict.Confidence).ToString("0.##", CultureInfo.InvariantCulture);
                row["verdict"] = verdict.Verdict.ToString();
            }
            notes++;
        }
        await print.WriteLineAsync($"{rows.All.Count} clauses of {notes} notes in {clock.ElapsedMilliseconds} ms");
        await rows.WriteAsync(output, ["p_incorrect", "verdict"], ct);
        var judged = rows.All.Where(row => row["label"] is "correct" or "incorrect")
            .Select(row => (double.Parse(row["p_incorrect"], CultureInfo.InvariantCulture), row["label"] == "incorrect")).ToList();
        await print.WriteLineAsync(Figures.Line("AUC of p_incorrect", Figures.Auc(judged).ToString("0.000", CultureInfo.InvariantCulture), "0.80", "0.69 (token overlap)"));
        var unsupported = rows.All.Where(row => row["verdict"] == nameof(Verdict.Unsupported)).ToList();
        await print.WriteLineAsync($"  unsupported: {unsupported.Count(row => row["label"] == "incorrect")} of {judged.Count(it => it.Item2)} incorrect clauses, {unsupported.Count(row => row["label"] == "correct")} of {judged.Count(it => !it.Item2)} correct ones");
    }

    /// <summary>Fits the weights of <see cref="Confidence"/> anew and prints them, with the AUC of consultations that a fit did not see.</summary>
    public static async Task FitAsync(string folder, TextWriter print, CancellationToken ct)
    {
        var rows = await SetRows.ReadAsync(Path.Combine(folder, File), ct);
        var cases = new List<Fit.Case>();
        foreach (var note in Notes(rows))
        {
            var reading = await ReadingAsync(folder, note[0], ct);
            foreach (var row in note.Where(row => row["label"] is "correct" or "incorrect"))
            {
                var statement = new Statement("n1", "", null, row["claim"], reading.Sources.Find(Facts.Read(row["claim"])));
                cases.Add(new Fit.Case(row["consultation"], Support.Of(Verifier.Examine(reading, statement, isSought: true), reading.Sources), row["label"] == "incorrect"));
            }
        }
        var (start, weights) = Fit.Of(cases);
        await print.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Start = {start:0.00}; Weights = [{string.Join(", ", weights.Select(it => it.ToString("0.00", CultureInfo.InvariantCulture)))}]   // {string.Join(", ", Support.Names)}"));
        var blind = cases.Select(it => it.Group).Distinct().SelectMany(group =>
        {
            var (from, by) = Fit.Of([.. cases.Where(it => it.Group != group)]);
            return cases.Where(it => it.Group == group).Select(it => (from + it.Features.Zip(by, (x, w) => x * w).Sum(), it.IsWrong));
        }).ToList();
        await print.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"AUC, each consultation by the weights of the others: {Figures.Auc(blind):0.000}"));
    }

    private static IEnumerable<List<Dictionary<string, string>>> Notes(SetRows rows) => rows.All.GroupBy(row => (row["consultation"], row["note"])).Select(note => note.ToList());

    private static async Task<Reading> ReadingAsync(string folder, Dictionary<string, string> row, CancellationToken ct) =>
        new(TranscriptParser.Parse(await System.IO.File.ReadAllTextAsync(Path.Combine(folder, "dialogue", row["consultation"] + ".txt"), ct)).Value);
}
