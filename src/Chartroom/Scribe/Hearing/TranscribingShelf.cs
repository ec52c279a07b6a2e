using Chartroom.Assist;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Scribe.Hearing;

/// <summary>A recording that was taken up.</summary>
internal sealed record TakenRecording
{
    public RecordingId Id { get; init; }
    public PatientId PatientId { get; init; }
    public AppointmentId AppointmentId { get; init; }
    public StaffId CreatedBy { get; init; }
    public int Attempts { get; init; }
    public bool IsProvider { get; init; }
    public bool IsLocalOn { get; init; }
    public ClinicId Clinic { get; init; }
    public AssistChoice? Choice { get; init; }

    /// <summary>What is to hear it, as people know it.</summary>
    public string By => Choice is { } choice ? $"{choice.Name} ({choice.Model})" : LocalRecogniser.Name;

    public Actor Requester => new(Clinic, new(CreatedBy.Value), ClinicRole.Provider, Origin.Job());
}

internal sealed record HeardRecording(TakenRecording Of, int Seconds);

/// <summary>The steps of transcribing that touch the database, each a transaction of its own.</summary>
internal sealed class TranscribingShelf(TenantDb db, DraftingBell drafting, TimeProvider clock)
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    /// <param name="longest">That one request may take.</param>
    public async Task<TakenRecording?> TakeAsync(ClinicId clinic, RecordingId id, TimeSpan longest, CancellationToken ct)
    {
        await using var tx = await BeginAsync(clinic, "recording.taken", id, ct);
        var taken = await tx.QueryOneOrNoneAsync<TakenRecording>(Take, new { id, now = tx.Now, until = Until(tx, longest) }, ct);
        if (taken is null) return null;
        taken = taken with { Clinic = clinic, Choice = await Assistant.ChosenAsync(tx, AssistFeature.Transcription, ct) };
        tx.Queue("update recording set recogniser = @by where id = @id", new { taken.By, id });
        await tx.CommitAsync(ct);
        return taken;
    }

    /// <summary>Keeps other nodes from taking it over, until it ends; stops the work when the row is not its own any more.</summary>
    public async Task HoldAsync(TakenRecording taken, CancellationTokenSource work)
    {
        using var timer = new PeriodicTimer(Hold, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(work.Token))
                if (!await IsHeldAsync(taken, work.Token)) await work.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // the work has ended
        }
        catch (Npgsql.NpgsqlException)
        {
            // the next node may take it over; whoever comes late writes nothing
        }
    }

    /// <summary>Its audio; null where it was destroyed meanwhile.</summary>
    /// <exception cref="ChartShutException">Who recorded it may not open the chart any more.</exception>
    public async Task<IReadOnlyList<AudioPart>?> OpenAsync(TakenRecording taken, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(taken.Requester, Permission.SignNotes, ct);
        var key = await tx.OpenPatientAsync(taken.PatientId, new("recording.opened", "recording", taken.Id.Value), ct) ?? throw new ChartShutException(taken.PatientId);
        if (await RecordingShelf.FindAsync(tx, taken.Id, ct) is not { } recording) throw new ChartShutException(taken.PatientId);
        if (!recording.HasAudio) return null;
        using var own = await RecordingBook.OpenAsync(tx, key, taken.Id, ct);
        var chunks = await tx.QueryAsync<Chunk>("select part, number, content from recording_chunk where recording_id = @id order by part, number", new { taken.Id }, ct);
        await tx.CommitAsync(ct);
        return [.. chunks.GroupBy(chunk => chunk.Part).Select(part => new AudioPart([.. part.Select(chunk => own.Open(chunk.Content, RecordingShelf.CellOf(taken.Id, chunk.Part, chunk.Number)))]))];
    }

    /// <summary>The event that says that the voices leave: before they do.</summary>
    public async Task SendAsync(TakenRecording taken, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(taken.Requester, Permission.SignNotes, ct);
        tx.Audit(new("recording.sent", "recording", taken.Id.Value), taken.PatientId);
        await tx.CommitAsync(ct);
    }

    public async Task KeepCallAsync(TakenRecording taken, AssistChoice choice, AudioAsk ask, AudioAnswer answer, CancellationToken ct)
    {
        await using var tx = await BeginAsync(taken.Clinic, "recording.answered", taken.Id, ct);
        Transcriber.Keep(tx, choice, ask, answer);
        await tx.CommitAsync(ct);
    }

    /// <summary>Keeps the transcript, begins its draft, and sets the end of the audio. Where no draft can be begun the transcript stays all the same.</summary>
    public async Task<DateTimeOffset?> WriteAsync(HeardRecording heard, Transcript transcript, CancellationToken ct)
    {
        var (of, id) = (heard.Of, TranscriptId.New());
        await using var tx = await db.BeginAsync(of.Requester, Permission.SignNotes, ct);
        var key = await tx.OpenPatientAsync(of.PatientId, new("transcript.added", "transcript", id.Value), ct) ?? throw new ChartShutException(of.PatientId);
        var hours = (await RecordingRulesBook.ReadAsync(tx, ct)).KeepHours;
        var from = new DraftPen.Sources(of.AppointmentId, id, transcript);
        DraftPen.Keep(tx, key, from, "recorded");
        var drafted = await DraftPen.BeginAsync(tx, key, from, ct);
        var trouble = drafted.IsOk ? null : drafted.Refusal == Refusals.NothingClinical ? RecordingTrouble.NothingClinical : drafted.Refusal == Refusals.DraftingOff ? RecordingTrouble.DraftingOff : RecordingTrouble.Overtaken;
        var ended = await tx.ExecuteAsync(Done, new { of.Id, of.Attempts, transcript = id, heard.Seconds, trouble, now = tx.Now, until = tx.Now.AddHours(hours) }, ct);
        if (ended == 0) return null;   // somebody else has taken it up, or it was destroyed
        if (hours == 0) await RecordingShelf.DestroyOneAsync(tx, of.Id, DestroyedBecause.KeptLongEnough, ct);
        await tx.CommitAsync(ct);
        if (drafted is { IsOk: true, Value.DraftId: null }) drafting.Ring(of.Clinic);
        return null;
    }

    /// <summary>Nobody said anything: audio and key go at once.</summary>
    public async Task<DateTimeOffset?> SilentAsync(HeardRecording heard, CancellationToken ct)
    {
        await using var tx = await BeginAsync(heard.Of.Clinic, "recording.silent", heard.Of.Id, ct);
        if (await tx.ExecuteAsync(Silent, new { heard.Of.Id, heard.Of.Attempts, heard.Seconds }, ct) == 1) await RecordingShelf.DestroyOneAsync(tx, heard.Of.Id, DestroyedBecause.Silent, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    public async Task<DateTimeOffset?> AgainAsync(TakenRecording taken, string failure, TimeSpan wait, CancellationToken ct)
    {
        await using var tx = await BeginAsync(taken.Clinic, "recording.postponed", taken.Id, ct);
        var due = tx.Now + wait;
        await tx.ExecuteAsync(Again, new { taken.Id, taken.Attempts, failure, due }, ct);
        await tx.CommitAsync(ct);
        return due;
    }

    public async Task<DateTimeOffset?> FailAsync(TakenRecording taken, string failure, CancellationToken ct)
    {
        await using var tx = await BeginAsync(taken.Clinic, "recording.failed", taken.Id, ct);
        await tx.ExecuteAsync(Fail, new { taken.Id, taken.Attempts, failure }, ct);
        await tx.CommitAsync(ct);
        return null;
    }

    private async Task<bool> IsHeldAsync(TakenRecording taken, CancellationToken ct)
    {
        await using var tx = await BeginAsync(taken.Clinic, "recording.held", taken.Id, ct);
        var held = await tx.ExecuteAsync(Renew, new { taken.Id, taken.Attempts, until = Until(tx, TimeSpan.Zero) }, ct);
        await tx.CommitAsync(ct);
        return held == 1;
    }

    private async Task<ClinicTx> BeginAsync(ClinicId clinic, string action, RecordingId id, CancellationToken ct)
    {
        var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.SignNotes, ct);
        tx.Audit(new(action, "recording", id.Value));
        return tx;
    }

    private static DateTimeOffset Until(ClinicTx tx, TimeSpan longest) => tx.Now + Hold + Hold + longest;

    private sealed record Chunk
    {
        public int Part { get; init; }
        public int Number { get; init; }
        public byte[] Content { get; init; } = [];
    }

    private const string Take = """
        update recording
        set state = 'transcribing', attempts = attempts + 1, due_at = @until
        where id = @id and state in ('queued', 'transcribing') and due_at <= @now
        returning id, patient_id, appointment_id, created_by, attempts, (select is_local_on from recording_rules) as is_local_on,
            exists (select from staff where staff.id = recording.created_by and staff.is_active and staff.role = 'provider') as is_provider
        """;

    private const string Renew = """
        update recording
        set due_at = @until
        where id = @id and state = 'transcribing' and attempts = @attempts
        """;

    private const string Done = """
        update recording
        set state = 'transcribed', transcript_id = @transcript, transcribed_at = @now, keep_until = @until, seconds = @seconds, failed_with = @trouble
        where id = @id and state = 'transcribing' and attempts = @attempts
        """;

    private const string Silent = """
        update recording
        set state = 'silent', seconds = @seconds, failed_with = null
        where id = @id and state = 'transcribing' and attempts = @attempts
        """;

    private const string Again = """
        update recording
        set state = 'queued', failed_with = @failure, due_at = @due
        where id = @id and state = 'transcribing' and attempts = @attempts
        """;

    private const string Fail = """
        update recording
        set state = 'failed', failed_with = @failure
        where id = @id and state = 'transcribing' and attempts = @attempts
        """;
}
