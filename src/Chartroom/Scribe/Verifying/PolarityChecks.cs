using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>Negation: a question is no evidence, and a "no" to it negates what it asked.</summary>
internal static class PolarityChecks
{
    public static void Run(Check check)
    {
        if (check.Evidence.Lines.TrueForAll(line => line.IsUnansweredQuestion))
            check.Find(FindingKind.Negation, "Only a question is cited; a question is not evidence without its answer.",
                check.Statement.Text, blocks: !check.IsSought);                          // the answer may only not have been found
        if (check.IsSought && !check.Reading.IsWritten) Opposed(check);
        else if (!Concepts(check)) WholeStatement(check);
        Numbers(check);
    }

    // Where the lines had to be looked for, others may say it better: the whole source is asked.
    private static void Opposed(Check check)
    {
        foreach (var key in check.Reading.Stances.Opposed(check.Said))
            check.Find(FindingKind.Negation, $"The source says the opposite about \"{check.Quote(key.At, key.End)}\".", check.Quote(key.At, key.End));
    }

    // "Blood pressure is not 128/72": what was measured is not denied.
    private static void Numbers(Check check)
    {
        foreach (var said in check.Said.Quantities)
            if (IsDenied(check.Said.Words, said) && check.Evidence.Facts.Any(facts => facts.Quantities.Exists(heard => heard.Value == said.Value))
                && !check.Evidence.Facts.Any(facts => facts.Quantities.Exists(heard => heard.Value == said.Value && IsDenied(facts.Words, heard))))
                check.Find(FindingKind.Negation, $"The cited lines do not deny {check.Quote(said.At, said.End)}.", check.Quote(said.At, said.End));
    }

    private static bool IsDenied(List<Word> words, Quantity quantity)
    {
        for (var at = quantity.At - 1; at >= 0 && at >= quantity.At - 3; at--)
            if (words[at].Text is "not" || words[at].Text.EndsWith("n't", StringComparison.Ordinal)) return true;
        return false;
    }

    private static bool Concepts(Check check)
    {
        var disagreed = false;
        foreach (var mention in check.Mentions(TermKind.Symptom, TermKind.Condition, TermKind.Drug, TermKind.Exam, TermKind.Result))
        {
            if (!check.Evidence.Concepts.TryGetValue(mention.Term.Concept, out var heard)) continue;
            var negated = Polarity.IsNegated(check.Said.Words, mention);
            var end = EndOf(check, mention);
            if (end is not null && !negated && !Endings.IsToldAsPast(check.Statement.Text))
                check.Find(FindingKind.Negation, $"Said to be over in {end.Span.Id}.", check.Quote(mention.First, mention.End));
            if (negated ? heard.Negated || end is not null : heard.Affirmed) continue;
            disagreed = true;
            var quote = check.Quote(mention.First, mention.End);
            check.Find(FindingKind.Negation, negated ? $"The cited lines affirm {quote}." : $"The cited lines deny {quote}.", quote);
        }
        return disagreed;
    }

    // Where every cited line that affirms it is taken back by the one after.
    private static Line? EndOf(Check check, Mention mention)
    {
        var telling = check.Evidence.Lines.Where(line => line.Facts.Mentions.Exists(heard =>
            heard.Term.Concept == mention.Term.Concept && !Polarity.IsNegated(line.Facts.Words, heard))).ToList();
        return telling.Count > 0 && telling.TrueForAll(line => line.Line.EndedBy is not null) ? telling[0].Line.EndedBy : null;
    }

    // A "not" put into, or dropped from, a sentence turns the words behind it around: a good part of the shared words then disagrees.
    private static void WholeStatement(Check check)
    {
        int turned = 0, shared = 0;
        var first = "";
        for (var at = 0; at < check.Said.Words.Count; at++)
        {
            var word = check.Said.Words[at];
            if (word.IsMark || word.Text.Length < 4 || NoteWords.IsNeutral(word.Root) || !check.Evidence.Roots.TryGetValue(word.Root,
                out var heard)) continue;
            shared++;
            if (Polarity.IsNegatedAt(check.Said.Words, at, at + 1) ? heard.Negated : heard.Affirmed) continue;
            turned++;
            if (first.Length == 0) first = word.Text;
        }
        if (turned >= 2 ? turned * 3 >= shared : turned == 1 && shared <= 3)
            check.Find(FindingKind.Negation, $"The cited lines say the opposite about \"{first}\".", first);
    }
}
