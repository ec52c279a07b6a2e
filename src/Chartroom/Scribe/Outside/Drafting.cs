using Chartroom.Assist;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>How far drafting in the background has come.</summary>
public enum DraftingState { Queued, Drafting, Done, Failed }

/// <summary>A note that an outside model drafts, as its page tells it.</summary>
public sealed record OutsideDrafting
{
    public Guid Id { get; init; }
    /// <summary>Null for a summary, which is drafted from the chart.</summary>
    public TranscriptId? TranscriptId { get; init; }
    /// <summary>The form that was chosen for it; null for that of the visit's kind.</summary>
    public Guid? TemplateId { get; init; }
    public string State { get; init; } = "";
    public int Attempts { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>Whom was asked, or null before.</summary>
    public string? Drafter { get; init; }
    /// <summary>A code of <see cref="AssistTrouble"/> or of <see cref="DraftingTrouble"/>; when done, why the built-in drafter wrote it instead.</summary>
    public string? FailedWith { get; init; }
    public DraftId? DraftId { get; init; }
    public int Dropped { get; init; }
    public string? Model { get; init; }
    public string? PromptVersion { get; init; }
    public long TokensIn { get; init; }
    public long TokensOut { get; init; }
    public decimal Cost { get; init; }
    public string? Currency { get; init; }

    public DraftingState StateNow => Enum.Parse<DraftingState>(State, ignoreCase: true);

    /// <summary>True while the page has to look again by itself.</summary>
    public bool IsLive => StateNow is DraftingState.Queued or DraftingState.Drafting;
}

/// <summary>Why no draft came of it at all.</summary>
internal static class DraftingTrouble
{
    public const string NothingClinical = "nothing_clinical", EmptyChart = "empty_chart", DraftingOff = "drafting_off", NotTheirs = "not_theirs", Overtaken = "overtaken", Interrupted = "interrupted";

    public static string Words(string code) => code switch
    {
        NothingClinical => "Neither the outside model nor the built-in drafter found anything in this transcript that belongs in a note. Give another transcript below.",
        EmptyChart => "This chart holds nothing that a summary could tell.",
        DraftingOff => "This clinic has switched off drafting of this kind meanwhile. An administrator can switch it on under Settings, Assistant.",
        NotTheirs => "Whoever asked for it may not open this chart any more. A clinician of the patient's care team can draft it again.",
        Overtaken => "Another draft was begun meanwhile.",
        Interrupted => "The program was interrupted several times while it was drafting. Nothing is lost: draft it again.",
        _ => "Draft it again. If it stays, an administrator can turn the outside model off under Settings, Assistant.",
    };
}

/// <summary>The table <c>drafting</c> within the caller's transaction.</summary>
internal static class DraftingShelf
{
    /// <summary>Puts it into the queue. Refuses <c>scribe.draft-open</c>, <c>scribe.already-signed</c>, <c>scribe.being-drafted</c>.</summary>
    public static async Task<Outcome<DraftedNote>> QueueAsync(ClinicTx tx, DraftPen.Sources from, PatientId patient, CancellationToken ct)
    {
        if (await LiveDraftAsync(tx, from.VisitId, ct) is { } state) return state == "signed" ? Refusals.AlreadySigned : Refusals.DraftOpen;
        var queued = await tx.ExecuteAsync("""
            insert into drafting (id, patient_id, appointment_id, transcript_id, template_id, due_at, created_by, created_at)
            values (@id, @patient, @visit, @transcript, @template, @now, @staff, @now)
            on conflict (appointment_id) where (state in ('queued', 'drafting')) do nothing
            """, new { id = Guid.CreateVersion7(), patient, visit = from.VisitId, transcript = from.Id, template = from.TemplateId, tx.Actor.Staff, now = tx.Now }, ct);
        return queued == 0 ? Refusals.BeingDrafted : new DraftedNote(null, from.Id, from.VisitId, 0);
    }

