using Chartroom.Assist;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scribe.Hearing;

namespace Chartroom.Scribe;

/// <summary>Recordings and consents within the caller's transaction.</summary>
internal static class RecordingShelf
{
    public static Cell CellOf(RecordingId id) => new("recording_key", "wrapped", id.Value);

    public static Cell CellOf(RecordingId id, int part, int number) => new("recording_chunk", $"content.{part}.{number}", id.Value);

    public static Cell CellOfConsent(Guid id) => new("recording_consent", "content", id);

    /// <summary>All that the page tells of recording a visit.</summary>
    /// <param name="key">The patient's, where the page shows names.</param>
    public static async Task<RecordingDesk> DeskAsync(ClinicTx tx, AppointmentId visit, PatientKey? key, RecordingSettings settings, CancellationToken ct)
    {
        var consents = tx.Ask<ConsentRow>(SelectConsent, new { visit });
        var recordings = tx.Ask<Recording>(SelectLatest, new { visit });
        var outside = await Assistant.OutsideAsync(tx, AssistFeature.Transcription, ct);
        var rules = await RecordingRulesBook.ReadAsync(tx, ct);
        var consent = (await consents.ReadAsync(ct)).SingleOrDefault();
        var by = outside is null ? rules.IsLocalOn ? LocalRecogniser.Name : null : $"{outside.Name} ({outside.Model} at {outside.Host})";
        return new(consent?.Open(key), (await recordings.ReadAsync(ct)).SingleOrDefault(), new(settings.MostMegabytes, settings.MostMinutes, rules.KeepHours), by, outside is not null);
    }

    /// <summary>True where something would transcribe a recording.</summary>
    public static async Task<bool> IsTranscribedAsync(ClinicTx tx, CancellationToken ct) =>
        await Assistant.OutsideAsync(tx, AssistFeature.Transcription, ct) is not null || (await RecordingRulesBook.ReadAsync(tx, ct)).IsLocalOn;

    public static Task<Recording?> FindAsync(ClinicTx tx, RecordingId id, CancellationToken ct) => tx.QueryOneOrNoneAsync<Recording>(SelectOne, new { id }, ct);

    /// <summary>A visit's latest, or null.</summary>
    public static Task<Recording?> LatestAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) => tx.QueryOneOrNoneAsync<Recording>(SelectLatest, new { visit }, ct);

    /// <summary>The consent that counts now, or null.</summary>
    public static async Task<Guid?> ConsentOfAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) =>
        await tx.QueryOneOrNoneAsync<ConsentRow>(SelectConsent, new { visit }, ct) is { Kind: "given" } given ? given.Id : null;

    /// <summary>Deletes audio and key, and writes down that and why. The database refuses to call a recording destroyed while either is there.</summary>
    public static async Task DestroyAsync(ClinicTx tx, IReadOnlyCollection<Recording> recordings, DestroyedBecause why, CancellationToken ct)
    {
        if (recordings.Count == 0) return;
        var ids = recordings.Select(it => it.Id).ToArray();
        foreach (var it in recordings) tx.Audit(new("recording.destroyed", "recording", it.Id.Value), it.PatientId);
        tx.Queue("delete from recording_chunk where recording_id = any(@ids)", new { ids });
        tx.Queue("delete from recording_key where recording_id = any(@ids)", new { ids });
        await tx.ExecuteAsync(Destroyed, new { ids, why, now = tx.Now }, ct);
    }

    /// <summary>All of a visit's that still have audio.</summary>
    public static async Task DestroyOfVisitAsync(ClinicTx tx, AppointmentId visit, DestroyedBecause why, CancellationToken ct) =>
        await DestroyAsync(tx, await tx.QueryAsync<Recording>(LockOfVisit, new { visit }, ct), why, ct);

    /// <summary>One, unless it is destroyed already.</summary>
    public static async Task<bool> DestroyOneAsync(ClinicTx tx, RecordingId id, DestroyedBecause why, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<Recording>(LockOne, new { id }, ct) is not { } held) return false;
        await DestroyAsync(tx, [held], why, ct);
        return true;
    }

    private const string SelectConsent = """
        select recording_consent.id, recording_consent.kind, recording_consent.given_by, recording_consent.manner, recording_consent.content,
            staff.display_name as recorded_by, recording_consent.recorded_at
        from recording_consent
        join staff on staff.id = recording_consent.recorded_by
        where recording_consent.appointment_id = @visit
        order by recording_consent.recorded_at desc, recording_consent.id desc
        limit 1
        """;

    private const string SelectOne = """
        select id, patient_id, appointment_id, source, state, size_bytes, seconds, attempts, recogniser, failed_with, transcript_id, created_at, ended_at, transcribed_at, keep_until,
            destroyed_at, destroyed_why, (select coalesce(max(part), 0) from recording_chunk where recording_id = recording.id) as parts,
            (select coalesce(sum(milliseconds), 0)::bigint from recording_chunk where recording_id = recording.id) as milliseconds
        from recording
        where id = @id
        """;

    private const string SelectLatest = """
        select id, patient_id, appointment_id, source, state, size_bytes, seconds, attempts, recogniser, failed_with, transcript_id, created_at, ended_at, transcribed_at, keep_until,
            destroyed_at, destroyed_why, (select coalesce(max(part), 0) from recording_chunk where recording_id = recording.id) as parts,
            (select coalesce(sum(milliseconds), 0)::bigint from recording_chunk where recording_id = recording.id) as milliseconds
        from recording
        where appointment_id = @visit
        order by created_at desc, id desc
        limit 1
        """;

    private const string LockOfVisit = """
        select id, patient_id, appointment_id, state
        from recording
        where appointment_id = @visit and destroyed_at is null
        order by id
        for update
        """;

    private const string LockOne = """
        select id, patient_id, appointment_id, state
        from recording
        where id = @id and destroyed_at is null
        for update
        """;

    private const string Destroyed = """
        update recording
        set state = case when state in ('recording', 'queued', 'transcribing') then 'discarded' else state end, destroyed_at = @now, destroyed_why = @why
        where id = any(@ids) and destroyed_at is null
        """;

    private sealed record ConsentRow
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public string GivenBy { get; init; } = "";
        public string Manner { get; init; } = "";
        public byte[]? Content { get; init; }
        public string RecordedBy { get; init; } = "";
        public DateTimeOffset RecordedAt { get; init; }

        public RecordingConsent Open(PatientKey? key) => new()
        {
            Id = Id, Kind = Kind, GivenBy = GivenBy, Manner = Manner, RecordedBy = RecordedBy, RecordedAt = RecordedAt,
            Representative = key is null || Content is null ? null : key.Open<string>(Content, CellOfConsent(Id)),
        };
    }
}
