using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;
using Chartroom.Scribe.Drafting;
using Chartroom.Scribe.Transcripts;
using Chartroom.Scribe.Verifying;

namespace Chartroom.Scribe;

/// <summary>How a transcript came.</summary>
public enum TranscriptSource { Pasted, Uploaded }

/// <summary>Brings in what was said at a visit and has the note drafted from it.</summary>
/// <param name="Text">Speaker turns as text, WebVTT or SRT; 600,000 characters at most.</param>
public sealed record AddTranscript(string? Text, TranscriptSource Source = TranscriptSource.Pasted);

/// <summary>What came of it.</summary>
public sealed record DraftedNote(DraftId DraftId, TranscriptId TranscriptId, AppointmentId VisitId, int Version);

/// <summary>Keeps the transcript and drafts at once with the built-in drafter. One visit has one live draft (index <c>draft_one_live_idx</c>). Refuses
/// <c>scribe.no-such-visit</c>, <c>scribe.nothing-to-draft</c>, <c>scribe.nothing-clinical</c>, <c>scribe.transcript-too-long</c>,
/// <c>scribe.draft-open</c>, <c>scribe.already-signed</c>.</summary>
internal sealed class AddTranscriptHandler(TenantDb db)
{
    public async Task<Outcome<DraftedNote>> HandleAsync(AppointmentId id, AddTranscript ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        var parsed = TranscriptParser.Parse(ask.Text);
        if (!parsed.IsOk) return parsed.Refusal.On("text", parsed.Refusal.Title);
        var transcript = TranscriptId.New();
        if (await tx.OpenPatientAsync(visit.PatientId, new("transcript.added", "transcript", transcript.Value), ct) is not { } key) return Refusals.NoSuchVisit;
        tx.Queue(InsertTranscript, new
        {
            id = transcript, visit.PatientId, visit = visit.Id, ask.Source, content = key.Seal(parsed.Value, DraftShelf.CellOf(transcript)),
            keyVersion = key.Version, actor.Staff, now = tx.Now,
        });
        var drafted = await DraftPen.WriteAsync(tx, key, new(visit.Id, transcript, parsed.Value), ct);
        if (!drafted.IsOk) return drafted.Refusal;
        await tx.CommitAsync(ct);
        return drafted;
    }

    private const string InsertTranscript = """
        insert into transcript (id, patient_id, appointment_id, source, content, key_version, created_by, created_at)
        values (@id, @patientId, @visit, @source, @content, @keyVersion, @staff, @now)
        """;
}

/// <summary>Drafts again from a transcript that is already here, after its draft was discarded. Refuses <c>scribe.no-such-transcript</c>,
/// <c>scribe.draft-open</c>, <c>scribe.already-signed</c>.</summary>
internal sealed class DraftAgainHandler(TenantDb db)
{
    public async Task<Outcome<DraftedNote>> HandleAsync(TranscriptId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.QueryOneOrNoneAsync<Row>(Select, new { id }, ct) is not { } row
            || await tx.OpenPatientAsync(row.PatientId, new("transcript.read", "transcript", id.Value), ct) is not { } key) return Refusals.NoSuchTranscript;
        var drafted = await DraftPen.WriteAsync(tx, key, new(row.AppointmentId, id, key.Open<Transcript>(row.Content, DraftShelf.CellOf(id))), ct);
        if (!drafted.IsOk) return drafted.Refusal;
        await tx.CommitAsync(ct);
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

    internal sealed record Sources(AppointmentId VisitId, TranscriptId Id, Transcript Transcript);

    /// <param name="key">The patient's, opened by the caller.</param>
    public static async Task<Outcome<DraftedNote>> WriteAsync(ClinicTx tx, PatientKey key, Sources from, CancellationToken ct)
    {
        var id = DraftId.New();
        if (await PatientRegister.ReadAsync(tx, key.Patient, new("note.drafted", "draft", id.Value), ct) is not { } patient) return Refusals.NoSuchVisit;
        var facts = await PatientFacts.ReadAsync(tx, key, patient.Line, ct);
        var draft = BuiltInDrafter.Write(from.Transcript, facts);
        if (!draft.Statements.Any()) return Refusals.NothingClinical;
        var content = new DraftContent(draft, Verifier.Verify(from.Transcript, draft, facts), facts);
        var inserted = await tx.ExecuteAsync(InsertUnlessLive, new
        {
            id, key.Patient, visit = from.VisitId, transcript = from.Id, content = key.Seal(content, DraftShelf.CellOf(id)), keyVersion = key.Version,
            statements = draft.Statements.Count(), drafter = draft.By.Name, drafterVersion = draft.By.Version, policyVersion = PolicyVersion,
            tx.Actor.Staff, now = tx.Now,
        }, ct);
        if (inserted == 0) return await IsSignedAsync(tx, from.VisitId, ct) ? Refusals.AlreadySigned : Refusals.DraftOpen;
        return new DraftedNote(id, from.Id, from.VisitId, 1);
    }

    private static Task<bool> IsSignedAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) => tx.QueryOneOrNoneAsync<bool>(
        """
        select exists (select from draft where appointment_id = @visit and state = 'signed')
        """, new { visit }, ct);

    private const string InsertUnlessLive = """
        insert into draft (id, patient_id, appointment_id, transcript_id, content, key_version, statement_count, drafter, drafter_version,
            policy_version, created_by, created_at)
        values (@id, @patient, @visit, @transcript, @content, @keyVersion, @statements, @drafter, @drafterVersion, @policyVersion, @staff, @now)
        on conflict (appointment_id) where (state <> 'discarded') do nothing
        """;
}
