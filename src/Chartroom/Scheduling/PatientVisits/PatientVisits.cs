using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A patient's visits, for the patient's page: latest first, at most <see cref="Most"/>.</summary>
public sealed class PatientVisitsHandler(TenantDb db)
{
    /// <summary>So many are shown.</summary>
    public const int Most = 50;

    internal async Task<(IReadOnlyList<VisitFacts> Visits, DateTimeOffset Now)> HandleAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var visits = await Visits.OfPatientAsync(tx, patient, Most, ct);
        tx.Audit(new("appointment.listed", "patient", patient.Value), patient);
        await tx.CommitAsync(ct);
        return (visits, tx.Now);
    }
}
