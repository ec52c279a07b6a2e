using Chartroom.Assist;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;
using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Orders;
using Chartroom.Scribe.Seeding;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe;

/// <summary>How a transcript came.</summary>
public enum TranscriptSource { Pasted, Uploaded }

/// <summary>Brings in what was said at a visit and has the note drafted from it.</summary>
/// <param name="Text">Speaker turns as text, WebVTT or SRT; 600,000 characters at most.</param>
/// <param name="TemplateId">The clinic's form that it is drafted in; null for that of the visit's kind.</param>
public sealed record AddTranscript(string? Text, TranscriptSource Source = TranscriptSource.Pasted, Guid? TemplateId = null);

/// <summary>Has a note drafted again.</summary>
/// <param name="TemplateId">As in <see cref="AddTranscript"/>.</param>
/// <param name="Replaces">A draft of the visit that is under review gives way, with what was decided on it; else it refuses.</param>
public sealed record DraftAgain(Guid? TemplateId = null, bool Replaces = false);

/// <summary>What came of it.</summary>
/// <param name="DraftId">Null while an outside model drafts it in the background.</param>
public sealed record DraftedNote(DraftId? DraftId, TranscriptId TranscriptId, AppointmentId VisitId, int Version);

/// <summary>Keeps the transcript and drafts at once with the built-in drafter, or has it drafted in the background where an outside model is on. One visit has one live draft (index <c>draft_one_live_idx</c>). Refuses
/// <c>scribe.no-such-visit</c>, <c>scribe.nothing-to-draft</c>, <c>scribe.nothing-clinical</c>, <c>scribe.transcript-too-long</c>,
/// <c>scribe.draft-open</c>, <c>scribe.being-drafted</c>, <c>scribe.already-signed</c>, <c>scribe.no-such-template</c>, <c>scribe.drafting-off</c> where the clinic switched drafting of notes off.</summary>
internal sealed class AddTranscriptHandler(TenantDb db, DraftingBell bell)
{
    public async Task<Outcome<DraftedNote>> HandleAsync(AppointmentId id, AddTranscript ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit || !await PatientRegister.HoldAsync(tx, visit.PatientId, ct)) return Refusals.NoSuchVisit;
        var parsed = TranscriptParser.Parse(ask.Text);
        if (!parsed.IsOk) return parsed.Refusal.On("text", parsed.Refusal.Title);
        if (await DraftPen.JudgeTemplateAsync(tx, ask.TemplateId, ct) is { } refusal) return refusal;
        var transcript = TranscriptId.New();
        if (await tx.OpenPatientAsync(visit.PatientId, new("transcript.added", "transcript", transcript.Value), ct) is not { } key) return Refusals.NoSuchVisit;
        var from = new DraftPen.Sources(visit.Id, transcript, parsed.Value) { TemplateId = ask.TemplateId };
        DraftPen.Keep(tx, key, from, ask.Source == TranscriptSource.Uploaded ? "uploaded" : "pasted");
        var drafted = await DraftPen.BeginAsync(tx, key, from, ct);
        if (!drafted.IsOk) return drafted.Refusal;
        await tx.CommitAsync(ct);
        if (drafted.Value.DraftId is null) bell.Ring(actor.Clinic);
        return drafted;
    }
}

