using Chartroom.Charts;

namespace Chartroom.Scribe;

/// <summary>A statement as the API tells it.</summary>
/// <param name="Seen">Decisions on it so far: what the next decision must name.</param>
/// <param name="IsFlagged">Must be opened before it can be accepted.</param>
/// <param name="Purpose">Of a proposed order: what it is for.</param>
internal sealed record StatementAnswer(int Number, string Section, string? Group, string Text, IReadOnlyList<string> Citations, StatementVerdict Verdict,
    Standing Standing, bool IsFlagged, bool IsOpened, int Seen, string? Purpose);

/// <param name="EditDistance">Characters changed, for edits.</param>
internal sealed record DecisionAnswer(int Statement, int Sequence, DecisionKind Kind, string? Text, string? Reason, string? Section, string Person, DateTimeOffset At,
    int? EditDistance, int? SecondsSpent, string? Purpose, string PolicyVersion);

internal sealed record LeftOutAnswer(int Number, string Kind, string What, string SpanId, string Quote, Standing Standing, int Seen);

/// <param name="Waiting">Statements nobody has decided on.</param>
internal sealed record DraftBesideAnswer(DraftId Id, DraftKind Kind, DraftState State, int Waiting);

/// <summary>A draft as the API tells it: what was drafted, by what, from which words, and how it stands.</summary>
internal sealed record DraftAnswer(DraftId Id, AppointmentId? VisitId, PatientId PatientId, TranscriptId? TranscriptId, DraftState State, int Version)
{
    public required DraftKind Kind { get; init; }
    public required string Drafter { get; init; }
    public required string DrafterVersion { get; init; }
    /// <summary>Of the rules of review when it was made; each decision names that of its own time.</summary>
    public required string PolicyVersion { get; init; }
    /// <summary>The clinic's form that a note was sorted into; null for the drafter's own sections.</summary>
    public Guid? TemplateId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public EntryId? NoteId { get; init; }
    public required int Waiting { get; init; }
    public required IReadOnlyList<StatementAnswer> Statements { get; init; }
    public required IReadOnlyList<LeftOutAnswer> LeftOut { get; init; }
    public required IReadOnlyList<Turn> Turns { get; init; }
    /// <summary>What the turns of a written source stand for in the chart: turn to entry, order or visit with the version that was read.</summary>
    public IReadOnlyDictionary<string, SourcePlace> Places { get; init; } = new Dictionary<string, SourcePlace>();
    /// <summary>What has changed under an open summary since; null for what stands on a transcript.</summary>
    public SourceChanges? Changes { get; init; }
    /// <summary>All that was decided, in order; statement 0 is the draft as a whole.</summary>
    public required IReadOnlyList<DecisionAnswer> Decisions { get; init; }

    public static DraftAnswer Of(OpenedDraft draft)
    {
        var (row, sheet) = (draft.Row, draft.Sheet);
        return new(row.Id, row.AppointmentId, row.PatientId, row.TranscriptId, row.StateNow, row.Version)
        {
            Kind = row.Becomes, Drafter = row.Drafter, DrafterVersion = row.DrafterVersion, PolicyVersion = row.PolicyVersion, TemplateId = row.TemplateId, CreatedAt = row.CreatedAt, NoteId = row.NoteId,
            Waiting = sheet.Waiting, Turns = draft.Transcript.Turns, Places = draft.Content.Source?.Places ?? new Dictionary<string, SourcePlace>(), Changes = draft.Changes,
            Statements = [.. sheet.Statements.Select(Of)], Decisions = [.. draft.Decisions.Select(Of)],
            LeftOut = [.. sheet.LeftOut.Select(it => new LeftOutAnswer(it.Number, it.Omission.Kind, it.Omission.What, it.Omission.SpanId, it.Omission.Quote, it.Standing, it.Seen))],
        };
    }

    private static DecisionAnswer Of(Decision it) => new(it.Statement, it.Sequence, it.Kind, it.Words.Text, it.Words.Reason, it.Words.Section, it.Person, it.At, it.EditDistance, it.SecondsSpent, it.Words.Purpose, it.PolicyVersion);

    private static StatementAnswer Of(ReviewedStatement it) => new(it.Number, it.Drafted.Section, it.Drafted.Group, it.Text, it.Drafted.Citations, it.Verdict,
        it.Standing, it.IsFlagged, it.IsOpened, it.Seen, it.Purpose);
}

/// <summary>A version of a note as the API tells it.</summary>
internal sealed record NoteVersionAnswer(int Version, string Title, IReadOnlyList<NoteSection> Sections, string? Author, DateTimeOffset RecordedAt,
    IReadOnlyList<string> Provenance)
{
    public static NoteVersionAnswer Of(EntryVersion version)
    {
        var note = (Entry.Note)version.Content;
        return new(version.Version, note.Title, note.Sections, version.Author, version.RecordedAt, note.Comments);
    }
}

/// <summary>A visit's note as the API tells it, in its newest version.</summary>
/// <param name="VisitId">Null for a summary of the chart.</param>
internal sealed record NoteAnswer(EntryId Id, PatientId PatientId, AppointmentId? VisitId, DraftId? DraftId, NoteVersionAnswer Now)
{
    public static NoteAnswer Of(NoteStory story) => new(story.Id, story.Patient, story.Visit, story.Draft, NoteVersionAnswer.Of(story.Versions[0]));
}
