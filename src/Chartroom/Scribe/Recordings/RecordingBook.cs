using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;
using Npgsql;

namespace Chartroom.Scribe;

/// <summary>
/// How audio comes in: a recording is begun on a consent that counts, takes its pieces one after another, each sealed under the recording's own key and committed by itself, and is ended.
/// What breaks off between two pieces loses nothing that was committed.
/// </summary>
internal sealed class RecordingBook(TenantDb db, RecordingSettings settings, RecordingBell bell)
{
    public const string Began = "recording.began", Added = "recording.added", Ended = "recording.ended", Again = "recording.tried-again", Destroyed = "recording.destroyed";

    internal const int LongestPiece = 600_000;   // milliseconds: recording_chunk_milliseconds_range

    /// <summary>Audio that nobody has transcribed is gone after so long.</summary>
    internal static readonly TimeSpan Untranscribed = TimeSpan.FromHours(24);

    /// <summary>Refuses <c>scribe.no-such-visit</c>, <c>scribe.no-recogniser</c>, <c>scribe.consent-missing</c>, <c>scribe.recording-live</c>, <c>scribe.already-signed</c>, <c>scribe.draft-open</c>.</summary>
    public async Task<Outcome<RecordingId>> BeginAsync(AppointmentId visitId, RecordingSource source, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, visitId, ct) is not { } visit || !await PatientRegister.HoldAsync(tx, visit.PatientId, ct)) return Refusals.NoSuchVisit;
        var id = RecordingId.New();
        if (await tx.OpenPatientAsync(visit.PatientId, new(Began, "recording", id.Value), ct) is not { } key) return Refusals.NoSuchVisit;
        if (!await RecordingShelf.IsTranscribedAsync(tx, ct)) return Refusals.NoRecogniser;
        if (await RecordingShelf.ConsentOfAsync(tx, visitId, ct) is not { } consent) return Refusals.ConsentMissing;
        if (await DraftingShelf.JudgeNewAsync(tx, visitId, ct) is { } refusal) return refusal;
        var begun = await tx.ExecuteAsync("""
            insert into recording (id, patient_id, appointment_id, consent_id, source, due_at, created_by, created_at, keep_until)
            values (@id, @patientId, @visit, @consent, @source, @now, @staff, @now, @until)
            on conflict (appointment_id) where (state in ('recording', 'queued', 'transcribing')) do nothing
            """, new { id, visit.PatientId, visit = visitId, consent, source, actor.Staff, now = tx.Now, until = tx.Now + Untranscribed }, ct);
        if (begun == 0) return Refusals.RecordingLive;
        var (own, wrapped) = key.NewOwnKey(RecordingShelf.CellOf(id));
        own.Dispose();
        await tx.ExecuteAsync("insert into recording_key (recording_id, patient_id, wrapped, key_version) values (@id, @patientId, @wrapped, @version)",
            new { id, visit.PatientId, wrapped, version = key.Version }, ct);
        await tx.CommitAsync(ct);
        return id;
    }

    /// <summary>One piece. The same piece twice is one. Refuses <c>scribe.no-such-recording</c>, <c>scribe.recording-ended</c>, <c>scribe.recording-gap</c>, <c>scribe.not-audio</c>,
    /// <c>scribe.recording-empty</c>, <c>scribe.recording-too-large</c>.</summary>
    public async Task<Outcome<Done>> AddAsync(RecordingId id, RecordingPiece piece, Actor actor, CancellationToken ct)
    {
        if (piece.Bytes.IsEmpty) return Refusals.RecordingEmpty;
        if (piece.Number == 0 && AudioFormats.Of(piece.Bytes.Span) is null) return Refusals.NotAudio;
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await RecordingShelf.FindAsync(tx, id, ct) is not { } recording) return Refusals.NoSuchRecording;
        if (await tx.OpenPatientAsync(recording.PatientId, new(Added, "recording", id.Value), ct) is not { } key) return Refusals.NoSuchRecording;
        if (recording.StateNow != RecordingState.Recording) return Refusals.RecordingEnded;
        if (piece.Part != recording.Parts && (piece.Part != recording.Parts + 1 || piece.Number != 0)) return Refusals.RecordingGap;
        using var own = await OpenAsync(tx, key, id, ct);
        var before = await tx.QueryAsync<Kept>("select number, content from recording_chunk where recording_id = @id and part = @part and number in (@number, @before)",
            new { id, piece.Part, piece.Number, before = piece.Number - 1 }, ct);
        if (before.Find(it => it.Number == piece.Number) is { } same)
            return own.Open(same.Content, RecordingShelf.CellOf(id, piece.Part, piece.Number)).AsSpan().SequenceEqual(piece.Bytes.Span) ? Done.It : Refusals.RecordingGap;
        if (piece.Number > 0 && before.Count == 0) return Refusals.RecordingGap;
        return await WriteAsync(tx, own, recording, piece, ct);
    }

    /// <summary>All of it is here. Refuses <c>scribe.no-such-recording</c>, <c>scribe.recording-ended</c>, <c>scribe.recording-empty</c>.</summary>
    public async Task<Outcome<AppointmentId>> EndAsync(RecordingId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await RecordingShelf.FindAsync(tx, id, ct) is not { } recording) return Refusals.NoSuchRecording;
        tx.Audit(new(Ended, "recording", id.Value), recording.PatientId);
        if (recording.StateNow != RecordingState.Recording) return Refusals.RecordingEnded;
        if (recording.SizeBytes == 0) return Refusals.RecordingEmpty;
        var ended = await tx.ExecuteAsync("update recording set state = 'queued', ended_at = @now, due_at = @now where id = @id and state = 'recording'", new { id, now = tx.Now }, ct);
        if (ended == 0) return Refusals.RecordingEnded;
        await tx.CommitAsync(ct);
        bell.Ring(actor.Clinic);
        return recording.AppointmentId;
    }

    /// <summary>Has what failed transcribed again. Refuses <c>scribe.no-such-recording</c>, <c>scribe.recording-destroyed</c>, <c>scribe.recording-live</c> where it did not fail or another is under way.</summary>
    public async Task<Outcome<AppointmentId>> AgainAsync(RecordingId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await RecordingShelf.FindAsync(tx, id, ct) is not { } recording) return Refusals.NoSuchRecording;
        tx.Audit(new(Again, "recording", id.Value), recording.PatientId);
        if (!recording.HasAudio) return Refusals.RecordingDestroyed;
        if (!await RecordingShelf.IsTranscribedAsync(tx, ct)) return Refusals.NoRecogniser;
        if (await tx.ExecuteAsync(RequeueFailed, new { id, now = tx.Now }, ct) == 0) return Refusals.RecordingLive;
        await tx.CommitAsync(ct);
        bell.Ring(actor.Clinic);
        return recording.AppointmentId;
    }

    private const string RequeueFailed = """
        update recording
        set state = 'queued', attempts = 0, due_at = @now, failed_with = null
        where id = @id and state = 'failed' and destroyed_at is null
            and not exists (select from recording other where other.appointment_id = recording.appointment_id and other.state in ('recording', 'queued', 'transcribing'))
        """;

    /// <summary>Destroys audio and key at once. Refuses <c>scribe.no-such-recording</c>, <c>scribe.recording-destroyed</c>.</summary>
    public async Task<Outcome<AppointmentId>> DiscardAsync(RecordingId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await RecordingShelf.FindAsync(tx, id, ct) is not { } recording) return Refusals.NoSuchRecording;
        if (!await RecordingShelf.DestroyOneAsync(tx, id, DestroyedBecause.Discarded, ct)) return Refusals.RecordingDestroyed;
        await tx.CommitAsync(ct);
        return recording.AppointmentId;
    }

    /// <summary>The recording's own key; the caller disposes it.</summary>
    internal static async Task<OwnKey> OpenAsync(ClinicTx tx, PatientKey key, RecordingId id, CancellationToken ct) =>
        key.OpenOwnKey(await tx.QueryOneOrNoneAsync<byte[]>("select wrapped from recording_key where recording_id = @id", new { id }, ct)
            ?? throw new InvalidOperationException("A recording that was not destroyed has its key."), RecordingShelf.CellOf(id));

    private async Task<Outcome<Done>> WriteAsync(ClinicTx tx, OwnKey own, Recording recording, RecordingPiece piece, CancellationToken ct)
    {
        var grown = await tx.ExecuteAsync("update recording set size_bytes = size_bytes + @more where id = @id and state = 'recording' and size_bytes + @more <= @most",
            new { recording.Id, more = (long)piece.Bytes.Length, most = settings.MostBytes }, ct);
        if (grown == 0) return recording.SizeBytes + piece.Bytes.Length > settings.MostBytes ? Refusals.RecordingTooLarge : Refusals.RecordingEnded;
        try
        {
            await tx.ExecuteAsync("insert into recording_chunk (recording_id, part, number, patient_id, content, milliseconds) values (@id, @part, @number, @patientId, @content, @milliseconds)",
                new { recording.Id, piece.Part, piece.Number, recording.PatientId, piece.Milliseconds, content = own.Seal(piece.Bytes.Span, RecordingShelf.CellOf(recording.Id, piece.Part, piece.Number)) }, ct);
        }
        catch (PostgresException error) when (error.ConstraintName == "recording_chunk_pkey")
        {
            return Refusals.RecordingGap;   // its twin was faster: the sender asks again and is told that it is here
        }
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private sealed record Kept
    {
        public int Number { get; init; }
        public byte[] Content { get; init; } = [];
    }
}

/// <summary>A piece of audio on its way in.</summary>
/// <param name="Part">From 1: a stretch between two breaks, a stream of its own.</param>
/// <param name="Number">Place in its part, from 0.</param>
/// <param name="Milliseconds">How long it sounds as its sender counted, 0 to 600,000; null where nobody said.</param>
internal readonly record struct RecordingPiece(int Part, int Number, ReadOnlyMemory<byte> Bytes, int? Milliseconds = null);
