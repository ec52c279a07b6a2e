using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>Review of systems: each symptom asked about or told, with the polarity of the answer, folded per body system.</summary>
internal static class SystemsWriter
{
    private sealed record Finding(string System, string Symptom, bool Denied, List<Line> Sources);

    public static void Write(Desk desk)
    {
        var findings = new Dictionary<string, Finding>(StringComparer.Ordinal);
        foreach (var line in desk.Scene.Lines)
        {
            if (line.Stage != Stage.History || line.Kin is not null || !line.Has(TermKind.Symptom)) continue;
            if (line.IsQuestion && line.Speaker != Speaker.Patient) ReadQuestion(desk, line, findings);
            else if (line.Speaker is Speaker.Patient or Speaker.Unknown) ReadTold(line, findings);
        }
        foreach (var system in findings.Values.Where(finding => finding.System != "General").GroupBy(finding => finding.System))
        {
            Fold(desk, system.Key, "Reports", [.. system.Where(finding => !finding.Denied)]);
            Fold(desk, system.Key, "Denies", [.. system.Where(finding => finding.Denied)]);
        }
    }

    private static void Fold(Desk desk, string system, string verb, List<Finding> findings)
    {
        if (findings.Count == 0) return;
        var names = findings.Select(finding => finding.Symptom).Distinct(StringComparer.Ordinal).ToList();
        var list = names.Count < 3 ? string.Join(verb == "Denies" ? " or " : " and ", names)
            : string.Join(", ", names.Take(names.Count - 1)) + (verb == "Denies" ? ", or " : ", and ") + names[^1];
        desk.Sheet.Add(NoteSheet.Systems, system, $"{verb} {list}.", findings.SelectMany(finding => finding.Sources));
    }

    private static void ReadQuestion(Desk desk, Line asked, Dictionary<string, Finding> findings)
    {
        var (reply, answer) = Answers.To(desk.Scene, asked);
        if (answer is null || reply is Reply.None or Reply.Other) return;
        var terms = asked.Mentions.Where(mention => mention.Term.Kind == TermKind.Symptom && !(reply == Reply.No && desk.Told.Contains(mention.Term.Concept))).ToList();
        if (reply == Reply.Yes && terms.Count > 1) return;                  // "yes" to a list says nothing about each
        foreach (var mention in terms)
            findings[mention.Term.Concept] = new Finding(mention.Term.System, mention.Term.Concept, reply == Reply.No, [asked, answer]);
    }

    private static void ReadTold(Line line, Dictionary<string, Finding> findings)
    {
        foreach (var mention in line.Mentions)
        {
            if (mention.Term.Kind != TermKind.Symptom || IsOfAnother(line, mention)) continue;
            findings[mention.Term.Concept] = new Finding(mention.Term.System, mention.Term.Concept,
                line.EndedBy is not null || Polarity.IsNegated(line.Words, mention), line.EndedBy is { } end ? [line, end] : [line]);
        }
    }

    // In the patient's own words "they" and "she" are somebody else.
    public static bool IsOfAnother(Line line, Mention mention) => Polarity.IsAboutAnother(line.Words, mention) || (line.Speaker == Speaker.Patient
        && line.Words.Take(mention.First).LastOrDefault(word => word.Text is "i" or "i'm" or "i've" or "my" or "me" or "he" or "she" or "they" or "they've" or "they're").Text is "he" or "she" or "they" or "they've" or "they're");
}
