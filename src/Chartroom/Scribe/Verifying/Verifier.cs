using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Holds every statement against the lines it cites. Deterministic and local; works on any text with citations, whoever wrote it.
/// It finds what can be found word for word: whether a conclusion is medically right is not its to say.</summary>
public static partial class Verifier
{
    private const double MostlySaid = 0.7;
    private const double HardlySaid = 0.34;

    /// <summary>Verdicts in the order of the draft's statements, and what was said but is in none of them.</summary>
    /// <param name="chart">What the chart knows; a contradiction with it is a finding that does not block.</param>
    public static Verification Verify(Transcript transcript, Draft draft, ChartFacts? chart = null)
    {
        return Verify(new Reading(transcript), draft.Statements, chart ?? ChartFacts.None);
    }

    internal static Verification Verify(Reading reading, IEnumerable<Statement> statements, ChartFacts chart)
    {
        var checks = statements.Select(statement => Examine(reading, statement)).ToList();
        DraftChecks.Run(checks);
        foreach (var check in checks) ChartChecks.Run(check, chart);
        return new Verification([.. checks.Select(Judge)], new OmissionFinder(reading, checks).Find());
    }

    private static Check Examine(Reading reading, Statement statement)
    {
        var evidence = Evidence.Of(reading, statement);
        var check = new Check(statement, Facts.Read(statement.Text), evidence, reading);
        if (statement.Citations.Count == 0) check.Find(FindingKind.MissingCitation, "No source is cited.", statement.Text);
        foreach (var missing in evidence.Missing) check.Find(FindingKind.MissingCitation, $"{missing} is no place in the transcript.",
            missing);
        if (evidence.Lines.Count == 0) return check;
        QuantityChecks.Run(check);
        DrugChecks.Run(check);
        PlaceChecks.Run(check);
        PolarityChecks.Run(check);
        NegatorChecks.Run(check);
        PersonChecks.Run(check);
        return check;
    }

    private static StatementVerdict Judge(Check check)
    {
        var isAssent = IsAssent(check);
        var said = check.Evidence.Lines.Count == 0 ? 0 : isAssent ? 0.6 : ShareSaid(check);
        if (check.Evidence.Lines.Count > 0 && said < HardlySaid)
            check.Find(FindingKind.Wording, "Most words of this are not in the cited lines.", check.Statement.Text);
        var blocked = check.Findings.Exists(finding => finding.Blocks);
        var remarks = check.Findings.Count(finding => !finding.Blocks);
        var verdict = blocked ? Verdict.Unsupported : said >= MostlySaid && !isAssent ? Verdict.Supported : Verdict.Inferred;
        var confidence = Math.Round(blocked ? Math.Max(0.02, 0.25 * said) : Math.Clamp(0.3 + 0.68 * said - 0.12 * remarks, 0.1, 0.98), 2);
        return new StatementVerdict(check.Statement.Id, verdict, confidence, confidence >= 0.8 ? "high" : confidence >= 0.55 ? "fair"
            : "low",
            verdict == Verdict.Inferred ? check.Statement.Citations : [], check.Findings);
    }

    // "The patient agrees with the plan" is concluded from an "okay": inferred at best.
    private static bool IsAssent(Check check) =>
        Agreement().IsMatch(check.Statement.Text) && check.Evidence.Lines.Exists(line => Assent().IsMatch(line.Line.Plain));

    /// <summary>The share of claiming words that the cited lines hold: by word, by stem or by clinical name. Numbers have checks of their
    /// own.</summary>
    private static double ShareSaid(Check check)
    {
        int claims = 0, held = 0;
        var known = check.Said.Mentions.Where(mention => check.Evidence.Concepts.ContainsKey(mention.Term.Concept))
            .SelectMany(mention => Enumerable.Range(mention.First, mention.End - mention.First)).ToHashSet();
        foreach (var quantity in check.Said.Quantities) known.UnionWith(Enumerable.Range(quantity.At,
            quantity.End - quantity.At + Math.Sign(quantity.Unit.Length)));
        for (var at = 0; at < check.Said.Words.Count; at++)
        {
            var word = check.Said.Words[at];
            if (word.IsMark || char.IsAsciiDigit(word.Text[0]) || NoteWords.IsNeutral(word.Root)) continue;
            claims++;
            if (known.Contains(at) || check.Evidence.Roots.ContainsKey(word.Root) || HasStem(check.Evidence, word.Root)) held++;
        }
        return claims == 0 ? 1 : (double)held / claims;
    }

    private static bool HasStem(Evidence evidence, string root) =>
        root.Length > 4 && evidence.Roots.Keys.Any(other => other.Length > 3 && Math.Abs(other.Length - root.Length) <= 3
            && other.AsSpan().StartsWith(root.AsSpan(0, Math.Min(other.Length, Math.Max(4, root.Length - 3))), StringComparison.Ordinal));

    [GeneratedRegex(@"\b(understands?|agrees?|agreement|consents?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Agreement();

    [GeneratedRegex(@"\b(okay|ok|yes|yeah|sounds|sure|alright|all right|agree|perfect|great|works|thank you)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex Assent();
}
