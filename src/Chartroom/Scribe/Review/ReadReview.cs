using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>What a visit's note page shows.</summary>
/// <param name="Draft">The latest draft, or null when there is none yet.</param>
public sealed record VisitReview(VisitFacts Facts, PatientLine Patient, OpenedDraft? Draft)
{
    /// <summary>The latest drafting in the background, or null when none was ever asked for.</summary>
    public OutsideDrafting? Drafting { get; init; }

    /// <summary>The same while it is under way, or when it failed and no draft has been made since; then that is what there is to tell.</summary>
    public OutsideDrafting? Pending =>
        Drafting is { } it && (it.IsLive || (it.StateNow == DraftingState.Failed && (Draft is null || it.CreatedAt >= Draft.Row.CreatedAt))) ? it : null;

    /// <summary>True while somebody writes it by hand.</summary>
    public bool IsBeingWritten { get; init; }

    /// <summary>The signed note, or null.</summary>
    public EntryId? Note { get; init; }

    /// <summary>Forms in which it may be written by hand.</summary>
    public IReadOnlyList<Notes.NoteTemplate> Templates { get; init; } = [];

    /// <summary>Name of the form of the visit's kind, or null where it has none.</summary>
    public string? Usual { get; init; }

    /// <summary>All drafts of the visit that were not discarded.</summary>
    public IReadOnlyList<DraftBeside> Beside { get; init; } = [];

    /// <summary>False where the clinic switched drafting of notes off.</summary>
    public bool MayDraft { get; init; } = true;

    /// <summary>The outside model that would draft next, or null where the built-in drafter does.</summary>
    public OutsideModel? Outside { get; init; }

    /// <summary>Whether the visit may be recorded, and what became of the latest recording.</summary>
    public RecordingDesk? Recording { get; init; }

    /// <summary>What was made out in the latest recording, where no draft came of it.</summary>
    public Transcript? Heard { get; init; }
}

/// <summary>What a draft's page shows.</summary>
public sealed record DraftAtHand(PatientLine Patient, OpenedDraft Draft)
{
    /// <summary>Null for a draft that belongs to no visit.</summary>
    public VisitFacts? At { get; init; }

    /// <summary>All drafts of that visit that were not discarded.</summary>
    public IReadOnlyList<DraftBeside> Beside { get; init; } = [];

    /// <summary>How it was drafted, where that was in the background.</summary>
    public OutsideDrafting? Drafting { get; init; }

    /// <summary>IANA zone of the visit, or else of the clinic.</summary>
    public required string Zone { get; init; }
}

/// <summary>Opens a visit's note as far as it has come. Refuses <c>scribe.no-such-visit</c>.</summary>
internal sealed class ReadReviewHandler(TenantDb db, RecordingSettings recordings)
{
    public async Task<Outcome<VisitReview>> HandleAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        var access = new Platform.Audit.Access("review.opened", "appointment", id.Value);
        if (!(await PatientRegister.NamesAsync(tx, [visit.PatientId], access, ct)).TryGetValue(visit.PatientId, out var patient)) return Refusals.NoSuchVisit;
        var recording = await RecordingShelf.DeskAsync(tx, id, await tx.OpenPatientAsync(visit.PatientId, access, ct), recordings, ct);   // first of all, for the same reason as the next
        var drafting = await DraftingShelf.LatestAsync(tx, id, ct);   // before the draft: the other way round, a drafting that ends between the two leaves an old page that waits for nothing
        OpenedDraft? draft = null;
        if (await DraftShelf.LatestOfAsync(tx, id, ct) is { } latest)
        {
            var opened = await DraftShelf.OpenAsync(tx, latest, new("draft.read", "draft", latest.Value), ct);
            if (!opened.IsOk) return opened.Refusal;
            draft = opened.Value;
        }
        if (draft?.Row.StateNow == DraftState.Open && drafting is { IsLive: true }) drafting = await DraftingShelf.LatestAsync(tx, id, ct);   // it ended between the two
        var outside = await Assistant.OutsideAsync(tx, AssistFeature.VisitNotes, ct);
        var mayDraft = await Assistant.DrafterAsync(tx, AssistFeature.VisitNotes, ct) != DraftsWith.Off;
        var beside = await DraftShelf.BesideAsync(tx, id, ct);
        var (templates, isWritten) = (await Notes.NoteTemplates.AllAsync(tx, ct), await WritingShelf.IsLiveAsync(tx, id, ct));
        var usual = await Notes.NoteTemplates.OfVisitAsync(tx, id, ct);
        var note = await tx.QueryOneOrNoneAsync<EntryId?>("select note_id from visit_note where appointment_id = @id", new { id }, ct);
        var heard = draft is null && recording.Latest?.TranscriptId is { } words && await tx.OpenPatientAsync(visit.PatientId, access, ct) is { } key
            && await tx.QueryOneOrNoneAsync<byte[]>("select content from transcript where id = @words", new { words }, ct) is { } content ? key.Open<Transcript>(content, DraftShelf.CellOf(words)) : null;
        await tx.CommitAsync(ct);
        return new VisitReview(visit, patient, draft) { Drafting = drafting, MayDraft = mayDraft, Outside = outside, Templates = templates, Usual = usual?.Name, IsBeingWritten = isWritten, Note = note, Beside = beside, Recording = recording, Heard = heard };
    }

    /// <summary>A draft of any kind with its visit where it has one, for the page. Refuses <c>scribe.no-such-draft</c>.</summary>
    public async Task<Outcome<DraftAtHand>> OfDraftAsync(DraftId draft, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var access = new Platform.Audit.Access("draft.read", "draft", draft.Value);
        var opened = await DraftShelf.OpenAsync(tx, draft, access, ct);
        if (!opened.IsOk) return opened.Refusal;
        var row = opened.Value.Row;
        if (!(await PatientRegister.NamesAsync(tx, [row.PatientId], access, ct)).TryGetValue(row.PatientId, out var patient)) return Refusals.NoSuchDraft;
        var visit = row.AppointmentId is { } id ? await Visits.FindAsync(tx, id, ct) : null;
        var hand = new DraftAtHand(patient, await SummaryBook.WithChangesAsync(tx, opened.Value, ct))
        {
            Drafting = await DraftingShelf.OfDraftAsync(tx, draft, ct),
            At = visit, Beside = visit is null ? [] : await DraftShelf.BesideAsync(tx, visit.Id, ct), Zone = visit?.TimeZone ?? await ChartMaterial.ZoneAsync(tx, ct),
        };
        await tx.CommitAsync(ct);
        return hand;
    }

    /// <summary>The visit's drafts that were not discarded. Refuses <c>scribe.no-such-visit</c>.</summary>
    public async Task<Outcome<IReadOnlyList<DraftBeside>>> BesideAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        tx.Audit(new("draft.listed", "appointment", id.Value), visit.PatientId);
        var beside = await DraftShelf.BesideAsync(tx, id, ct);
        await tx.CommitAsync(ct);
        return beside;
    }

    /// <summary>The draft alone. Refuses <c>scribe.no-such-draft</c>.</summary>
    public async Task<Outcome<OpenedDraft>> DraftAsync(DraftId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var opened = await DraftShelf.OpenAsync(tx, id, new("draft.read", "draft", id.Value), ct);
        if (!opened.IsOk) return opened;
        var draft = await SummaryBook.WithChangesAsync(tx, opened.Value, ct);
        await tx.CommitAsync(ct);
        return draft;
    }
}
