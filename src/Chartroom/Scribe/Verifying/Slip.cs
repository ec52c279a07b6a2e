using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>A slip of the tongue that was mended in the same breath: "15, sorry, 7.5 milligrams", "the left, I mean the right knee".</summary>
/// <param name="Before">What was said just before the words of correction.</param>
/// <param name="After">What took its place.</param>
internal sealed record Slip(Facts Before, Facts After)
{
    private const int Reach = 6;

    private static readonly string[][] Marks =
        [["i", "mean"], ["sorry"], ["correction"], ["i", "meant"], ["no", "wait"], ["wait", "no"], ["scratch", "that"], ["strike", "that"], ["i", "misspoke"], ["my", "mistake"], ["no", ",", "no"]];

    /// <summary>All of a line, in order.</summary>
    public static IEnumerable<Slip> In(List<Word> words)
    {
        for (var at = 1; at < words.Count - 1; at++)
            foreach (var mark in Marks.Where(mark => at + mark.Length < words.Count && mark.Select((word, step) => words[at + step].Text == word).All(it => it)))
            {
                var (from, to) = (Math.Max(0, at - Reach), at + mark.Length);
                yield return new(Facts.Read(words[from..at]), Facts.Read(words[to..Math.Min(words.Count, to + Reach)]));
                break;
            }
    }

    /// <summary>The number that no longer holds, when both sides of the slip end and begin with one.</summary>
    public Quantity? Number => Before.Quantities is [.., var old] && After.Quantities is [var now, ..] && old.Value != now.Value
        && (old.Unit.Length == 0 || now.Unit.Length == 0 || old.Unit == now.Unit) ? old : null;

    /// <summary>The number in whose place it stands.</summary>
    public Quantity NumberNow => After.Quantities[0];

    /// <summary>"left" where it was mended to "right".</summary>
    public string? Side => Before.Sides is [.., var old] && After.Sides is [var now, ..] && old.Side != now.Side ? old.Side : null;

    /// <summary>The drug that was named by mistake.</summary>
    public string? Drug => DrugsOf(Before) is [.., var old] && DrugsOf(After) is [var now, ..] && old != now ? old : null;

    /// <summary>The weekday that was named by mistake.</summary>
    public string? Weekday => DayReader.WeekdaysIn(Before.Words).LastOrDefault() is { } old && DayReader.WeekdaysIn(After.Words).FirstOrDefault() is { } now && old != now ? old : null;

    /// <summary>The day that was named by mistake.</summary>
    public DayNamed? Day => Before.Days is [.., var old] && After.Days is [var now, ..] && !old.Fits(now) ? old : null;

    private static List<string> DrugsOf(Facts facts) => [.. facts.Mentions.Where(it => it.Term.Kind == TermKind.Drug).Select(it => it.Term.Concept)];
}
