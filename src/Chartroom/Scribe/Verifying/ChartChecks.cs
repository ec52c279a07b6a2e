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
