using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Scribe;

/// <summary>What a draft's sealed document holds: the draft, what the verifier said of it, and the chart's facts it was held against.</summary>
public sealed record DraftContent(Draft Draft, Verification Verification, ChartFacts Facts);

/// <summary>How far a draft has come.</summary>
public enum DraftState { Open, Signed, Discarded }

/// <summary>A row of <c>draft</c> with the transcript it was made from, still sealed.</summary>
public sealed record DraftRow
{
    public DraftId Id { get; init; }
    public PatientId PatientId { get; init; }
    public AppointmentId AppointmentId { get; init; }
    public TranscriptId TranscriptId { get; init; }
    public byte[] Content { get; init; } = [];
    public byte[] Transcript { get; init; } = [];
    public string Source { get; init; } = "";
    public int StatementCount { get; init; }
    public string Drafter { get; init; } = "";
    public string DrafterVersion { get; init; } = "";
    public string PolicyVersion { get; init; } = "";
    public string State { get; init; } = "";
    public int Version { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public EntryId? NoteId { get; init; }

    public DraftState StateNow => Enum.Parse<DraftState>(State, ignoreCase: true);
}

/// <summary>A draft opened: with its sources and everything decided so far.</summary>
public sealed record OpenedDraft(DraftRow Row, Transcript Transcript, DraftContent Content, IReadOnlyList<Decision> Decisions, PatientKey Key)
{
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
        return new OpenedDraft(row, key.Open<Transcript>(row.Transcript, CellOf(row.TranscriptId)), key.Open<DraftContent>(row.Content, CellOf(id)),
            [.. decisions.Select(decision => decision.Open(key))], key);
    }

    /// <summary>The visit's latest draft, or null.</summary>
    public static Task<DraftId?> LatestOfAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) => tx.QueryOneOrNoneAsync<DraftId?>(
        """
        select id
        from draft
        where appointment_id = @visit
        order by created_at desc, id desc
        limit 1
        """, new { visit }, ct);

    private const string SelectOne = """
        select draft.id, draft.patient_id, draft.appointment_id, draft.transcript_id, draft.content, transcript.content as transcript, transcript.source,
            draft.statement_count, draft.drafter, draft.drafter_version, draft.policy_version, draft.state, draft.version, draft.created_at,
            draft.closed_at, draft.note_id
        from draft
        join transcript on transcript.id = draft.transcript_id
        where draft.id = @id
        """;

    private const string SelectDecisions = """
        select decision.id, decision.draft_id, decision.statement, decision.sequence, decision.kind, decision.content, decision.edit_distance,
            decision.seconds_spent, staff.display_name as person, decision.decided_at
        from decision
        join staff on staff.id = decision.decided_by
        where decision.draft_id = @id
        order by decision.decided_at, decision.statement, decision.sequence
        """;
}
