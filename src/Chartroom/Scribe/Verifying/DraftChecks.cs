using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>What only the whole draft can show: two statements that contradict each other. Neither is blocked: both are shown.</summary>
internal static class DraftChecks
{
    public static void Run(IReadOnlyList<Check> checks)
    {
        var seen = new Dictionary<string, (bool Negated, Check Check)>(StringComparer.Ordinal);
        foreach (var check in checks)
            foreach (var mention in check.Mentions(TermKind.Symptom, TermKind.Condition))
            {
                if (Polarity.IsAboutAnother(check.Said.Words, mention)) continue;
                var negated = Polarity.IsNegated(check.Said.Words, mention);
                if (!seen.TryGetValue(mention.Term.Concept, out var earlier)) seen[mention.Term.Concept] = (negated, check);
                else if (earlier.Negated != negated && earlier.Check != check && !SidesDiffer(check, earlier.Check)) Tell(check,
                    earlier.Check, mention.Term.Concept);
            }
    }

    private static void Tell(Check one, Check other, string concept)
    {
        one.Find(FindingKind.Contradiction, $"{other.Statement.Id} says the opposite about {concept}.", concept, blocks: false);
        other.Find(FindingKind.Contradiction, $"{one.Statement.Id} says the opposite about {concept}.", concept, blocks: false);
    }

    private static bool SidesDiffer(Check left, Check right) =>
        left.Said.Sides.Count > 0 && right.Said.Sides.Count > 0 && left.Said.Sides[0].Side != right.Said.Sides[0].Side;
}
