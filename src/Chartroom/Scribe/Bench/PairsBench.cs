using System.Diagnostics;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Bench;

/// <summary>Clinical texts in which one sentence was made wrong (MEDEC): the corrected text is the source, and the changed sentence must be flagged, the corrected one not.</summary>
internal static class PairsBench
{
    /// <summary>Writes the rows with <c>flagged_wrong</c> and <c>flagged_corrected</c> (1 or 0; empty where the text has no error) added.</summary>
    public static async Task RunAsync(string folder, string output, TextWriter print, CancellationToken ct)
    {
        var rows = await SetRows.ReadFolderAsync(folder, "Corrected Sentence", ct);
        var clock = Stopwatch.StartNew();
        var pairs = rows.All.Where(row => row["Error Flag"] == "1").ToList();
        foreach (var row in pairs)
        {
            row["flagged_wrong"] = IsFlagged(row["Corrected Text"], row["Error Sentence"]) ? "1" : "0";
            row["flagged_corrected"] = IsFlagged(row["Corrected Text"], row["Corrected Sentence"]) ? "1" : "0";
        }
        await print.WriteLineAsync($"{pairs.Count} pairs of {rows.All.Count} texts in {clock.ElapsedMilliseconds} ms");
        await rows.WriteAsync(output, ["flagged_wrong", "flagged_corrected"], ct);
        await print.WriteLineAsync(Figures.Line("changed sentence flagged", Figures.Share(pairs.Count(row => row["flagged_wrong"] == "1"), pairs.Count), "90 %", "none"));
        await print.WriteLineAsync(Figures.Line("corrected sentence flagged", Figures.Share(pairs.Count(row => row["flagged_corrected"] == "1"), pairs.Count), "<= 5 %", "none"));
    }

    // As in the review: what is unsupported or has a finding is opened before it is accepted.
    private static bool IsFlagged(string source, string sentence)
    {
        var verdict = Verifier.VerifyWritten(source, [sentence]).Verification.Statements[0];
        return verdict.Verdict == Verdict.Unsupported || verdict.Findings.Count > 0;
    }
}
