using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe;

/// <summary>The words of a statement that do harm when they are wrong: numbers with their units, drugs, days, sides, negations.</summary>
internal static partial class Emphasis
{
    /// <param name="Kind"><c>number</c>, <c>drug</c>, <c>side</c>, <c>negation</c>, or null for other words.</param>
    public readonly record struct Piece(string Text, string? Kind);

    /// <summary>The text in pieces, in order, nothing left out.</summary>
    public static IReadOnlyList<Piece> Of(string text)
    {
        var marks = Marks(text).OrderBy(mark => mark.Start).ThenByDescending(mark => mark.End).ToList();
        var pieces = new List<Piece>();
        var at = 0;
        foreach (var (start, end, kind) in marks)
        {
            if (start < at) continue;
            if (start > at) pieces.Add(new(text[at..start], null));
            pieces.Add(new(text[start..end], kind));
            at = end;
        }
        if (at < text.Length) pieces.Add(new(text[at..], null));
        return pieces;
    }

    private static IEnumerable<(int Start, int End, string Kind)> Marks(string text)
    {
        var facts = Facts.Read(text);
        foreach (var quantity in facts.Quantities)
        {
            var last = Math.Min(quantity.End - 1 + (quantity.Unit.Length > 0 ? 1 : 0), facts.Words.Count - 1);
            yield return (facts.Words[quantity.At].Start, facts.Words[last].End, "number");
        }
        foreach (var mention in facts.Mentions.Where(mention => mention.Term.Kind == TermKind.Drug))
            yield return (facts.Words[mention.First].Start, facts.Words[mention.End - 1].End, "drug");
        foreach (Match match in Numbers().Matches(text)) yield return (match.Index, match.Index + match.Length, "number");
        foreach (Match match in Sides().Matches(text)) yield return (match.Index, match.Index + match.Length, "side");
        foreach (Match match in Negations().Matches(text)) yield return (match.Index, match.Index + match.Length, "negation");
    }

    [GeneratedRegex(@"\d+(?:[.,/]\d+)*%?|\b(?:January|February|March|April|June|July|August|September|October|November|December)\b(?: \d{1,2})?", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\b(?:left|right|bilateral(?:ly)?|both)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sides();

    [GeneratedRegex(@"\b(?:no|not|never|without|denies|denied|negative|none|stop(?:ped)?|discontinued?)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Negations();
}
