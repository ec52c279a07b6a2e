using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Vital signs, examination and results: what the clinician said aloud after the history.</summary>
internal static partial class ExamWriter
{
    public static void Write(Desk desk)
    {
        string? system = null;
        foreach (var line in desk.Scene.Lines)
        {
            if (line.Speaker == Speaker.Patient || line.Words.Count < 3) continue;
            if (OnExam().Match(line.Plain) is { Success: true } named) system = SystemOf(named.Groups["site"].Value) ?? system;
            if (line.IsQuestion || line.IsIntroduction || Command().IsMatch(line.Plain)) continue;
            if (IsVital(line)) Keep(desk, NoteSheet.Vitals, null, line);
            else if (IsResult(line)) Keep(desk, NoteSheet.Results, null, line);
            else if (IsExam(line)) Keep(desk, NoteSheet.Exam, Label(line) ?? system, line);
        }
    }

    private static void Keep(Desk desk, string section, string? group, Line line)
    {
        var tokens = SpokenWords.Write(line.Span.Text);
        if (tokens.Count < 2) return;
        var text = desk.Wording.Finding(tokens);
        if (!text.Contains(' ', StringComparison.Ordinal)) return;
        desk.Sheet.Add(section, group, text, line);
        line.IsUsed = true;
    }

    private static bool IsVital(Line line) =>
        line.Has(TermKind.Vital) && line.Stage != Stage.History && !line.Has(TermKind.Drug)
        && (Numerals.Find(line.Words).Count > 0 || Normal().IsMatch(line.Plain)) && line.Stage != Stage.Plan;

    private static bool IsExam(Line line)
    {
        if (line.Stage == Stage.History) return false;
        var terms = line.Count(TermKind.Exam);
        var plan = line.Count(TermKind.Plan);
        if (Intention().IsMatch(line.Plain) && terms < 3) return false;
        var needed = line.Stage is Stage.Plan ? 3 : 1;
        return terms >= needed && terms > plan && (terms > 1 || line.Has(TermKind.Site) || Finds().IsMatch(line.Plain));
    }

    private static bool IsResult(Line line)
    {
        if (!line.Has(TermKind.Result) || Intention().IsMatch(line.Plain)) return false;
        var shown = ShowsResult().IsMatch(line.Plain) || (Numerals.Find(line.Words).Count > 0 && line.Stage is Stage.Results);
        return shown && line.Count(TermKind.Exam) <= line.Count(TermKind.Result) + 1 && line.Stage != Stage.History;
    }

    private static string? Label(Line line) =>
        OnExam().Match(line.Plain) is { Success: true } named && SystemOf(named.Groups["site"].Value) is { } system ? system
            : line.Words.Select(word => ClinicalWords.Shared.BodySystem(word.Root)).OfType<string>().GroupBy(name =>
                name).OrderByDescending(g => g.Count()).FirstOrDefault()?.Key;

    private static string? SystemOf(string site) =>
        site.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word =>
            ClinicalWords.Shared.BodySystem(Word.RootOf(word))).OfType<string>().FirstOrDefault();

    [GeneratedRegex(@"\b(on|for) (your |the )?(?<site>[a-z ]{2,30}?) exam(ination)?\b", RegexOptions.CultureInvariant)]
    private static partial Regex OnExam();

    [GeneratedRegex(@"^(okay |and |so |alright )*hey,? dragon|show me|^(so )?let('s| me| us)\b|finalize the note",
        RegexOptions.CultureInvariant)]
    private static partial Regex Command();

    [GeneratedRegex(@"\b(i'm gonna|i'm going to|we're gonna|we'll|i'd like|i wanna|i want|would like|let's|let me|order|prescribe|refer|" +
        @"if you|you should|we can|we could|might|follow up|come back|continue)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Intention();

    [GeneratedRegex(@"\b(normal|good|fine|great|stable|elevated|high|low|clear|no fever|within)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Normal();

    [GeneratedRegex(@"\b(appreciate|hear|see|feel|there is|there's|there are|you have|you do have|no|negative|positive|normal|good|clear|" +
        @"intact|looks?|sounds?|does have|some|pain)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Finds();

    [GeneratedRegex(@"\b(shows?|showed|showing|reveals?|revealed|normal|negative|positive|elevated|high|low|within|stable|unremarkable|" +
        @"no evidence|came back|is at|was at|looks? (good|fine|great|ok|okay|stable)|demonstrates?|consistent|don't see|" +
        @"no (signs?|fractures?)|confirmed|measures?)\b", RegexOptions.CultureInvariant)]
    private static partial Regex ShowsResult();
}
