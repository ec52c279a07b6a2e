using System.Globalization;
using System.Text.RegularExpressions;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe;

/// <summary>The verifier on a summary. A written source is repeated, so what it does not say word for word is found. Besides: a figure with its day must stand in one entry, and "up from" and
/// "down from", which no entry says, are held against the figures beside them.</summary>
internal static partial class SummaryVerdict
{
    public static Verification Of(Transcript source, Draft draft, ChartFacts facts)
    {
        var verified = Verifier.Verify(new Verifying.Reading(source) { IsWritten = true }, draft.Statements.Select(it => it with { Text = Trends().Replace(it.Text, "and") }), facts);
        return new([.. draft.Statements.Zip(verified.Statements, (it, verdict) => With(verdict, [.. Turned(it.Text), .. Moved(source, it)]))], []);
    }

    /// <summary>The last figure before the words, and the first after them.</summary>
    private static IEnumerable<Finding> Turned(string text)
    {
        foreach (Match trend in Trends().Matches(text))
        {
            if (Measures().Matches(text[..trend.Index]) is not [.., var before] || Measures().Match(text[(trend.Index + trend.Length)..]) is not { Success: true } after) continue;
            var sign = Number(before).CompareTo(Number(after));
            if (trend.Value switch { "up from" => sign <= 0, "down from" => sign >= 0, "unchanged from" => sign != 0, _ => false })
                yield return new(FindingKind.Contradiction, "The figures went the other way.", trend.Value, true);
        }
    }

    /// <summary>Figures that stand in a cited entry, but not in that of their day.</summary>
    private static IEnumerable<Finding> Moved(Transcript source, Statement statement)
    {
        var cited = statement.Citations.Select(source.Find).OfType<string>().ToList();
        var from = 0;
        foreach (Match day in Days().Matches(statement.Text))
        {
            if (Figures().Matches(statement.Text[from..day.Index]) is [.., var figure]
                && !cited.Exists(entry => entry.Contains(day.Value, StringComparison.Ordinal) && Figures().Matches(entry).Any(it => it.Value == figure.Value)))
                yield return new(FindingKind.Number, $"No cited entry says {figure.Value} on {day.Value}.", figure.Value, true);
            from = day.Index + day.Length;
        }
    }

    private static decimal Number(Match figure) => decimal.Parse(figure.Value, CultureInfo.InvariantCulture);

    private static StatementVerdict With(StatementVerdict verdict, IReadOnlyList<Finding> found) => found.Count == 0 ? verdict : verdict with
    {
        Verdict = Verdict.Unsupported, Confidence = Math.Min(verdict.Confidence, 0.3), Word = "low", Findings = [.. verdict.Findings, .. found],
    };

    [GeneratedRegex(@"\b(up from|down from|unchanged from|before that)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Trends();

    // Followed by its unit, so neither a day ("October 26, 2025") nor a part of a name ("A1c") or of a pair.
    [GeneratedRegex(@"(?<![\w/.,])\d{1,9}(\.\d{1,9})?(?= [^\s\d])", RegexOptions.CultureInvariant)]
    private static partial Regex Measures();

    [GeneratedRegex(@"(?<![\w/.,])\d{1,9}(\.\d{1,9})?(/\d{1,9})?(?!\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Figures();

    [GeneratedRegex(@"\b(January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Days();
}
