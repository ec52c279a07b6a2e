using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Orders;

/// <summary>How an order reads: the words said about it, without those that only hold speech together.</summary>
internal static partial class OrderWording
{
    private const int Longest = 12;

    private static readonly HashSet<string> Idle = new(StringComparer.Ordinal)
    {
        "um", "uh", "so", "and", "then", "you", "you'll", "can", "that", "it", "i", "i'm", "gonna", "to", "the", "of", "okay", "we'll", "we", "for", "is", "be", "just", "also", "some", "like", "your", "that's", "will",
    };

    /// <summary>The drug, then its dose, how often and how long, as far as they stand beside it.</summary>
    public static (string Text, IEnumerable<Line> Lines) Medicine(Scene scene, Line line, Mention drug, int reach)
    {
        var words = new List<string>();
        if (Stops().IsMatch(Before(line, drug.First))) words.Add("stop");
        words.AddRange(line.Words.Skip(drug.First).Take(drug.End - drug.First).Select(it => it.Text));
        var lines = new List<Line> { line };
        Details(line, drug.End, words);
        for (var at = line.Index + 1; at < scene.Lines.Count && at <= line.Index + reach && words.Count < Longest; at++)
        {
            var next = scene.Lines[at];
            if (next.Speaker != line.Speaker || next.Has(TermKind.Drug) || !Dose().IsMatch(next.Plain)) break;
            Details(next, 0, words);
            lines.Add(next);
        }
        return (string.Join(' ', words), lines);
    }

    public static string Before(Line line, int at) => string.Join(' ', line.Words.Take(at).TakeLast(6).Select(it => it.Text));

    // From the first word of a dose to the last, up to the end of the clause.
    private static void Details(Line line, int from, List<string> into)
    {
        var rest = string.Join(' ', line.Words.Skip(from).Where(it => !it.IsMark).Select(it => it.Text));
        var next = line.Mentions.Where(it => it.Term.Kind == TermKind.Drug && it.First > from).Select(it => it.First).DefaultIfEmpty(int.MaxValue).Min();
        if (next < int.MaxValue) rest = string.Join(' ', line.Words.Skip(from).Take(next - from).Where(it => !it.IsMark).Select(it => it.Text));
        if (From().Match(rest) is { Success: true } change) rest = rest.Remove(change.Index, change.Length);
        foreach (Match part in Dose().Matches(rest))
            if (!string.Join(' ', into).Contains(part.Value, StringComparison.Ordinal)) foreach (var word in part.Value.Split(' '))
                if (into.Count < Longest && !Idle.Contains(word)) into.Add(word);
    }

    public static (string Text, IEnumerable<Line> Lines) Test(Line line, Match named)
    {
        var when = When().Match(line.Plain[(named.Index + named.Length)..]);
        return (named.Value.Replace("a 1 c", "a1c", StringComparison.Ordinal) + (when is { Success: true, Index: < 30 } ? " " + when.Value : ""), []);
    }

    public static (string Text, IEnumerable<Line> Lines)? Return(Scene scene, Line line, Match back)
    {
        if (Term(line.Plain[Math.Max(0, back.Index - 30)..]) is { } here) return ($"{Named(back)} {here}", []);
        var next = line.Index + 1 < scene.Lines.Count ? scene.Lines[line.Index + 1] : null;
        return next is not null && Term(next.Plain) is { } later ? ($"{Named(back)} {later}", [next]) : null;
    }

    private static string Named(Match back) => back.Value.EndsWith(" in", StringComparison.Ordinal) ? back.Value[..^3] : back.Value;

    private static string? Term(string plain) => When().Match(plain) is { Success: true } when && when.Value is not "today" && !when.Value.Contains("year old", StringComparison.Ordinal)
        ? Leading().Replace(when.Value, "") : null;

    private const string Count = @"(\d+(\.\d+)?|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|forty|fifty|sixty|hundred|thousand|couple( of)?|few|point|half)";

    [GeneratedRegex($@"\b((in|for|within|about|after|every) ){{0,3}}(the next )?({Count}[ -]){{1,6}}(to {Count} |or {Count} )?(days?|weeks?|months?|years?|hours?)( time)?\b|\b(next|this) (week|month|year|monday|friday)\b|\btomorrow\b|\btoday\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex When();

    [GeneratedRegex($@"\b({Count}[ -]){{1,6}}(milligrams?|mg|micrograms?|mcg|grams?|units?|tablets?|pills?|puffs?|percent|milliequivalents?|times?|drops?)( (a|per|every) (day|week|night|morning|hour))?\b" +
        $@"|\b(once|twice|three times|four times|two times|\d times) (a|per|every) (day|week)\b|\b(once|twice) daily\b|\bdaily\b|\bevery ({Count} ){{1,6}}(to ({Count} ){{1,6}})?hours\b|\bevery (day|night|morning|other day)\b|\bas needed\b|\bat (night|bedtime)\b" +
        $@"|\bfor ({Count} ){{1,6}}(to {Count} )?(days?|weeks?|months?)\b|\bin the (morning|evening)\b|\ba day\b|\b(with|after) (food|meals)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Dose();

    [GeneratedRegex(@"^((in|for|within|about|after|every|the next) )+", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex(@"\bfrom .{1,30}? (?=to )", RegexOptions.CultureInvariant)]
    private static partial Regex From();

    [GeneratedRegex(@"\b(stop|stopping|off|discontinue|hold|avoid)\b(?!.*\b(and|then|instead) (take|start|begin|try|use)\b)", RegexOptions.CultureInvariant)]
    private static partial Regex Stops();
}
