using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>What was said, is clinical, and stands in no statement: symptoms, drugs, allergies, doses and numbers, steps of the
/// plan.</summary>
internal sealed class OmissionFinder(Reading reading, IReadOnlyList<Check> checks)
{
    private readonly HashSet<string> _concepts = checks.SelectMany(check =>
        check.Said.Mentions).Select(mention => mention.Term.Concept).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<decimal> _numbers = checks.SelectMany(check => check.Said.Quantities).SelectMany(Values).ToHashSet();
    private readonly HashSet<int> _cited = checks.SelectMany(check => check.Evidence.Lines).Select(line => line.Line.Index).ToHashSet();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<Omission> _found = [];

    /// <summary>In the order said; each thing once, at its first place.</summary>
    public List<Omission> Find()
    {
        foreach (var line in reading.Scene.Lines.Where(IsEvidence))
        {
            Named(line);
            Numbers(line);
            if (IsStepOfPlan(line)) _found.Add(new Omission("plan", line.Span.Text, line.Span.Id, line.Span.Text));
        }
        return _found;
    }

    private bool IsEvidence(Line line) =>
        !line.IsQuestion || line.Speaker == Speaker.Patient || Answers.To(reading.Scene, line).Reply is Reply.Yes or Reply.No;

    private void Named(Line line)
    {
        foreach (var mention in line.Mentions)
            if (Kind(line, mention) is { } kind && !_concepts.Contains(mention.Term.Concept) && _told.Add(mention.Term.Concept))
                _found.Add(new Omission(kind, mention.Term.Concept, line.Span.Id, line.Span.Text));
    }

    private static string? Kind(Line line, Mention mention) => mention.Term.Kind switch
    {
        TermKind.Symptom or TermKind.Condition => "symptom",
        TermKind.Drug => line.IsAboutAllergy ? "allergy" : "drug",
        _ => null,
    };

    private void Numbers(Line line)
    {
        if (!line.Mentions.Exists(m => m.Term.Kind is TermKind.Drug or TermKind.Vital or TermKind.Result or TermKind.Symptom
            or TermKind.Plan)) return;
        foreach (var quantity in reading.FactsOf(line).Quantities)
            if (quantity.Unit.Length > 0 && !Values(quantity).Any(_numbers.Contains) && _told.Add($"{quantity.Value}{quantity.Unit}"))
                _found.Add(new Omission(IsDose(quantity) ? "dose" : "number", $"{Numeral.Plain(quantity.Value)} {quantity.Unit}",
                    line.Span.Id, line.Span.Text));
    }

    private static bool IsDose(Quantity quantity) =>
        quantity.Unit is "mg" or "mcg" or "g" or "ml" or "unit" or "tablet" or "puff" or "drop";

    private static IEnumerable<decimal> Values(Quantity quantity) => quantity.Over is { } over ? [quantity.Value, over] : [quantity.Value];

    private bool IsStepOfPlan(Line line) =>
        line.Stage == Stage.Plan && line.Speaker != Speaker.Patient && !line.IsQuestion && line.Has(TermKind.Plan)
        && !_cited.Contains(line.Index) && Cues.Instructs().IsMatch(line.Plain);
}
