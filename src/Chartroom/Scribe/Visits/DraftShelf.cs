using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scribe.Seeding;

namespace Chartroom.Scribe;

/// <summary>What a draft's sealed document holds: the draft, what the verifier said of it, and the chart's facts it was held against.</summary>
public sealed record DraftContent(Draft Draft, Verification Verification, ChartFacts Facts)
{
    /// <summary>What it stands on, where that is not a transcript of its own.</summary>
    public WrittenSource? Source { get; init; }
}

/// <summary>A written source, kept with its draft.</summary>
/// <param name="Text">Its lines, each of which can be cited.</param>
/// <param name="Places">What a turn of it stands for in the chart, in the version that was read.</param>
public sealed record WrittenSource(Transcript Text, IReadOnlyDictionary<string, SourcePlace> Places);

/// <summary>What a draft is to become.</summary>
public enum DraftKind { Note, Orders, Summary }

/// <summary>How far a draft has come.</summary>
public enum DraftState { Open, Signed, Discarded }

/// <summary>A row of <c>draft</c> with the transcript it was made from, still sealed.</summary>
public sealed record DraftRow
{
    public DraftId Id { get; init; }
    public PatientId PatientId { get; init; }
    /// <summary>Null for a summary of the chart; a note and orders have one (<c>draft_visit_given</c>).</summary>
    public AppointmentId? AppointmentId { get; init; }
    public string Kind { get; init; } = "";
    /// <summary>Null for what stands on something else than a transcript.</summary>
    public TranscriptId? TranscriptId { get; init; }
    public byte[] Content { get; init; } = [];
    public byte[]? Transcript { get; init; }
    public int StatementCount { get; init; }
    public string Drafter { get; init; } = "";
    public string DrafterVersion { get; init; } = "";
    public string PolicyVersion { get; init; } = "";
    /// <summary>The form that a note was sorted into; null for the drafter's own sections.</summary>
    public Guid? TemplateId { get; init; }
    public string? TemplateName { get; init; }
    public string State { get; init; } = "";
    public int Version { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public EntryId? NoteId { get; init; }
    public Guid? SeedId { get; init; }
    public int SeedStatement { get; init; }
    public string SeedClass { get; init; } = "";
    public byte[] SeedContent { get; init; } = [];

    public DraftKind Becomes => Enum.Parse<DraftKind>(Kind, ignoreCase: true);
    public DraftState StateNow => Enum.Parse<DraftState>(State, ignoreCase: true);
}

/// <summary>A draft opened: with its sources and everything decided so far.</summary>
public sealed record OpenedDraft(DraftRow Row, Transcript Transcript, DraftContent Content, IReadOnlyList<Decision> Decisions, PatientKey Key)
{
    /// <summary>What was planted into it, told or not; null for nothing.</summary>
    public Seed? Seed { get; init; }

    /// <summary>What was planted and nobody was told of yet.</summary>
    public Seed? PlantedNow => Seed is { } seed && !Decisions.Any(it => it.Statement == seed.Statement && it.Kind is DecisionKind.Caught or DecisionKind.Missed) ? seed : null;

    /// <summary>The page of what a turn of its source stands for, where that is something of the chart.</summary>
    public string? PlaceOf(string turn) => Content.Source?.Places.TryGetValue(turn, out var place) == true ? place.PathFor(Row.PatientId) : null;

    /// <summary>What has changed under it since; null where nobody looked, and for what stands on a transcript.</summary>
    public SourceChanges? Changes { get; init; }

    /// <summary>How each statement stands now.</summary>
    public ReviewSheet Sheet => ReviewSheet.Of(Content, Decisions);

    /// <summary>Why nothing can be decided any more, or null while it is open.</summary>
    public Refusal? Closed => Row.StateNow switch
    {
        DraftState.Signed => Refusals.AlreadySigned,
        DraftState.Discarded => Refusals.AlreadyDiscarded,
        _ => null,
    };
}

/// <summary>Reads drafts inside the caller's clinic transaction.</summary>
internal static class DraftShelf
{
    public static Cell CellOf(DraftId id) => new("draft", "content", id.Value);

    public static Cell CellOf(TranscriptId id) => new("transcript", "content", id.Value);

