using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>Whether a visit may be recorded, and how far its latest recording has come, for programs and for a page that waits.</summary>
internal sealed class ReadRecordingHandler(TenantDb db, DueWork due, RecordingSettings settings)
{
    public const string Read = "recording.read";

    /// <summary>Refuses <c>scribe.no-such-visit</c>.</summary>
    public async Task<Outcome<RecordingAnswer>> HandleAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        if (await tx.OpenPatientAsync(visit.PatientId, new(Read, "appointment", id.Value), ct) is null) return Refusals.NoSuchVisit;
        var desk = await RecordingShelf.DeskAsync(tx, id, null, settings, ct);
        await tx.CommitAsync(ct);
        return RecordingAnswer.Of(desk);
    }

    /// <summary>True while nothing has changed since the page was made. Asked every few seconds and answered without opening anything, so it is no event.</summary>
    public async Task<bool> IsStillAsync(AppointmentId visit, string state, int attempts, Actor actor, CancellationToken ct) => (await due.IdsAsync(actor.Clinic, """
        select id
        from recording
        where appointment_id = @visit and state in ('queued', 'transcribing') and state = @state and attempts = @attempts
        """, new { visit, state, attempts }, ct)).Count > 0;
}

/// <param name="MayRecord">Everybody agreed, and something transcribes.</param>
/// <param name="Recogniser">What would transcribe it, or null.</param>
/// <param name="Recording">The latest, or null.</param>
internal sealed record RecordingAnswer(bool MayRecord, string? Recogniser, bool IsOutside, RecordingAnswer.RecordingNow? Recording)
{
    /// <param name="State">recording, queued, transcribing, transcribed, silent, failed or discarded.</param>
    /// <param name="FailedWith">Code of what went wrong last.</param>
    /// <param name="KeepUntil">The audio is destroyed then at the latest.</param>
    internal sealed record RecordingNow(RecordingId Id, string Source, string State, long SizeBytes, int? Seconds, int Parts, string? Recogniser, string? FailedWith, TranscriptId? TranscriptId, DateTimeOffset KeepUntil, DateTimeOffset? DestroyedAt, string? DestroyedWhy);

    public static RecordingAnswer Of(RecordingDesk desk) => new(desk.Consent is { IsGiven: true } && desk.By is not null, desk.By, desk.IsOutside, desk.Latest is not { } it ? null
        : new(it.Id, it.Source, it.State, it.SizeBytes, it.Seconds, it.Parts, it.Recogniser, it.FailedWith, it.TranscriptId, it.KeepUntil, it.DestroyedAt, it.DestroyedWhy));
}
