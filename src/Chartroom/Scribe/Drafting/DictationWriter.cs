using System.Text.RegularExpressions;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Drafting;

/// <summary>
/// What a clinician dictates alone: the words are the note already, so all of them are kept as they were said and only sorted, by the headings that are spoken ("Plan: …") and else by what a
/// sentence is about. Nothing is ranked or left out.
/// </summary>
internal static partial class DictationWriter
{
    /// <summary>One voice that tells of a patient: nobody else speaks, nothing is asked, nobody tells of themselves.</summary>
    public static bool IsOne(Transcript transcript) => IsOne(transcript, Scene.Of(transcript));

    /// <summary>The same where it was read already.</summary>
    public static bool IsOne(Transcript transcript, Scene scene) =>
        transcript.Turns.All(turn => turn.Speaker is Speaker.Unknown or Speaker.Clinician)
        && transcript.Turns.Select(turn => turn.Label).Distinct(StringComparer.Ordinal).Count() == 1
        && scene.Lines.All(line => line.Speaker != Speaker.Patient && !line.Span.Text.Contains('?', StringComparison.Ordinal) && !ToPatient().IsMatch(line.Plain))
        && scene.Lines.Any(line => line.Mentions.Count > 0)   // something for a chart: else there is nothing to draft
        && scene.Lines.Any(line => OfPatient().IsMatch(line.Plain) || Spoken(line) is not null);

    public static void Write(Desk desk)
    {
        var section = NoteSheet.History;
        foreach (var line in desk.Scene.Lines.Where(line => !Meta().IsMatch(line.Plain)))
        {
            var text = line.Span.Text.Trim();
            if (Spoken(line) is var (named, rest))
            {
                section = named;
                text = rest;
            }
            else section = Moves(section, line);
            if (SpokenWords.Write(text) is not { Count: > 0 } tokens) continue;
            desk.Sheet.Add(Spoken(line) is null ? Aside(section, line) : section, null, Sentence.Finish(tokens), line);
        }
    }

    private static (string Section, string Words)? Spoken(Line line)
    {
        var match = Heading().Match(line.Span.Text.Trim());
        if (!match.Success) return null;
        var name = match.Groups["name"].Value.ToUpperInvariant();
        var section = name switch
        {
            _ when name.StartsWith("CHIEF", StringComparison.Ordinal) => NoteSheet.ChiefComplaint,
            _ when name.StartsWith("PAST SURG", StringComparison.Ordinal) || name.StartsWith("SURG", StringComparison.Ordinal) => NoteSheet.Surgical,
            _ when name.StartsWith("PAST", StringComparison.Ordinal) || name.StartsWith("MEDICAL", StringComparison.Ordinal) => NoteSheet.Medical,
            _ when name.Contains("MEDICATION", StringComparison.Ordinal) => NoteSheet.Medications,
            _ when name.StartsWith("ALLERG", StringComparison.Ordinal) => NoteSheet.Allergies,
            _ when name.StartsWith("SOCIAL", StringComparison.Ordinal) => NoteSheet.Social,
            _ when name.StartsWith("FAMILY", StringComparison.Ordinal) => NoteSheet.Family,
            _ when name.StartsWith("REVIEW", StringComparison.Ordinal) => NoteSheet.Systems,
            _ when name.StartsWith("VITAL", StringComparison.Ordinal) => NoteSheet.Vitals,
            _ when name.Contains("EXAM", StringComparison.Ordinal) || name == "OBJECTIVE" => NoteSheet.Exam,
            "RESULTS" or "LABS" or "IMAGING" => NoteSheet.Results,
            "ASSESSMENT" or "ASSESSMENT AND PLAN" or "IMPRESSION" or "DIAGNOSIS" or "PLAN" => NoteSheet.Plan,
            "FOLLOW UP" or "FOLLOW-UP" or "INSTRUCTIONS" => NoteSheet.Instructions,
            _ => NoteSheet.History,
        };
        return (section, match.Groups["rest"].Value);
    }

