using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Whose finding it is, and what the patient took back later: the last word wins.</summary>
internal static class PersonChecks
{
    public static void Run(Check check)
    {
        Experiencer(check);
        var last = check.Evidence.Lines.Max(line => line.Line.Index);
        foreach (var line in check.Reading.Corrections)
            if (line.Index > last) Correction(check, line);
    }

    private static void Experiencer(Check check)
    {
        var said = Relatives(check.Said);
        var heard = (check.Reading.IsWritten && check.Nearest is { } repeated ? [repeated] : check.Evidence.Facts).SelectMany(Relatives).ToHashSet(StringComparer.Ordinal);
        var unsaid = said.FirstOrDefault(relative => relative != "family" && !heard.Any(other => Polarity.SameRelative(relative, other)));
        if (unsaid is not null) check.Find(FindingKind.Experiencer, $"No {unsaid} is named in the cited lines.", unsaid);
        if (said.Count > 0 || heard.Count == 0) return;
        foreach (var mention in check.Mentions(TermKind.Condition, TermKind.Symptom))
        {
            var owners = check.Evidence.Facts
                .SelectMany(facts => facts.Mentions.Where(m =>
                    m.Term.Concept == mention.Term.Concept).Select(m => Polarity.Other(facts.Words, m.First))).ToList();
            if (owners.Count > 0 && owners.TrueForAll(person => person is not null))
                check.Find(FindingKind.Experiencer, $"The cited lines say this of the {owners[0]}, not of the patient.",
                    check.Quote(mention.First, mention.End));
        }
    }

    private static HashSet<string> Relatives(Facts facts) =>
        facts.Words.Select(word => word.Text).Where(Polarity.IsRelative).ToHashSet(StringComparer.Ordinal);

    private static void Correction(Check check, Line line)
    {
        var facts = check.Reading.FactsOf(line);
        foreach (var said in check.Mentions(TermKind.Symptom, TermKind.Condition, TermKind.Drug))
            foreach (var heard in facts.Mentions.Where(m => m.Term.Concept == said.Term.Concept && !Polarity.IsAboutAnother(line.Words, m)))
                if (Polarity.IsNegated(line.Words, heard) != Polarity.IsNegated(check.Said.Words, said))
                    check.Find(FindingKind.Contradiction, $"Taken back later, in {line.Span.Id}.", check.Quote(said.First, said.End));
        if (facts.Frequencies.Count > 0 && IsSameTopic(check, facts, line))
            foreach (var form in check.Said.Frequencies.Except(facts.Frequencies))
                check.Find(FindingKind.Contradiction, $"Corrected later, in {line.Span.Id}.", form);
        foreach (var said in check.Said.Quantities.Where(quantity => quantity.Unit.Length > 0 && IsSameTopic(check, facts, line)))
            if (facts.Quantities.Exists(q =>
                q.Unit == said.Unit && q.Value != said.Value) && !facts.Quantities.Exists(q => q.Value == said.Value))
                check.Find(FindingKind.Contradiction, $"Corrected later, in {line.Span.Id}.", check.Quote(said.At, said.End));
    }

    // The same drug or symptom is named, or the correction is the patient's next word.
    private static bool IsSameTopic(Check check, Facts facts, Line line) =>
        facts.Mentions.Exists(m => m.Term.Kind is TermKind.Drug or TermKind.Symptom && check.Said.Mentions.Exists(own =>
            own.Term.Concept == m.Term.Concept))
        || (!facts.Mentions.Exists(m =>
            m.Term.Kind is TermKind.Drug) && line.Index <= check.Evidence.Lines.Max(cited => cited.Line.Index) + 3);
}
