using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Bench;

/// <summary>What a draft holds that nobody said, counted without asking which lines it cites.</summary>
internal static class DraftCounts
{
    public static int Uncited(Draft draft) => draft.Statements.Count(statement => statement.Citations.Count == 0);

    /// <summary>By the verifier, which the drafter has asked already: what it refuses is not written. So this shows only that none slips through.</summary>
    public static int Unsupported(Transcript transcript, Draft draft) => Verifier.Verify(transcript, draft).Statements.Count(verdict => verdict.Verdict == Verdict.Unsupported);

    public static HashSet<string> Drugs(string text) =>
        Facts.Read(text).Mentions.Where(it => it.Term.Kind == TermKind.Drug).Select(it => it.Term.Concept).ToHashSet(StringComparer.Ordinal);

    public static int ForeignDrugs(Transcript transcript, Draft draft) => Drugs(draft.ToText()).Except(Drugs(TextOf(transcript))).Count();

    /// <summary>Numbers of the draft, in words or digits, that are nowhere in what was said.</summary>
    public static int ForeignNumbers(Transcript transcript, Draft draft)
    {
        var said = Numbers(TextOf(transcript));
        return draft.Statements.Sum(statement => Numbers(statement.Text).Count(number => !said.Contains(number)));
    }

    public static string TextOf(Transcript transcript) => string.Join('\n', transcript.Turns.Select(turn => turn.Text));

    private static HashSet<decimal> Numbers(string text)
    {
        var found = new HashSet<decimal>();
        foreach (var numeral in Numerals.Find(Words.Read(text)))
        {
            found.Add(numeral.Value);
            if (numeral.Over is { } over) found.Add(over);
        }
        return found;
    }
}