    /// <summary>Puts a summary of the chart into the queue. Refuses <c>scribe.summary-open</c>, <c>scribe.summary-being-drafted</c>.</summary>
    public static async Task<Outcome<Done>> QueueSummaryAsync(ClinicTx tx, PatientId patient, CancellationToken ct)
    {
        if (await SummaryPen.OpenOfAsync(tx, patient, ct) is { } open) return Refusals.SummaryOpen.With("draftId", open.Value);
        var queued = await tx.ExecuteAsync("""
            insert into drafting (id, kind, patient_id, due_at, created_by, created_at)
            values (@id, 'summary', @patient, @now, @staff, @now)
            on conflict (patient_id) where (kind = 'summary' and state in ('queued', 'drafting')) do nothing
            """, new { id = Guid.CreateVersion7(), patient, tx.Actor.Staff, now = tx.Now }, ct);
        return queued == 0 ? Refusals.SummaryBeingDrafted : Done.It;
    }

    /// <summary>The visit's latest, with what it cost; null when none was ever drafted in the background.</summary>
    public static async Task<OutsideDrafting?> LatestAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) =>
        (await tx.QueryAsync<OutsideDrafting>(SelectLatest, new { visit, patient = (Guid?)null, draft = (Guid?)null }, ct)).SingleOrDefault();

    /// <summary>The latest summary of the patient's chart that was drafted in the background, or null.</summary>
    public static async Task<OutsideDrafting?> LatestSummaryAsync(ClinicTx tx, PatientId patient, CancellationToken ct) =>
        (await tx.QueryAsync<OutsideDrafting>(SelectLatest, new { visit = (Guid?)null, patient, draft = (Guid?)null }, ct)).SingleOrDefault();

    /// <summary>How a draft came, where it was drafted in the background.</summary>
    public static async Task<OutsideDrafting?> OfDraftAsync(ClinicTx tx, DraftId draft, CancellationToken ct) =>
        (await tx.QueryAsync<OutsideDrafting>(SelectLatest, new { visit = (Guid?)null, patient = (Guid?)null, draft }, ct)).SingleOrDefault();

    private const string SelectLatest = """
        select drafting.id, drafting.transcript_id, drafting.template_id, drafting.state, drafting.attempts, drafting.due_at, drafting.created_at, drafting.drafter, drafting.failed_with, drafting.draft_id,
            coalesce(sum(assist_call.dropped), 0)::int as dropped, coalesce(sum(assist_call.tokens_in), 0)::bigint as tokens_in, coalesce(sum(assist_call.tokens_out), 0)::bigint as tokens_out,
            coalesce(sum(assist_call.cost), 0) as cost, max(assist_call.currency) as currency, max(assist_call.model) as model, max(assist_call.prompt_version) as prompt_version
        from drafting
        left join assist_call on assist_call.job_id = drafting.id
        where drafting.appointment_id = @visit or drafting.draft_id = @draft or (drafting.patient_id = @patient and drafting.kind = 'summary')
        group by drafting.id
        order by drafting.created_at desc, drafting.id desc
        limit 1
        """;

    public static async Task<bool> IsSummaryLiveAsync(ClinicTx tx, PatientId patient, CancellationToken ct) =>
        await tx.QueryOneOrNoneAsync<bool>("select exists (select from drafting where patient_id = @patient and kind = 'summary' and state in ('queued', 'drafting'))", new { patient }, ct);

    public static async Task<bool> IsLiveAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) =>
        await tx.QueryOneOrNoneAsync<bool>("select exists (select from drafting where appointment_id = @visit and state in ('queued', 'drafting'))", new { visit }, ct);

    /// <summary>Why no other note of the visit can be begun now, or null.</summary>
    public static async Task<Refusal?> JudgeNewAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<bool>("select exists (select from visit_note where appointment_id = @visit)", new { visit }, ct)) return Refusals.AlreadySigned;
        if (await LiveDraftAsync(tx, visit, ct) is { } state) return state == "signed" ? Refusals.AlreadySigned : Refusals.DraftOpen;
        if (await WritingShelf.IsLiveAsync(tx, visit, ct)) return Refusals.BeingWritten;
        return await IsLiveAsync(tx, visit, ct) ? Refusals.BeingDrafted : null;
    }

    private static Task<string?> LiveDraftAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<string>("select state from draft where appointment_id = @visit and kind = 'note' and state <> 'discarded'", new { visit }, ct);
}