/// <summary>Drafts again from a transcript that is already here, after its draft was discarded or in its place. Refuses <c>scribe.no-such-transcript</c>,
/// <c>scribe.draft-open</c>, <c>scribe.already-signed</c>, <c>scribe.no-such-template</c>, <c>scribe.drafting-off</c>.</summary>
internal sealed class DraftAgainHandler(TenantDb db, DraftingBell bell)
{
    public async Task<Outcome<DraftedNote>> HandleAsync(TranscriptId id, DraftAgain ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.QueryOneOrNoneAsync<Row>(Select, new { id }, ct) is not { } row
            || await tx.OpenPatientAsync(row.PatientId, new("transcript.read", "transcript", id.Value), ct) is not { } key) return Refusals.NoSuchTranscript;
        if (await DraftPen.JudgeTemplateAsync(tx, ask.TemplateId, ct) is { } wrong) return wrong;
        if (ask.Replaces && await DraftShelf.LatestOfAsync(tx, row.AppointmentId, ct) is { } latest && await ClosingBook.GiveWayAsync(tx, latest, "Drafted anew.", ct) is { } refusal) return refusal;
        var from = new DraftPen.Sources(row.AppointmentId, id, key.Open<Transcript>(row.Content, DraftShelf.CellOf(id))) { TemplateId = ask.TemplateId };
        var drafted = await DraftPen.BeginAsync(tx, key, from, ct);
        if (!drafted.IsOk) return drafted.Refusal;
        await tx.CommitAsync(ct);
        if (drafted.Value.DraftId is null) bell.Ring(actor.Clinic);
        return drafted;
    }

    private const string Select = """
        select patient_id, appointment_id, content
        from transcript
        where id = @id
        """;

    private sealed record Row
    {
        public PatientId PatientId { get; init; }
        public AppointmentId AppointmentId { get; init; }
        public byte[] Content { get; init; } = [];
    }
}

/// <summary>Writes a draft and what the verifier says of it.</summary>
internal static class DraftPen
{
    /// <summary>Version of the rules of review: what is flagged, what must be opened, what must be decided.</summary>
    public const string PolicyVersion = "1";

    internal sealed record Sources(AppointmentId VisitId, TranscriptId Id, Transcript Transcript)
    {
        /// <summary>The form that was chosen; null for that of the visit's kind.</summary>
        public Guid? TemplateId { get; init; }
    }

    /// <summary>Why a note cannot be asked for in that form, or null.</summary>
    public static async Task<Refusal?> JudgeTemplateAsync(ClinicTx tx, Guid? template, CancellationToken ct) =>
        template is { } id && !await Notes.NoteTemplates.IsOfferedAsync(tx, id, ct) ? Refusals.NoSuchTemplate.On("templateId", Refusals.NoSuchTemplate.Title) : null;

    /// <summary>Keeps what was said, sealed under the patient's key.</summary>
    /// <param name="source"><c>pasted</c>, <c>uploaded</c> or <c>recorded</c> (constraint <c>transcript_source_known</c>); no caller of the API can say the last.</param>
    /// <param name="corrects">The transcript whose speakers this one names otherwise.</param>
    public static void Keep(ClinicTx tx, PatientKey key, Sources from, string source, TranscriptId? corrects = null) => tx.Queue("""
        insert into transcript (id, patient_id, appointment_id, source, corrects, content, key_version, created_by, created_at)
        values (@id, @patient, @visit, @source, @corrects, @content, @keyVersion, @staff, @now)
        """, new { from.Id, key.Patient, visit = from.VisitId, source, corrects, content = key.Seal(from.Transcript, DraftShelf.CellOf(from.Id)), keyVersion = key.Version, tx.Actor.Staff, now = tx.Now });

    /// <summary>Drafts at once, or puts it into the queue of what an outside model drafts. Nobody waits for a model in a request.</summary>
    /// <param name="key">The patient's, opened by the caller.</param>
    public static async Task<Outcome<DraftedNote>> BeginAsync(ClinicTx tx, PatientKey key, Sources from, CancellationToken ct)
    {
        if (await IsSignedAsync(tx, from.VisitId, ct)) return Refusals.AlreadySigned;
        if (await WritingShelf.IsLiveAsync(tx, from.VisitId, ct)) return Refusals.BeingWritten;
        var drafter = await Assistant.DrafterAsync(tx, AssistFeature.VisitNotes, ct);
        if (drafter == DraftsWith.Off) return Refusals.DraftingOff;
        if (drafter == DraftsWith.Outside) return await DraftingShelf.QueueAsync(tx, from, key.Patient, ct);
        return await DraftingShelf.IsLiveAsync(tx, from.VisitId, ct) ? Refusals.BeingDrafted : await WriteAsync(tx, key, from, null, ct);
    }

