using Chartroom.Scribe.Language;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe.Drafting;

/// <summary>The drafter that needs no vendor and no network: it ranks what was said, rewrites it safely and cites every statement.
/// Deterministic; safe from any thread.</summary>
public static class BuiltInDrafter
{
    public static DrafterInfo Info { get; } = new("built-in", "3");

    /// <summary>The draft of a visit. Its sections are empty when nothing clinical was said.</summary>
    /// <param name="chart">Used for the patient's sex only (pronouns); no fact of the chart enters the draft.</param>
    public static Draft Write(Transcript transcript, ChartFacts? chart = null)
    {
        var scene = Scene.Of(transcript);
        var sheet = new NoteSheet(Casing.Of(scene));
        var desk = new Desk(scene, sheet, Pronouns.For(scene, chart ?? ChartFacts.None));
        if (DictationWriter.IsOne(transcript, scene)) DictationWriter.Write(desk);
        else
        {
            ExamWriter.Write(desk);
            PlanWriter.Write(desk);
            SystemsWriter.Write(desk);
            BackgroundWriter.Write(desk);
            HistoryWriter.Write(desk);
        }
        return new Draft(Info, OnlyWhatHolds(scene, sheet.ToSections()));
    }

    // Our own verifier reads the draft before anyone else does: what it refuses is not put before a clinician at all.
    private static List<DraftSection> OnlyWhatHolds(Scene scene, List<DraftSection> sections)
    {
        var verdicts = Verifier.Verify(new Reading(scene), sections.SelectMany(section => section.Statements), ChartFacts.None).Statements
            .ToDictionary(verdict => verdict.StatementId, verdict => verdict.Verdict, StringComparer.Ordinal);
        var number = 0;
        return [.. sections
            .Select(section => new DraftSection(section.Title,
                [.. section.Statements.Where(row =>
                    verdicts[row.Id] != Verdict.Unsupported).Select(row => row with { Id = $"n{++number}" })]))
            .Where(section => section.Statements.Count > 0)];
    }
}

/// <summary>What the section writers share.</summary>
internal sealed record Desk(Scene Scene, NoteSheet Sheet, Pronouns Pronouns)
{
    public ThirdPerson ThirdPerson { get; } = new(Pronouns);
    public ClinicianWording Wording { get; } = new(Pronouns);

    /// <summary>Symptoms that the patient told of having. A "no" to a question about one of them was about something else (before, elsewhere, today), so it denies nothing.</summary>
    public HashSet<string> Told { get; } = Scene.Lines.Where(line => line is { Stage: Stage.History, IsQuestion: false, EndedBy: null } && line.Speaker == Speaker.Patient && !Cues.Supposes().IsMatch(line.Plain))
        .SelectMany(line => line.Mentions.Where(it => it.Term.Kind == TermKind.Symptom && !Polarity.IsNegated(line.Words, it) && !SystemsWriter.IsOfAnother(line, it)))
        .Select(it => it.Term.Concept).ToHashSet(StringComparer.Ordinal);

    /// <summary>Words the note may have: notes grow with the visit, but slower.</summary>
    public int Budget { get; } = Math.Clamp(230 + Scene.Lines.Sum(line => line.Words.Count) * 14 / 100, 60, 720);
}
