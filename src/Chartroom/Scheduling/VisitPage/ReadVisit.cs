using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>One visit, without any name: for programs that keep the patient themselves.</summary>
internal sealed class ReadVisitHandler(TenantDb db)
{
    public async Task<Outcome<Visit>> HandleAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        if (await Calendar.FindAsync(tx, id, ct) is not { } visit) return Refusals.Unknown;
        tx.Audit(new("appointment.read", "appointment", id.Value), visit.PatientId);
        await tx.CommitAsync(ct);
        return visit;
    }
}