    /// <param name="outside">An outside model's draft; null has the built-in drafter write.</param>
    public static async Task<Outcome<DraftedNote>> WriteAsync(ClinicTx tx, PatientKey key, Sources from, Draft? outside, CancellationToken ct)
    {
        var id = DraftId.New();
        if (await Assistant.DrafterAsync(tx, AssistFeature.VisitNotes, ct) == DraftsWith.Off) return Refusals.DraftingOff;   // meanwhile, for what waited in the background
        if (await PatientRegister.ReadAsync(tx, key.Patient, new("note.drafted", "draft", id.Value), ct) is not { } patient) return Refusals.NoSuchVisit;
        var facts = await PatientFacts.ReadAsync(tx, key, patient.Line, ct);
        var template = await Notes.NoteTemplates.ForAsync(tx, from.VisitId, from.TemplateId, ct);
        var draft = TemplateFit.Apply(outside ?? BuiltInDrafter.Write(from.Transcript, facts), template);
        if (!draft.Statements.Any()) return Refusals.NothingClinical;
        var content = new DraftContent(draft, Verifier.Verify(from.Transcript, draft, facts), facts);
        var planted = await SeedShelf.OneInAsync(tx, ct) is { } oneIn ? Seeder.Plant(id, oneIn, from.Transcript, content) : null;
        if (planted is not null) content = content with { Draft = planted.Draft, Verification = planted.Verification };
        if (!await PutAsync(tx, key, new(id, DraftKind.Note, from.VisitId, from.Id, content) { TemplateId = template?.Id }, ct)) return await IsSignedAsync(tx, from.VisitId, ct) ? Refusals.AlreadySigned : Refusals.DraftOpen;
        if (planted is not null) SeedShelf.Add(tx, key, id, planted);
        await OrderPen.WriteAsync(tx, key, from, facts, ct);
        return new DraftedNote(id, from.Id, from.VisitId, 1);
    }

    private static Task<bool> IsSignedAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) => tx.QueryOneOrNoneAsync<bool>(
        """
        select exists (select from visit_note where appointment_id = @visit)
        """, new { visit }, ct);

    /// <param name="VisitId">Null for what belongs to no visit.</param>
    /// <param name="Transcript">What it was drafted from; null where its source is in its content.</param>
    internal sealed record NewDraft(DraftId Id, DraftKind Kind, AppointmentId? VisitId, TranscriptId? Transcript, DraftContent Content)
    {
        /// <summary>The form of a note that it was sorted into; null for the drafter's own sections.</summary>
        public Guid? TemplateId { get; init; }
    }

    /// <summary>Keeps a draft of any kind; false when the visit has a live one of that kind (index <c>draft_one_live_idx</c>), or the patient an open summary (<c>draft_one_summary_idx</c>).</summary>
    public static async Task<bool> PutAsync(ClinicTx tx, PatientKey key, NewDraft draft, CancellationToken ct) => await tx.ExecuteAsync(InsertUnlessLive, new
    {
        draft.Id, draft.Kind, key.Patient, draft.VisitId, draft.Transcript, draft.TemplateId, content = key.Seal(draft.Content, DraftShelf.CellOf(draft.Id)), keyVersion = key.Version,
        statements = draft.Content.Draft.Statements.Count(), drafter = draft.Content.Draft.By.Name, drafterVersion = draft.Content.Draft.By.Version, policyVersion = PolicyVersion,
        tx.Actor.Staff, now = tx.Now,
    }, ct) == 1;

    private const string InsertUnlessLive = """
        insert into draft (id, kind, patient_id, appointment_id, transcript_id, content, key_version, statement_count, drafter, drafter_version,
            policy_version, template_id, created_by, created_at)
        values (@id, @kind, @patient, @visitId, @transcript, @content, @keyVersion, @statements, @drafter, @drafterVersion, @policyVersion, @templateId, @staff, @now)
        on conflict do nothing
        """;
}
