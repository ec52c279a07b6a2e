using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Whose finding it is, and what the patient took back later: the last word wins.</summary>
internal static class PersonChecks
{
    public static void Run(Check check)
    {
        Experiencer(check);
        var last = check.Evidence.Lines.Max(line => line.Line.Index);
        if (!check.Reading.IsWritten)
            foreach (var line in check.Evidence.Lines)
                foreach (var slip in Slip.In(line.Line.Words)) Slipped(check, slip, line.Line);
        foreach (var line in check.Reading.Corrections)
            if (line.Index > last) Correction(check, line);
    }

    // The cited line itself takes back what it said first.
    private static void Slipped(Check check, Slip slip, Line line)
    {
        if (slip.Number is { } old)
            foreach (var said in check.Said.Quantities.Where(said => said.Value == old.Value && said.Unit == (old.Unit.Length > 0 ? old.Unit : slip.NumberNow.Unit)))
                if (!check.Said.Quantities.Exists(it => it.Value == slip.NumberNow.Value)) Found(check.Quote(said.At, said.End));
        if (slip.Side is { } side)
            foreach (var said in check.Said.Sides.Where(it => it.Side == side)) Found((said.Side + " " + said.Site).Trim());
        if (slip.Drug is { } drug)
            foreach (var said in check.Mentions(TermKind.Drug).Where(it => it.Term.Concept == drug)) Found(check.Quote(said.First, said.End));
        if (slip.Weekday is { } weekday && DayReader.WeekdaysIn(check.Said.Words).Contains(weekday)) Found(weekday);
        if (slip.Day is { } day)
            foreach (var said in check.Said.Days.Where(it => it.Fits(day))) Found(said.Text);

        void Found(string quote) => check.Find(FindingKind.Contradiction, $"Corrected in the same breath, in {line.Span.Id}.", quote);
    }

    private static void Experiencer(Check check)
    {
        var said = Relatives(check.Said);
        var heard = (check.Reading.IsWritten && check.Nearest is { } repeated ? [repeated] : check.Evidence.Facts).SelectMany(Relatives).ToHashSet(StringComparer.Ordinal);
        if (!check.Reading.IsWritten) heard.UnionWith(check.Evidence.Lines.Select(line => line.Line.Kin?.Relative).OfType<string>());
        var unsaid = said.FirstOrDefault(relative => relative != "family" && !heard.Any(other => Polarity.SameRelative(relative, other)));
        if (unsaid is not null) check.Find(FindingKind.Experiencer, $"No {unsaid} is named in the cited lines.", unsaid);
        if (said.Count > 0 || heard.Count == 0) return;
        foreach (var mention in check.Mentions(TermKind.Condition, TermKind.Symptom))
        {
            var owners = check.Evidence.Lines
                .SelectMany(line => line.Facts.Mentions.Where(m =>
                    m.Term.Concept == mention.Term.Concept).Select(m => Polarity.Other(line.Facts.Words, m.First) ?? line.Line.Kin?.Relative)).ToList();
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
        // "No wait, it was the right one": a side without a place is of the place spoken of just before.
        foreach (var said in check.Said.Sides.Where(it => it.Side != "bilateral" && facts.Sides.Count > 0 && !facts.Sides.Exists(now => now.Side == it.Side || now.Side == "bilateral")))
            if (facts.Sides.Exists(now => now.Site.Length > 0 ? now.Site == said.Site : IsNext(check, line)))
                check.Find(FindingKind.Contradiction, $"Corrected later, in {line.Span.Id}.", (said.Side + " " + said.Site).Trim());
        foreach (var said in check.Said.Days.Where(it => facts.Days.Count > 0 && IsNext(check, line) && !facts.Days.Exists(it.Fits)))
            check.Find(FindingKind.Contradiction, $"Corrected later, in {line.Span.Id}.", said.Text);
        foreach (var said in check.Said.Quantities.Where(quantity => quantity.Unit.Length > 0 && IsSameTopic(check, facts, line)))
            if (facts.Quantities.Exists(q =>
                q.Unit == said.Unit && q.Value != said.Value) && !facts.Quantities.Exists(q => q.Value == said.Value))
                check.Find(FindingKind.Contradiction, $"Corrected later, in {line.Span.Id}.", check.Quote(said.At, said.End));
    }

    private static bool IsNext(Check check, Line line) => line.Index <= check.Evidence.Lines.Max(cited => cited.Line.Index) + 3;

    // The same drug or symptom is named, or the correction is the patient's next word.
    private static bool IsSameTopic(Check check, Facts facts, Line line) =>
        facts.Mentions.Exists(m => m.Term.Kind is TermKind.Drug or TermKind.Symptom && check.Said.Mentions.Exists(own =>
            own.Term.Concept == m.Term.Concept))
        || (!facts.Mentions.Exists(m =>
            m.Term.Kind is TermKind.Drug) && IsNext(check, line));
}
