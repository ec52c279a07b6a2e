using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Orders;

/// <summary>Orders of a visit or of a patient. Refuses <c>orders.no-such-visit</c>, <c>orders.no-such-patient</c>.</summary>
internal sealed class ReadOrdersHandler(TenantDb db)
{
    internal const string Read = "orders.read";

    public async Task<Outcome<IReadOnlyList<PlacedOrder>>> OfVisitAsync(AppointmentId visit, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        if (await Visits.FindAsync(tx, visit, ct) is not { } facts || await tx.OpenPatientAsync(facts.PatientId, new(Read, "appointment", visit.Value), ct) is not { } key) return Refusals.NoSuchVisit;
        PlacedOrder[] orders = [.. (await tx.QueryAsync<OrderRow>(OrderRow.OfVisit, new { visit }, ct)).Select(row => row.Open(key))];
        await tx.CommitAsync(ct);
        return orders;
    }

    public async Task<Outcome<IReadOnlyList<PlacedOrder>>> OfPatientAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        if (await tx.OpenPatientAsync(patient, new(Read, "patient", patient.Value), ct) is not { } key) return Refusals.NoSuchPatient;
        PlacedOrder[] orders = [.. await OrderReading.OfPatientAsync(tx, key, ct)];
        await tx.CommitAsync(ct);
        return orders;
    }
}
