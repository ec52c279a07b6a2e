using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Bench;

/// <summary>Whether a condition is negated in its sentence: the NegEx set, told by the verifier's own <see cref="Polarity"/>.</summary>
internal static class NegationBench
{
    /// <summary>Writes the rows with <c>predicted</c> (Negated or Affirmed) added.</summary>
    public static async Task RunAsync(string folder, string output, TextWriter print, CancellationToken ct)
    {
        var rows = await SetRows.ReadFolderAsync(folder, "negation", ct);
        foreach (var row in rows.All) row["predicted"] = IsNegated(row["sentence"], row["condition"]) ? "Negated" : "Affirmed";
        await rows.WriteAsync(output, ["predicted"], ct);
        var negated = rows.All.Where(row => row["negation"] == "Negated").ToList();
        var predicted = rows.All.Where(row => row["predicted"] == "Negated").ToList();
        var both = negated.Count(row => row["predicted"] == "Negated");
        await print.WriteLineAsync($"{rows.All.Count} sentences, {negated.Count} negated: precision {Figures.Share(both, predicted.Count)}, recall {Figures.Share(both, negated.Count)}");
        await print.WriteLineAsync(Figures.Line("negation accuracy", Figures.Share(rows.All.Count(row => row["predicted"] == row["negation"]), rows.All.Count), "95 %", "97.8 % (GenNegEx), 99.2 % (GenConText)"));
    }

    /// <summary>A condition that is not in its sentence is affirmed, as nothing denies it.</summary>
    public static bool IsNegated(string sentence, string condition)
    {
        var (words, wanted) = (Words.Read(sentence), Words.Read(condition));
        return Find(sentence, words, wanted) is { } first && Polarity.IsNegatedAt(words, first, first + wanted.Count);
    }

    // The set writes the occurrence meant in capitals, as it does headings: the last in capitals counts, another one only where none is.
    private static int? Find(string sentence, List<Word> words, List<Word> wanted)
    {
        int? any = null, capital = null;
        for (var at = 0; at + wanted.Count <= words.Count; at++)
        {
            if (!wanted.Select((word, i) => words[at + i].Text == word.Text).All(same => same)) continue;
            var written = sentence[words[at].Start..words[at + wanted.Count - 1].End];
            if (!written.Any(char.IsLower)) capital = at;
            any ??= at;
        }
        return capital ?? any;
    }
}
