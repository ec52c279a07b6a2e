using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Transcripts;

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

    /// <summary>Text of anyone's that cites nothing, sentence by sentence: its sources are looked for, then it is judged on those.</summary>
    /// <param name="texts">In reading order; a sentence is first looked for near the one before.</param>
    public static Sourced VerifyUncited(Transcript transcript, IReadOnlyList<string> texts, ChartFacts? chart = null) =>
        VerifyUncited(new Reading(transcript), texts, chart ?? ChartFacts.None);

    /// <summary>The same against a text that was written: what repeats it must repeat it faithfully, word for claiming word.</summary>
    public static Sourced VerifyWritten(string source, IReadOnlyList<string> texts, ChartFacts? chart = null) =>
        VerifyUncited(new Reading(WrittenText.Read(source)) { IsWritten = true }, texts, chart ?? ChartFacts.None);

    internal static Sourced VerifyUncited(Reading reading, IReadOnlyList<string> texts, ChartFacts chart)
    {
        var statements = new List<Statement>();
        foreach (var text in texts)
            statements.Add(new Statement($"n{statements.Count + 1}", "", null, text, reading.Sources.Find(Facts.Read(text))));
        return new Sourced(statements, Verify(reading, statements, chart, areSought: true));
    }

    /// <param name="areSought">The sources were not given by the writer but found by <see cref="SourceFinder"/>.</param>
    internal static Verification Verify(Reading reading, IEnumerable<Statement> statements, ChartFacts chart, bool areSought = false)
    {
        var checks = statements.Select(statement => Examine(reading, statement, areSought)).ToList();
        DraftChecks.Run(checks);
        foreach (var check in checks) ChartChecks.Run(check, chart);
        return new Verification([.. checks.Select(Judge)], new OmissionFinder(reading, checks).Find());
    }

    internal static Check Examine(Reading reading, Statement statement, bool isSought)
    {
        var evidence = Evidence.Of(reading, statement);
        var check = new Check(statement, Facts.Read(statement.Text), evidence, reading) { IsSought = isSought };
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
        if (reading.IsWritten) CopyChecks.Run(check);
        return check;
    }

    private static StatementVerdict Judge(Check check)
    {
        var isAssent = IsAssent(check);
        var said = check.Evidence.Lines.Count == 0 ? 0 : isAssent ? 0.6 : ShareSaid(check);
        if (check.Evidence.Lines.Count > 0 && said < HardlySaid)
            check.Find(FindingKind.Wording, "Most words of this are not in the cited lines.", check.Statement.Text);
        var blocked = check.Findings.Exists(finding => finding.Blocks);
        var verdict = blocked ? Verdict.Unsupported : said >= MostlySaid && !isAssent ? Verdict.Supported : Verdict.Inferred;
        var confidence = Math.Round(isAssent ? 0.6 : Confidence.Of(check, blocked, said), 2);
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