    // Where the dictation goes on to; it does not go back without a heading.
    private static string Moves(string section, Line line) =>
        section is NoteSheet.Plan or NoteSheet.Instructions ? section
        : Plans().IsMatch(line.Plain) ? NoteSheet.Plan
        : OnExam().IsMatch(line.Plain) || section == NoteSheet.History && line.Count(TermKind.Exam) > 1 && !line.Has(TermKind.Drug) && !Tells().IsMatch(line.Plain) ? NoteSheet.Exam
        : section;

    // One sentence that belongs elsewhere, after which the dictation goes on where it was.
    private static string Aside(string section, Line line)
    {
        if (section is NoteSheet.Plan) return line.Has(TermKind.Drug) || !Returns().IsMatch(line.Plain) ? section : NoteSheet.Instructions;
        if (AboutAllergy().IsMatch(line.Plain)) return NoteSheet.Allergies;
        if (line.Has(TermKind.Vital) && !line.Has(TermKind.Drug) && Numerals.Find(line.Words).Count > 0) return NoteSheet.Vitals;
        if (section is not (NoteSheet.History or NoteSheet.Exam)) return section;
        if (line.Has(TermKind.Result) && Shows().IsMatch(line.Plain)) return NoteSheet.Results;
        if (section == NoteSheet.Exam || line.IsIntroduction) return section;
        if (line.Has(TermKind.Drug) && Takes().IsMatch(line.Plain)) return NoteSheet.Medications;
        if (line.Has(TermKind.Condition) && line.Words.Exists(word => Polarity.IsRelative(word.Text))) return NoteSheet.Family;
        return Lives().IsMatch(line.Plain) ? NoteSheet.Social : section;
    }

    private const RegexOptions Plainly = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"^(?<name>chief complaint|history of present illness|hpi|subjective|past medical history|medical history|past surgical history|surgical history|(current )?medications|allergies|social history|" +
        @"family history|review of systems|vitals|vital signs|physical exam(ination)?|exam(ination)?|objective|results|labs|imaging|assessment and plan|assessment|impression|diagnosis|plan|follow[- ]up|instructions)" +
        @"\s*([:.]|-(?=\s)|$)\s*(?<rest>.*)$", Plainly | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\b(patient|presents?|year old|denies|reports|complains|(he|she) (is|has|was|takes|had|denies))\b", Plainly)]
    private static partial Regex OfPatient();

    [GeneratedRegex(@"\b(you|your|you're|yours)\b", Plainly)]
    private static partial Regex ToPatient();

    [GeneratedRegex(@"^(this is (a|my) (dictation|note)\b.*|(end of|begin|start) (the )?dictation|dictated by .*|new (line|paragraph)|thank you|next (line|paragraph))$", Plainly)]
    private static partial Regex Meta();

    [GeneratedRegex(@"\b(on (physical )?exam(ination)?|physical exam(ination)?|auscultation|palpation)\b", Plainly)]
    private static partial Regex OnExam();

    [GeneratedRegex(@"\b(my (impression|assessment|plan)|(i|we)('ll| will|'m going to| am going to| plan to| recommend| would)|consistent with|most likely|likely diagnosis|will (start|order|refer|prescribe|treat|continue|return|see))\b" +
        @"|^(start|order|refer|prescribe|continue|stop|increase|decrease|return|follow up)\b", Plainly)]
    private static partial Regex Plans();

    [GeneratedRegex(@"\b(denies|reports|complains|presents|says|states|tells)\b", Plainly)]
    private static partial Regex Tells();

    [GeneratedRegex(@"\b(allergic|allerg(y|ies)|nkda)\b", Plainly)]
    private static partial Regex AboutAllergy();

    [GeneratedRegex(@"\b(shows?|showed|reveals?|revealed|positive|negative|normal|elevated|came back|is|was|no)\b", Plainly)]
    private static partial Regex Shows();

    [GeneratedRegex(@"\b(takes?|taking|is on|current(ly)? (takes|on|taking)|uses|using|medications? (are|include))\b", Plainly)]
    private static partial Regex Takes();

    [GeneratedRegex(@"\b(smok\w+|tobacco|alcohol|drinks?|lives (with|alone|in)|works as|retired|married)\b", Plainly)]
    private static partial Regex Lives();

    [GeneratedRegex(@"\b(follow(ing)? up|return|come back|see (him|her|them) (back|again))\b", Plainly)]
    private static partial Regex Returns();
}
