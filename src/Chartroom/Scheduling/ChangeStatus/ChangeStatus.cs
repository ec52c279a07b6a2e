using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Moves a visit along its course.</summary>
/// <param name="Status">The state it shall have.</param>
/// <param name="RoomId">The room the patient is brought to, with <see cref="VisitStatus.Roomed"/>; absent: as it was.</param>
public sealed record ChangeStatus(VisitStatus Status, RoomId? RoomId = null);

/// <summary>Makes the move if the state machine has it for this role.</summary>
internal sealed class ChangeStatusHandler(TenantDb db, IEnumerable<RequestSettled> tellers)
{
    public async Task<Outcome<Visit>> HandleAsync(AppointmentId id, int version, ChangeStatus ask, Actor actor, CancellationToken ct)
    {
        if (ask.Status == VisitStatus.Cancelled) return Refusals.CancelHasReason;
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var opened = await Calendar.OpenAsync(tx, id, version, new("appointment.status-changed", "appointment", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        if (VisitStates.Judge(visit, ask.Status, actor.Role, (tx.Now, ClinicTime.TodayAt(tx.Now, visit.TimeZone))) is { } refusal) return refusal;
        var next = visit.Now(ask.Status, tx.Now);
        if (ask.Status == VisitStatus.Roomed && ask.RoomId is { } room)
        {
            if (!await Rooms.IsAtAsync(tx, room, visit.LocationId, ct)) return Refusals.UnknownRoom.On("roomId", Refusals.UnknownRoom.Title);
            next = next with { RoomId = room };
        }
        if (ask.Status == VisitStatus.Arrived) PatientRegister.Seen(tx, visit.PatientId, tx.Now);
        if (visit.Status == VisitStatus.Requested) foreach (var teller in tellers) teller.Settled(tx, id);
        return await Calendar.KeepAsync(tx, next, new(visit.Status == VisitStatus.Requested ? VisitAct.Accepted : VisitAct.Status), ct);
    }
}
