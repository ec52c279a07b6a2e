using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Scribe.Drafting;

namespace Chartroom.Scribe;

/// <summary>A transcript, or what a summary stands on, as a model is asked about it; and its answer as a draft.</summary>
internal static class OutsideNote
{
    /// <param name="staff">Names of who works here.</param>
    public static AssistAsk Ask(Guid job, Transcript transcript, PatientRecord patient, IEnumerable<string> staff)
    {
        var passages = transcript.Turns.SelectMany(turn => turn.Spans.Select(span => new AssistPassage(span.Id, turn.Speaker.ToString().ToLowerInvariant(), span.Text)));
        var names = staff.Concat(transcript.Turns.Select(turn => turn.Label)).Distinct(StringComparer.OrdinalIgnoreCase).Where(name => name.Length > 0);
        return new(AssistFeature.VisitNotes, job, [.. passages], NoteSheet.Titles, new(patient.Demographics, patient.Line.Mrn, [.. names]));
    }

    /// <summary>The lines of a chart that the built-in summary stands on, as a model is asked about them: what kind of entry each is from, and nothing of ours.</summary>
    public static AssistAsk AskSummary(Guid job, Transcript chart, PatientRecord patient, IEnumerable<string> staff)
    {
        var passages = chart.Turns.SelectMany(turn => turn.Spans.Select(span => new AssistPassage(span.Id, turn.Label.Split(',')[0].ToLowerInvariant(), span.Text)));
        return new(AssistFeature.ChartSummary, job, [.. passages], SummaryDrafter.Sections, new(patient.Demographics, patient.Line.Mrn, [.. staff.Distinct(StringComparer.OrdinalIgnoreCase)]));
    }

    /// <summary>In the order of the sections; the same words twice in one section are one statement.</summary>
    public static Draft Draft(AssistChoice choice, AssistAnswer answer, IReadOnlyList<string> titles)
    {
        var number = 0;
        var lines = answer.Lines.DistinctBy(line => (line.Section, line.Text.ToUpperInvariant())).ToList();
        return new(new(choice.Name, $"{answer.Use.Model}, instructions {answer.Use.PromptVersion}"), [.. titles
            .Select(title => new DraftSection(title, [.. lines.Where(line => line.Section == title).OrderBy(line => line.Group is null ? 0 : 1).ThenBy(line => line.Group, StringComparer.Ordinal)
                .Select(line => new Statement($"n{++number}", title, line.Group, line.Text, line.Citations))]))
            .Where(section => section.Statements.Count > 0)]);
    }
}
