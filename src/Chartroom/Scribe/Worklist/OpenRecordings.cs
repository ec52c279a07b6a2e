using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>A recording of one's own that is not finished or could not be transcribed, and whose audio ends soon.</summary>
/// <param name="Patient">Null for one who was deleted.</param>
/// <param name="LocalStart">Of the visit.</param>
/// <param name="State">recording (never finished) or failed (not transcribed).</param>
/// <param name="SizeBytes">0: no sound came in.</param>
/// <param name="FailedWith">Code of why it was not transcribed.</param>
/// <param name="LocalEnd">When its audio is destroyed, where nothing is done.</param>
public sealed record OpenRecording(RecordingId Id, AppointmentId VisitId, PatientId PatientId, string? Patient, DateTime LocalStart, string State, long SizeBytes, string? FailedWith, DateTime LocalEnd);

/// <summary>A recording of one's own whose audio was destroyed before it became words.</summary>
/// <param name="WasFinished">False where it was begun and never finished.</param>
/// <param name="LocalEnd">When its audio was destroyed.</param>
public sealed record LostRecording(RecordingId Id, AppointmentId VisitId, PatientId PatientId, string? Patient, DateTime LocalStart, bool WasFinished, long SizeBytes, string? FailedWith, DateTime LocalEnd);

/// <summary>Recordings that wait for who recorded them, and those that were lost: told until they say that they have seen it. The visit says so for good.</summary>
internal sealed class OpenRecordings(TenantDb db)
{
    private const string Seen = "recording.loss-seen";
    private const int Most = 50;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/recordings/{id}/loss-seen", async (RecordingId id, Form<Nothing> form, OpenRecordings handler, Actor actor, CancellationToken ct) =>
        {
            var seen = await form.ThenAsync(_ => handler.SeeAsync(id, actor, ct));
            return seen.IsOk ? Page.SeeOther("/notes/waiting") : Page.Refused(seen.Refusal);
        }).ExcludeFromDescription().Requires(Permission.SignNotes).Audits(Seen);
        routes.MapPost("/api/v1/recordings/{id}/loss-seen", async (RecordingId id, OpenRecordings handler, Actor actor, CancellationToken ct) => (await handler.SeeAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Requires(Permission.SignNotes).Audits(Seen).WithTags("Recordings").WithName("SeeLostRecording").WithSummary("Says that one has seen that a recording of one's own was destroyed before it became words; it is no longer among what is still open.").Produces(204);
    }

    /// <summary>Refuses <c>scribe.no-such-recording</c>, also for one of somebody else and for one that was not lost. Twice is once.</summary>
    private async Task<Outcome<Done>> SeeAsync(RecordingId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.QueryOneOrNoneAsync<PatientId?>(MarkSeen, new { id, tx.Actor.Staff, now = tx.Now }, ct) is not { } patient) return Refusals.NoSuchRecording;
        tx.Audit(new(Seen, "recording", id.Value), patient);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    public static Task<List<Row>> OpenAsync(ClinicTx tx, CancellationToken ct) => tx.QueryAsync<Row>(SelectOpen, new { tx.Actor.Staff, most = Most }, ct);

    public static Task<List<Row>> LostAsync(ClinicTx tx, CancellationToken ct) => tx.QueryAsync<Row>(SelectLost, new { tx.Actor.Staff, most = Most }, ct);

    private const string MarkSeen = """
        update recording
        set loss_seen_at = coalesce(loss_seen_at, @now)
        where id = @id and created_by = @staff and destroyed_why = 'never_transcribed'
        returning patient_id
        """;

    private const string SelectOpen = """
        select recording.id, recording.appointment_id as visit_id, recording.patient_id, recording.state, recording.size_bytes, recording.failed_with, recording.ended_at, recording.keep_until as ends_at,
            appointment.local_start, appointment.time_zone
        from recording
        join appointment on appointment.id = recording.appointment_id
        where recording.created_by = @staff and recording.destroyed_at is null and recording.state in ('recording', 'failed')
            and exists (select from patient where patient.id = recording.patient_id and patient.is_here)
        order by recording.keep_until, recording.id
        limit @most
        """;

    private const string SelectLost = """
        select recording.id, recording.appointment_id as visit_id, recording.patient_id, recording.state, recording.size_bytes, recording.failed_with, recording.ended_at, recording.destroyed_at as ends_at,
            appointment.local_start, appointment.time_zone
        from recording
        join appointment on appointment.id = recording.appointment_id
        where recording.created_by = @staff and recording.destroyed_why = 'never_transcribed' and recording.loss_seen_at is null
            and exists (select from patient where patient.id = recording.patient_id and patient.is_here)
        order by recording.destroyed_at, recording.id
        limit @most
        """;

    internal sealed record Row
    {
        public RecordingId Id { get; init; }
        public AppointmentId VisitId { get; init; }
        public PatientId PatientId { get; init; }
        public string State { get; init; } = "";
        public long SizeBytes { get; init; }
        public string? FailedWith { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public DateTimeOffset EndsAt { get; init; }
        public DateTime LocalStart { get; init; }
        public string TimeZone { get; init; } = "";

        public OpenRecording AsOpen(string? patient) => new(Id, VisitId, PatientId, patient, LocalStart, State, SizeBytes, FailedWith, LocalEnd);

        public LostRecording AsLost(string? patient) => new(Id, VisitId, PatientId, patient, LocalStart, EndedAt is not null, SizeBytes, FailedWith, LocalEnd);

        private DateTime LocalEnd => ClinicTime.Local(EndsAt, TimeZone);
    }
}
