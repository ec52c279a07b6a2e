using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Language;

/// <summary>A complaint that is over: "Some diarrhea in the beginning. Not anymore." The line after it takes it back for today, however plainly it was told.</summary>
internal static partial class Endings
{
    private const int LongestEnding = 12;

    /// <summary>The line that ends what <paramref name="at"/> complains of: the next of the same voice, past one line of the clinician that names nothing
    /// clinical ("Do you still have it?"). Null when nobody ends it.</summary>
    public static Line? Of(IReadOnlyList<Line> lines, int at)
    {
        var told = lines[at];
        if (told.IsQuestion || !told.Has(TermKind.Symptom) && !told.Has(TermKind.Condition)) return null;
        var next = at + 1;
        if (next < lines.Count && lines[next].Turn == told.Turn + 1 && lines[next].Speaker != told.Speaker && lines[next].Mentions.TrueForAll(IsNoComplaint)) next++;
        if (next >= lines.Count || lines[next] is not { IsQuestion: false } end || end.Turn > told.Turn + 2) return null;
        if (end.Turn != told.Turn && end.Speaker != told.Speaker) return null;
        return Ends(end) && end.Mentions.TrueForAll(mention => IsNoComplaint(mention) || told.Mentions.Exists(own => own.Term.Concept == mention.Term.Concept)) ? end : null;
    }

    /// <summary>Whether a line says that something is over.</summary>
    public static bool Ends(Line line) => line.Words.Count <= LongestEnding && Over().IsMatch(line.Plain);

    /// <summary>Whether a statement itself says that it is over, or was so before.</summary>
    public static bool IsToldAsPast(string text) => Past().IsMatch(text);

    /// <summary>The ending in the words of a note, as near to what was said as can be.</summary>
    public static string Wording(Line end) => end.Plain switch
    {
        var said when said.Contains("resolved", StringComparison.Ordinal) => ", which has resolved.",
        var said when said.Contains("away", StringComparison.Ordinal) => ", which went away.",
        var said when said.Contains("gone", StringComparison.Ordinal) => ", which is gone.",
        var said when said.Contains("stopped", StringComparison.Ordinal) => ", which stopped.",
        _ => ", but not anymore.",
    };

    private static bool IsNoComplaint(Mention mention) => mention.Term.Kind is not (TermKind.Symptom or TermKind.Condition);

    [GeneratedRegex(@"\b(not any ?more|(don't|do not|doesn't|does not|isn't|is not) (\w+ ){0,4}any ?more|no longer|went away|gone away|" +
        @"(that|that's|it|it's|they|they're|those|this|all|is|are|has|now|pretty much|completely) (is |are |has |have |all |now |completely )?(gone|resolved|stopped|cleared up)|^(resolved|gone))\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Over();

    [GeneratedRegex(@"\b(any ?more|no longer|resolved|went away|gone|stopped|subsided|cleared up|initially|at first|in the beginning|at the beginning|previously|used to|(?<!\b(has|have) )had)\b",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Past();
}
