using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Chief complaint and history: the clinician's introduction almost whole, then what the patient told, best first, in the order
/// told.</summary>
internal static partial class HistoryWriter
{
    public static void Write(Desk desk)
    {
        ChiefComplaint(desk);
        var left = desk.Budget - desk.Sheet.WordCount;
        var chosen = new List<(Line Line, string Text, IEnumerable<Line> Sources)>();
        foreach (var line in desk.Scene.Lines.Where(IsHistory).OrderByDescending(Score).ThenBy(line => line.Index))
        {
            if (left <= 0 || Score(line) < 0.5) break;
            var (text, sources) = Statement(desk, line);
            if (text is null) continue;
            chosen.Add((line, text, sources));
            left -= text.Count(c => c == ' ') + 1;
        }
        foreach (var (line, text, sources) in chosen.OrderBy(entry => entry.Line.Index))
        {
            desk.Sheet.Add(NoteSheet.History, null, text, sources);
            line.IsUsed = true;
        }
    }

    private static bool IsHistory(Line line) => line.Stage == Stage.History && !line.IsUsed && line.Words.Count > 3 && (line.Kin is null || !line.Has(TermKind.Condition) && !line.Has(TermKind.Symptom));

    private static double Score(Line line)
    {
        if (line.IsIntroduction && line.Index < 25 && line.Speaker != Speaker.Patient) return 50;
        var score = line.Count(TermKind.Symptom) + 0.8 * line.Count(TermKind.Condition) + 0.8 * line.Count(TermKind.Drug)
            + 0.5 * Math.Min(4, line.Count(TermKind.History)) + 0.4 * Math.Min(2,
                Numerals.Find(line.Words).Count) + 0.3 * line.Count(TermKind.Site)
            - 1.0 * line.Count(TermKind.Chat) + Math.Min(line.Words.Count, 25) * 0.03;
        return line.IsQuestion ? score * 0.7 : score;
    }

    private static (string? Text, IEnumerable<Line> Sources) Statement(Desk desk, Line line)
    {
        if (line.EndedBy is { } end && Told(desk, line) is { } told) return (told.TrimEnd('.') + Endings.Wording(end), [line, end]);
        if (!line.IsQuestion || line.Speaker == Speaker.Patient) return (Told(desk, line), [line]);
        var (reply, answer) = Answers.To(desk.Scene, line);
        if (answer is null || reply is not (Reply.Yes or Reply.No)) return (null, []);
        return (QuestionWording.Fold(desk, line, reply), [line, answer]);
    }

    /// <summary>A line of the history as a statement about the patient; null when too little is left of it.</summary>
    public static string? Told(Desk desk, Line line)
    {
        var tokens = SpokenWords.Write(line.Span.Text);
        if (tokens.Count < 3) return null;
        if (line.IsIntroduction) return Sentence.Finish(tokens);
        var fromPatient = line.Speaker != Speaker.Clinician;
        var told = desk.ThirdPerson.Rewrite(tokens, fromPatient, pronounFirst: false);
        if (!Sentence.HasVerb(told))
            return fromPatient && line.Has(TermKind.Symptom) && told.Count < 14 ? Sentence.Finish(["the", "patient", "reports", .. told])
                : null;
        return Sentence.Finish(told);
    }

    private static void ChiefComplaint(Desk desk)
    {
        foreach (var line in desk.Scene.Lines.Take(30))
            if (line.Speaker != Speaker.Patient && line is { IsQuestion: false, EndedBy: null } && Reason().Match(line.Plain) is { Success: true } reason)
            {
                desk.Sheet.Add(NoteSheet.ChiefComplaint, null, Sentence.Finish(reason.Groups["what"].Value.Split(' ').Take(7)), line);
                return;
            }
        var first = desk.Scene.Lines.FirstOrDefault(IsComplaint);
        if (first is null) return;
        var symptom = first.Mentions.First(m => m.Term.Kind is TermKind.Symptom && !Polarity.IsNegated(first.Words, m)).Term.Concept;
        desk.Sheet.Add(NoteSheet.ChiefComplaint, null, Sentence.Finish([symptom]), first);
    }

    private static bool IsComplaint(Line line) =>
        line.Stage == Stage.History && !line.IsQuestion && line.EndedBy is null
        && line.Mentions.Exists(m => m.Term.Kind is TermKind.Symptom && !Polarity.IsNegated(line.Words, m)
            && !Polarity.IsAboutAnother(line.Words, m));

    [GeneratedRegex(@"\b(presents?|presenting|here|comes in|coming in|came in|seen)( to the clinic| today| here| to see me|" +
        @" in)* (for|with|" +
        @"because of|due to|regarding) (an? |some |her |his |your |evaluation of )*(?<what>.+?)( and (so|she|he|i|we|you)\b.*|" +
        @" so .*| what .*| how .*| tell .*| today.*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Reason();
}
