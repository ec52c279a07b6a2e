using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A visit that is booked where nobody would be.</summary>
public sealed record VisitInTheWay
{
    public AppointmentId Id { get; init; }
    public PatientId? PatientId { get; init; }
    public string ProviderName { get; init; } = "";
    public string VisitType { get; init; } = "";
    public string LocationName { get; init; } = "";
    public DateTime LocalStart { get; init; }
    /// <summary>For people only; filled by the page that asks.</summary>
    public string PatientName { get; init; } = "";
}

/// <summary>
/// What closing, being away or other hours would leave standing. Such visits are never cancelled silently: the person is shown them, and says which they know of; a
/// visit booked since then is asked about again.
/// </summary>
internal static class VisitsInTheWay
{
    /// <summary>As many as are shown and told at once.</summary>
    internal const int Most = 200;

    /// <summary>Refuses while there is one that the person does not know of. The fact <c>visits</c> names all of them.</summary>
    internal static Refusal? Unless(IReadOnlyList<VisitInTheWay> found, IReadOnlyList<AppointmentId>? known)
    {
        if (found.All(visit => known?.Contains(visit.Id) == true)) return null;
        return Refusals.VisitsInTheWay.With("visits", found.Select(visit => visit.Id.Value).ToArray());
    }

    /// <summary>With the names of their patients, for the page; one event names them all.</summary>
    internal static async Task<IReadOnlyList<VisitInTheWay>> NamedAsync(ClinicTx tx, IReadOnlyList<VisitInTheWay> found, CancellationToken ct)
    {
        PatientId[] patients = [.. found.Select(visit => visit.PatientId).OfType<PatientId>().Distinct()];
        if (patients.Length == 0) return [.. found.Select(visit => visit with { PatientName = "A patient who is booking now" })];
        var names = await PatientRegister.NamesAsync(tx, patients, new Access("appointments.listed", "appointment", Purpose: Purpose.Operations), ct);
        return [.. found.Select(visit => visit with { PatientName = visit.PatientId is { } id ? names.GetValueOrDefault(id)?.Name ?? "Deleted patient" : "A patient who is booking now" })];
    }
}
