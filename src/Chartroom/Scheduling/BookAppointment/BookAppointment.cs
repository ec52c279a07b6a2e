using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Asks for a provider's time on behalf of a patient.</summary>
/// <param name="PatientId">Who comes.</param>
/// <param name="ProviderId">Whose time.</param>
/// <param name="VisitTypeId">What kind of visit.</param>
/// <param name="LocationId">Where; its wall clock counts.</param>
/// <param name="Day">Calendar day there.</param>
/// <param name="At">Wall-clock start there.</param>
/// <param name="Minutes">Length in whole minutes, 5 to 480; absent: as long as the visit type usually is.</param>
/// <param name="RoomId">A room of that location; absent: any free one that will do, if the visit type needs one.</param>
/// <param name="Which">For a time the clocks show twice: which one.</param>
/// <param name="Reason">What the patient comes for, at most 1,000 characters; kept sealed.</param>
/// <param name="IsConfirmed">True to book outside the provider's hours, or against another rule that is only a warning.</param>
/// <param name="DeviceId">A device of that location; absent, like the room: any free one that will do, if the visit type needs one.</param>
/// <param name="OverbookReason">Why a taken time of the provider is knowingly booked again, by a role that may; absent: it is not.</param>
public sealed record BookAppointment(PatientId PatientId, StaffId ProviderId, VisitTypeId VisitTypeId, LocationId LocationId, DateOnly Day, TimeOnly At,
    int? Minutes = null, RoomId? RoomId = null, Doubled? Which = null, string? Reason = null, bool IsConfirmed = false,
    DeviceId? DeviceId = null, OverbookReason? OverbookReason = null)
{
    internal Slot Slot => new()
    {
        VisitTypeId = VisitTypeId, ProviderId = ProviderId, LocationId = LocationId, RoomId = RoomId, DeviceId = DeviceId, Day = Day, At = At, Minutes = Minutes,
        Which = Which, IsConfirmed = IsConfirmed, Overbook = OverbookReason,
    };
}

/// <summary>Books it, or says why not. Two desks cannot both win one time, room or device: the database refuses the overlap, not a check made here.</summary>
internal sealed class BookAppointmentHandler(TenantDb db)
{
    internal const int LongestReason = 1000;

    public async Task<Outcome<Visit>> HandleAsync(BookAppointment ask, Actor actor, CancellationToken ct)
    {
        if (ask.Reason?.Length > LongestReason) return Refusals.BadReason.On("reason", Refusals.BadReason.Title);
        var access = new Access("appointment.booked", "appointment", AppointmentId.New().Value);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(access, ask.PatientId);
        var booked = await BookInAsync(tx, new(access.ResourceId!.Value), ask, access, ct);   // named three lines up
        if (booked.IsOk) await tx.CommitAsync(ct);
        return booked;
    }

    /// <summary>Books inside a transaction that is somebody else's to commit and has audited the access. A series books its visits with it, one after another.</summary>
    internal static async Task<Outcome<Visit>> BookInAsync(ClinicTx tx, AppointmentId id, BookAppointment ask, Access access, CancellationToken ct)
    {
        var patient = tx.Ask<bool>(IsPatientKnown, new { ask.PatientId });
        var wanted = new NewVisit(id, ask.PatientId, ask.Slot) { SealAsync = () => SealAsync(tx, (id, ask.PatientId), ask.Reason, access, ct), IsPatientKnown = patient };
        return await Placing.PlaceAsync(tx, wanted, ct);
    }

    internal static async Task<(byte[]? Sealed, int? KeyVersion)> SealAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) visit, string? reason, Access access,
        CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(reason) || await tx.OpenPatientAsync(visit.Patient, access, ct) is not { } key) return (null, null);
        return (key.Seal(reason.Trim(), VisitReason.CellOf(visit.Id)), key.Version);
    }

    /// <summary>Holds the patient: whoever puts them away at this moment waits, or has done so and is seen.</summary>
    private const string IsPatientKnown = """
        select count(*) > 0 from (select from patient where patient.id = @patientId and patient.state <> 'merged' and patient.deleted_at is null for key share) as known
        """;
}
