using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>The page that records a visit in the browser: for visits that may be recorded now, or whose recording was begun and not finished.</summary>
internal sealed class OpenRecorderHandler(TenantDb db, RecordingSettings settings)
{
    private const string RecorderOpened = "recording.recorder-opened";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/visits/{id}/recorder", async (AppointmentId id, OpenRecorderHandler handler, Actor actor, CancellationToken ct) =>
    {
        var opened = await handler.HandleAsync(id, actor, ct);
        return opened.IsOk ? Page.Of<RecorderPage>(new { VisitId = id, opened.Value.Desk, opened.Value.Patient }) : Page.Refused(opened.Refusal);
    }).Requires(Permission.SignNotes).Audits(RecorderOpened).ExcludeFromDescription().MayUseMicrophone();

    /// <summary>Refuses <c>scribe.no-such-visit</c>, <c>scribe.no-recogniser</c>, <c>scribe.consent-missing</c>, <c>scribe.recording-live</c>.</summary>
    private async Task<Outcome<(RecordingDesk Desk, string Patient)>> HandleAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var access = new Platform.Audit.Access(RecorderOpened, "appointment", id.Value);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit || !(await PatientRegister.NamesAsync(tx, [visit.PatientId], access, ct)).TryGetValue(visit.PatientId, out var patient)) return Refusals.NoSuchVisit;
        var desk = await RecordingShelf.DeskAsync(tx, id, null, settings, ct);
        await tx.CommitAsync(ct);
        if (desk.By is null) return Refusals.NoRecogniser;
        if (desk.Consent is not { IsGiven: true }) return Refusals.ConsentMissing;
        return desk.Latest is { StateNow: RecordingState.Queued or RecordingState.Transcribing } ? Refusals.RecordingLive : (desk, patient.Name);
    }
}
