using Chartroom.Charts;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>What only the whole draft can show: two statements that contradict each other. Neither is blocked: both are shown.</summary>
internal static class DraftChecks
{
    public static void Run(IReadOnlyList<Check> checks)
    {
        Opposites(checks);
        var pairs = checks.SelectMany((one, at) => checks.Skip(at + 1).Select(other => (One: one, Other: other))).ToList();
        var medicines = checks.Where(check => check.Mentions(TermKind.Drug).Any()).ToHashSet();
        foreach (var (one, other) in pairs)
        {
            if (one.Said.Sides.Count > 0 && other.Said.Sides.Count > 0) Sides(one, other);
            if (!medicines.Contains(one) || !medicines.Contains(other)) continue;
            Doses(one, other);
            Allergies(one, other);
            Allergies(other, one);
        }
    }

    // A symptom that is there and not there, a medicine that is taken and not taken.
    private static void Opposites(IReadOnlyList<Check> checks)
    {
        var seen = new Dictionary<string, (bool Negated, Check Check)>(StringComparer.Ordinal);
        foreach (var check in checks)
            foreach (var mention in check.Mentions(TermKind.Symptom, TermKind.Condition, TermKind.Drug))
            {
                if (Polarity.IsAboutAnother(check.Said.Words, mention)) continue;
                if (mention.Term.Kind == TermKind.Drug && (IsAboutAllergy(check) || IsChange(check))) continue;
                var negated = Polarity.IsNegated(check.Said.Words, mention);
                if (!seen.TryGetValue(mention.Term.Concept, out var earlier)) seen[mention.Term.Concept] = (negated, check);
                else if (earlier.Negated != negated && earlier.Check != check && !SidesDiffer(check, earlier.Check))
                    Tell(check, earlier.Check, $"says the opposite about {mention.Term.Concept}", mention.Term.Concept);
            }
    }

    // "Left knee pain" and "right knee pain": one thing on two sides of one place, unless somewhere it is both sides'.
    private static void Sides(Check one, Check other)
    {
        foreach (var side in one.Said.Sides.Where(it => it.Side != "bilateral" && it.Site.Length > 0))
            foreach (var against in other.Said.Sides.Where(it => it.Site == side.Site && it.Side != "bilateral" && it.Side != side.Side))
            {
                if (one.Said.Sides.Exists(it => it.Site == side.Site && it.Side != side.Side) || other.Said.Sides.Exists(it => it.Site == side.Site && it.Side != against.Side)) continue;
                if (!Shared(one, other, TermKind.Symptom, TermKind.Condition, TermKind.Result).Any()) continue;
                one.Find(FindingKind.Contradiction, $"{other.Statement.Id} says the {against.Side} {side.Site}.", side.Side + " " + side.Site, blocks: false);
                other.Find(FindingKind.Contradiction, $"{one.Statement.Id} says the {side.Side} {side.Site}.", against.Side + " " + side.Site, blocks: false);
            }
    }

    private static void Doses(Check one, Check other)
    {
        if (IsChange(one) || IsChange(other)) return;
        var (these, those) = (MedicineWords.DosesOf(one.Said).ToList(), MedicineWords.DosesOf(other.Said).ToList());
        foreach (var (drug, dose) in these)
        {
            var same = those.Where(it => it.Drug == drug && it.Dose.Unit == dose.Unit).ToList();
            if (same.Count == 0 || same.Exists(it => these.Exists(own => own.Drug == drug && own.Dose.Value == it.Dose.Value && own.Dose.Unit == it.Dose.Unit))) continue;
            Tell(one, other, $"gives another dose of {drug}", drug);
        }
    }

    // "Allergic to penicillin" beside "amoxicillin 500 mg".
    private static void Allergies(Check allergy, Check taken)
    {
        if (!IsAboutAllergy(allergy) || IsAboutAllergy(taken) || taken.Said.Words.Exists(word => MedicineWords.Withholds(word.Text))) return;
        foreach (var allergen in allergy.Mentions(TermKind.Drug).Where(it => !Polarity.IsNegated(allergy.Said.Words, it) && !Polarity.IsAboutAnother(allergy.Said.Words, it)))
        {
            var avoided = DrugNames.Avoided(allergen.Term.Concept);
            foreach (var drug in taken.Mentions(TermKind.Drug).Where(it => avoided.Contains(it.Term.Concept) && !Polarity.IsNegated(taken.Said.Words, it)))
            {
                taken.Find(FindingKind.Contradiction, $"{allergy.Statement.Id} names an allergy to {allergen.Term.Concept}.", taken.Quote(drug.First, drug.End), blocks: false);
                allergy.Find(FindingKind.Contradiction, $"{taken.Statement.Id} names {drug.Term.Concept}, which such an allergy speaks against.", allergy.Quote(allergen.First, allergen.End), blocks: false);
            }
        }
    }

    private static IEnumerable<string> Shared(Check one, Check other, params TermKind[] kinds) =>
        one.Mentions(kinds).Select(it => it.Term.Concept).Intersect(other.Mentions(kinds).Select(it => it.Term.Concept), StringComparer.Ordinal);

    private static bool IsAboutAllergy(Check check) => check.Said.Words.Exists(word => word.Root is "allergic" or "allergy");

    private static bool IsChange(Check check) => check.Said.Words.Exists(word => MedicineWords.Changes(word.Text));

    private static void Tell(Check one, Check other, string what, string quote)
    {
        one.Find(FindingKind.Contradiction, $"{other.Statement.Id} {what}.", quote, blocks: false);
        other.Find(FindingKind.Contradiction, $"{one.Statement.Id} {what}.", quote, blocks: false);
    }

    private static bool SidesDiffer(Check left, Check right) =>
        left.Said.Sides.Count > 0 && right.Said.Sides.Count > 0 && left.Said.Sides[0].Side != right.Said.Sides[0].Side;
}
