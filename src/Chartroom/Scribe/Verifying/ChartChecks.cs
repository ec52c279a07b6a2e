using Chartroom.Charts;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Statements against what the chart already knows. The chart may be the one that is wrong, so these findings never
/// block.</summary>
internal static class ChartChecks
{
    private static readonly HashSet<string> Hers = new(StringComparer.Ordinal)
    { "she", "her", "female", "pregnant", "hysterectomy", "uterus", "ovarian", "ovary", "menstrual", "menopause", "vaginal" };

    private static readonly HashSet<string> His = new(StringComparer.Ordinal) { "he", "his", "him", "male", "prostate", "testicular",
        "scrotal" };

    public static void Run(Check check, ChartFacts chart)
    {
        foreach (var allergy in chart.Allergies) Allergy(check, allergy);
        NoAllergy(check, chart.Allergies);
        foreach (var known in chart.Medications) Schedule(check, known);
        foreach (var known in chart.Problems.Concat(chart.Medications)) Denied(check, known);
        if (check.Said.Words.Exists(word => Polarity.IsRelative(word.Text))) return;      // a relative has an age and a sex of her own
        if (chart.Age is { } age) Age(check, age);
        Sex(check, chart);
    }

    private static void Allergy(Check check, string allergy)
    {
        var names = DrugNames.Avoided(allergy);
        foreach (var mention in check.Mentions(TermKind.Drug).Where(mention => names.Contains(mention.Term.Concept)))
            if (!Polarity.IsNegated(check.Said.Words, mention) && !check.Said.Words.Exists(word => word.Root is "allergic" or "allergy"))
                check.Find(FindingKind.Chart, $"The chart lists an allergy to {allergy}.", check.Quote(mention.First, mention.End),
                    blocks: false);
    }

    // "NKDA", "no known drug allergies", "no allergy to penicillin" against an allergy that is in the chart.
    private static void NoAllergy(Check check, IReadOnlyList<string> allergies)
    {
        var at = check.Said.Words.FindIndex(word => word.Text is "nkda" or "nka" || word.Root is "allergy" or "allergic");
        if (at < 0 || !Polarity.IsNegatedAt(check.Said.Words, at, at + 1)) return;
        var named = check.Mentions(TermKind.Drug).Select(mention => mention.Term.Concept).ToHashSet(StringComparer.Ordinal);
        foreach (var allergy in allergies.Where(allergy => named.Count == 0 || DrugNames.Avoided(allergy).Overlaps(named)))
            check.Find(FindingKind.Chart, $"The chart lists an allergy to {allergy}.", check.Quote(at, at + 1), blocks: false);
    }

    // The same medicine in another dose or at other times; a statement that changes it says so itself.
    private static void Schedule(Check check, string known)
    {
        if (check.Said.Words.Exists(word => MedicineWords.Changes(word.Text))) return;
        var listed = Facts.Read(known);
        foreach (var drug in check.Mentions(TermKind.Drug).Where(said => listed.Mentions.Exists(it => it.Term == said.Term)))
        {
            var doses = Doses(listed, drug.Term.Concept);
            foreach (var said in Doses(check.Said, drug.Term.Concept).Where(said => doses.Exists(it => it.Unit == said.Unit) && !doses.Exists(it => it.Unit == said.Unit && it.Value == said.Value)))
                check.Find(FindingKind.Chart, $"The chart lists {known}.", check.Quote(said.At, said.End + 1), blocks: false);
            if (listed.Frequencies.Count == 0 || check.Mentions(TermKind.Drug).Count() > 1) continue;
            foreach (var often in check.Said.Frequencies.Except(listed.Frequencies))
                check.Find(FindingKind.Chart, $"The chart lists {known}.", often, blocks: false);
        }
    }

    private static List<Language.Quantity> Doses(Facts facts, string drug) => MedicineWords.DosesOf(facts).Where(it => it.Drug == drug).Select(it => it.Dose).ToList();

    private static void Denied(Check check, string known)
    {
        foreach (var listed in ClinicalWords.Shared.Find(Words.Read(known)).Where(m => m.Term.Kind is TermKind.Condition or TermKind.Drug))
            foreach (var mention in check.Said.Mentions.Where(m =>
                m.Term.Concept == listed.Term.Concept && Polarity.IsNegated(check.Said.Words, m)))
                check.Find(FindingKind.Chart, $"The chart lists {known}.", check.Quote(mention.First, mention.End), blocks: false);
    }

    private static void Age(Check check, int age)
    {
        foreach (var said in check.Said.Quantities.Where(quantity => quantity.Unit == "year" && Math.Abs(quantity.Value - age) > 1))
            if (check.Said.Words.Skip(said.End).Take(4).Any(word => word.Text == "old"))
                check.Find(FindingKind.Chart, $"The chart says {age} years.", check.Quote(said.At, said.End + 1), blocks: false);
    }

    private static void Sex(Check check, ChartFacts chart)
    {
        var wrong = chart.Sex switch { ChartSex.Female => His, ChartSex.Male => Hers, _ => null };
        if (wrong is not null && check.Said.Words.Find(word => wrong.Contains(word.Text)).Text is { } text)
            check.Find(FindingKind.Chart, $"The chart says {chart.Sex}.", text, blocks: false);
    }
}