    /// <summary>Holds the draft until the transaction ends, so that decisions on it come one after another. False when there is none.</summary>
    public static async Task<bool> LockAsync(ClinicTx tx, DraftId id, CancellationToken ct) => await tx.QueryOneOrNoneAsync<DraftId?>(
        """
        select id
        from draft
        where id = @id
        for update
        """, new { id }, ct) is not null;

    /// <summary>Opens a draft and its patient. Refuses <c>scribe.no-such-draft</c>.</summary>
    public static async Task<Outcome<OpenedDraft>> OpenAsync(ClinicTx tx, DraftId id, Access access, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<DraftRow>(SelectOne, new { id }, ct) is not { } row
            || await tx.OpenPatientAsync(row.PatientId, access, ct) is not { } key) return Refusals.NoSuchDraft;
        var decisions = await tx.QueryAsync<DecisionRow>(SelectDecisions, new { id }, ct);
        var content = key.Open<DraftContent>(row.Content, CellOf(id));
        var source = row is { TranscriptId: { } transcript, Transcript: { } words } ? key.Open<Transcript>(words, CellOf(transcript))
            : content.Source?.Text ?? throw new InvalidOperationException("A draft without a transcript was kept without its source.");
        return new OpenedDraft(row, source, content,
            [.. decisions.Select(decision => decision.Open(key))], key) { Seed = row.SeedId is { } seed ? new(row.SeedStatement, row.SeedClass, key.Open<SeedContent>(row.SeedContent, SeedShelf.CellOf(seed))) : null };
    }

    /// <summary>The visit's latest draft of a note, or null.</summary>
    public static Task<DraftId?> LatestOfAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) => tx.QueryOneOrNoneAsync<DraftId?>(
        """
        select id
        from draft
        where appointment_id = @visit and kind = 'note'
        order by created_at desc, id desc
        limit 1
        """, new { visit }, ct);

    /// <summary>The visit's drafts that were not discarded, with how far each is; of charts that are shut to the asker none.</summary>
    public static Task<List<DraftBeside>> BesideAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) => tx.QueryAsync<DraftBeside>(
        """
        select draft.id, draft.kind, draft.state, draft.transcript_id, draft.note_id, draft.statement_count - (select count(distinct decision.statement) from decision where decision.draft_id = draft.id
            and decision.kind in ('accepted', 'edited', 'rejected') and decision.statement <= draft.statement_count)::int as waiting
        from draft
        where draft.appointment_id = @visit and draft.state <> 'discarded'
        order by draft.created_at, draft.id
        """, new { visit }, ct);

    private const string SelectOne = """
        select draft.id, draft.patient_id, draft.appointment_id, draft.transcript_id, draft.kind, draft.content, transcript.content as transcript,
            draft.statement_count, draft.drafter, draft.drafter_version, draft.policy_version, draft.template_id, note_template.name as template_name, draft.state, draft.version, draft.created_at,
            draft.closed_at, draft.note_id, seed.id as seed_id, seed.statement as seed_statement, seed.class as seed_class, seed.content as seed_content
        from draft
        left join transcript on transcript.id = draft.transcript_id
        left join seed on seed.draft_id = draft.id
        left join note_template on note_template.id = draft.template_id
        where draft.id = @id
        """;

    private const string SelectDecisions = """
        select decision.id, decision.draft_id, decision.statement, decision.sequence, decision.kind, decision.content, decision.edit_distance,
            decision.seconds_spent, decision.policy_version, staff.display_name as person, decision.decided_at
        from decision
        join staff on staff.id = decision.decided_by
        where decision.draft_id = @id
        order by decision.decided_at, decision.statement, decision.sequence
        """;
}

/// <summary>A draft beside another of the same visit.</summary>
public sealed record DraftBeside
{
    public DraftId Id { get; init; }
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    public TranscriptId? TranscriptId { get; init; }
    public EntryId? NoteId { get; init; }
    /// <summary>Statements nobody has decided on.</summary>
    public int Waiting { get; init; }

    public DraftKind Becomes => Enum.Parse<DraftKind>(Kind, ignoreCase: true);
    public bool IsOpen => State == "open";
}
