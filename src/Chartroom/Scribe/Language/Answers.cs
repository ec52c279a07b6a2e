using System.Text.RegularExpressions;

namespace Chartroom.Scribe.Language;

internal enum Reply { None, Yes, No, Other }

/// <summary>Pairs a question with what was answered. The question alone is never evidence.</summary>
internal static partial class Answers
{
    /// <summary>The answer to the question at <paramref name="asked"/>, or none when nobody answered it.</summary>
    public static (Reply Reply, Line? Line) To(Scene scene, Line asked)
    {
        for (var at = asked.Index + 1; at < scene.Lines.Count && at <= asked.Index + 5; at++)
        {
            var line = scene.Lines[at];
            if (line.Turn > asked.Turn + 2) break;
            if (Filler().IsMatch(line.Plain)) continue;                                 // "Uh…" is not yet an answer
            var reply = Read(line.Plain);
            if (reply == Reply.Yes && IsOver(scene, line)) reply = Reply.No;
            if (line.Turn == asked.Turn)
            {
                if (line.IsQuestion) continue;                                          // one breath of questions shares the answer
                if (line.Speaker == Speaker.Patient || reply is Reply.No && line.Words.Count < 6) return (reply, line);
                continue;
            }
            if (line.Speaker == Speaker.Clinician && reply == Reply.Other) break;
            if (line.IsQuestion && (reply == Reply.Other || line.Speaker == asked.Speaker && line.Words.Count > 3)) break;
            return (reply, line);
        }
        return (Reply.None, null);
    }

    // "Yes, but not anymore." answers for today.
    private static bool IsOver(Scene scene, Line answer) => Endings.Ends(answer)
        || answer.Index + 1 < scene.Lines.Count && scene.Lines[answer.Index + 1] is var next && next.Turn == answer.Turn && next.Mentions.Count == 0 && Endings.Ends(next);

    public static Reply Read(string plain) =>
        No().IsMatch(plain) ? Reply.No : Yes().IsMatch(plain) ? Reply.Yes : Reply.Other;

    [GeneratedRegex(@"^(um|uh|uhm|erm|er|ah|hmm|mm|mmm|oh|like|so|and|the|yeah like|well)( (um|uh|uhm|erm|er|ah|hmm|mm|mmm|oh|like|so|and|the|well))*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Filler();

    [GeneratedRegex(@"^((um|uh|uhm|erm|er|ah|mm|mmm|well|hmm|oh|okay|gosh|so|actually|i mean|honestly|ohh) )*(no\b(?! (problem|idea|matter))|nope|nah|not (really|any ?more|" +
        @"that|at all|yet|lately|since|any|so|recently|right)|never|none|negative|nothing|i (do not|don't|haven't|have not|" +
        @"am not|didn't|did not|never)(?! (know|remember|think so yes))|i'm not(?! sure)|i don't think so|uh uh|it (doesn't|" +
        @"does not|hasn't|isn't))", RegexOptions.CultureInvariant)]
    private static partial Regex No();

    [GeneratedRegex(@"^((um|uh|uhm|erm|er|ah|mm|mmm|well|hmm|oh|okay|gosh|so|i mean|honestly|and|ohh) )*(yes|yeah|yep|yup|sure|correct|that's (right|" +
        @"correct|true)|" +
        @"mm hmm|uh huh|mhm|absolutely|definitely|exactly|right\b|i (do|am|have|did|was|can)\b|it (does|is|has|did)\b|of course|" +
        @"a little|sometimes|occasionally|kind of)", RegexOptions.CultureInvariant)]
    private static partial Regex Yes();
}
