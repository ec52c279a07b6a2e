using Chartroom.Charts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Orders;

/// <summary>What can be said for and against a proposed order. Pure.</summary>
internal static class OrderVerdict
{
    public const string Medicines = "MEDICINES", Tests = "TESTS", Imaging = "IMAGING", FollowUp = "FOLLOW-UP";

    /// <summary>The verifier on its words, and the allergies that speak against a medicine. A reason that stands in no line makes it inferred: somebody has to look.</summary>
    public static StatementVerdict Of(Transcript said, Statement order, ChartFacts facts)
    {
        var alone = new Draft(new("order", "1"), [new DraftSection(order.Section, [order])]);
        var verdict = Verifier.Verify(said, alone, facts).Statements[0];
        var warnings = Warnings(order.Section, order.Text, facts);
        if (warnings.Count > 0 || IsEnd(order.Text))
        {
            var known = verdict.Findings.Where(it => !(it.Kind == FindingKind.Chart && it.Message.Contains("allerg", StringComparison.OrdinalIgnoreCase)));
            verdict = verdict with { Findings = [.. known, .. warnings.Select(it => new Finding(FindingKind.Chart, it, order.Text, false))] };
        }
        var isGuessed = order.Purpose is { } purpose && verdict.Verdict == Verdict.Supported && !order.Citations.Any(place => said.Find(place)?.Contains(purpose, StringComparison.OrdinalIgnoreCase) == true);
        return isGuessed ? verdict with { Verdict = Verdict.Inferred, InferredFrom = order.Citations } : verdict;
    }

    /// <summary>What the chart's allergies say against a medicine that is begun.</summary>
    public static IReadOnlyList<string> Warnings(string section, string text, ChartFacts facts) =>
        section == Medicines && !IsEnd(text) ? AllergyWarnings.Of(facts.Allergies, text) : [];

    /// <summary>True for an order that ends a medicine.</summary>
    public static bool IsEnd(string text) => text.StartsWith("stop ", StringComparison.OrdinalIgnoreCase);
}
