
namespace Chartroom.Scribe.Language;

/// <summary>The part of the visit a line belongs to.</summary>
internal enum Stage { History, Exam, Results, Plan }

/// <summary>One span, read: who speaks, what it mentions, where in the visit it stands.</summary>
internal sealed class Line
{
    public required Span Span { get; init; }
    public required int Index { get; init; }
    public required int Turn { get; init; }
    public required Speaker Speaker { get; init; }
    public required List<Word> Words { get; init; }
    public required List<Mention> Mentions { get; init; }
    public required bool IsQuestion { get; init; }
    public required bool IsIntroduction { get; init; }

    /// <summary>The words joined by single blanks, for the cue patterns.</summary>
    public required string Plain { get; init; }

    /// <summary>The later line by which what is complained of here is over; null when nobody says so.</summary>
    public Line? EndedBy { get; set; }

    /// <summary>What is named here is what the patient must not have: it says so, or answers a question that does.</summary>
    public bool IsAboutAllergy { get; set; }

    /// <summary>A relative of whom it speaks without naming them; null for everything else.</summary>
    public KinOf? Kin { get; set; }

    public Stage Stage { get; set; }
    public bool IsUsed { get; set; }

    public int Count(TermKind kind) => Mentions.Count(mention => mention.Term.Kind == kind);
    public bool Has(TermKind kind) => Mentions.Exists(mention => mention.Term.Kind == kind);
}

/// <summary>The visit as a sequence of lines with their stages.</summary>
internal sealed class Scene
{
    public required IReadOnlyList<Line> Lines { get; init; }

    public static Scene Of(Transcript transcript)
    {
        var lines = new List<Line>();
        var speakers = Unswapped(transcript);
        for (var turn = 0; turn < transcript.Turns.Count; turn++)
            foreach (var span in transcript.Turns[turn].Spans) lines.Add(Read(span, lines.Count, turn, (speakers[turn], transcript.Turns[turn].IsNamed)));
        SetStages(lines);
        for (var at = 0; at < lines.Count; at++) lines[at].EndedBy = Endings.Of(lines, at);
        SetAllergies(lines);
        Kin.Set(lines);
        return new Scene { Lines = lines };
    }

    // Recognisers swap the two voices for minutes on end: where the words around a turn contradict its label clearly, the label goes. What a person said stays.
    private static Speaker[] Unswapped(Transcript transcript)
    {
        const int around = 5;
        var leans = transcript.Turns.Select(turn => turn.Speaker switch
        {
            Speaker.Clinician => Cues.LeansClinician(turn.Text),
            Speaker.Patient => -Cues.LeansClinician(turn.Text),
            _ => 0,
        }).ToArray();
        return [.. transcript.Turns.Select((turn, at) =>
        {
            var near = leans[Math.Max(0, at - around)..Math.Min(leans.Length, at + around + 1)].Sum();
            if (turn.IsNamed || near >= -2 || leans[at] > 0) return turn.Speaker;
            return turn.Speaker switch { Speaker.Clinician => Speaker.Patient, Speaker.Patient => Speaker.Clinician, var other => other };
        })];
    }

    private static Line Read(Span span, int index, int turn, (Speaker Labelled, bool IsNamed) said)
    {
        var words = Words.Read(span.Text);
        var plain = string.Join(' ', words.Where(word => !word.IsMark).Select(word => word.Text));
        return new Line
        {
            Span = span, Index = index, Turn = turn, Words = words, Plain = plain,
            Mentions = ClinicalWords.Shared.Find(words),
            IsQuestion = Cues.IsQuestion(span.Text, plain),
            IsIntroduction = Cues.Introduction().IsMatch(plain),
            Speaker = said.IsNamed ? said.Labelled : Cues.WhoSpeaks(plain, said.Labelled),
        };
    }

    private static void SetStages(List<Line> lines)
    {
        var stage = Stage.History;
        foreach (var line in lines)
        {
            if (line.Speaker == Speaker.Clinician || line.Words.Count > 8)
            {
                if (Cues.OpensPlan().IsMatch(line.Plain) && (stage != Stage.History
                    || line.Index * 5 > lines.Count * 2)) stage = Stage.Plan;
                else if (stage != Stage.Plan && Cues.OpensExam().IsMatch(line.Plain)) stage = Cues.PutsOff().IsMatch(line.Plain) || (line.IsQuestion && stage == Stage.History) ? Unexamined(stage, line, lines.Count) : Stage.Exam;
                else if (stage is Stage.Exam && Cues.OpensResults().IsMatch(line.Plain)) stage = Stage.Results;
            }
            line.Stage = stage;
        }
    }

    // "Normally I would examine you now": said late, the clinician goes on to what they think; said early, the history goes on.
    private static Stage Unexamined(Stage stage, Line line, int lines) => stage == Stage.History && !line.IsQuestion && line.Index * 2 > lines ? Stage.Plan : stage;

    // An answer goes on until the clinician asks of something else: "Any allergies?", "Yes.", "Which ones?", "Penicillin."
    private static void SetAllergies(List<Line> lines)
    {
        const int answer = 6;
        var left = 0;
        foreach (var line in lines)
        {
            var isNamed = line.Words.Exists(word => word.Root is "allergic" or "allergy");
            if (isNamed) left = line.IsQuestion || line.Speaker == Speaker.Clinician ? answer : 0;
            else if (left > 0 && line.Speaker == Speaker.Clinician && line.Words.Count > 6 && line.IsQuestion) left = 0;
            line.IsAboutAllergy = isNamed || (left-- > 0 && line.Speaker != Speaker.Clinician);
        }
    }
}
