using Chartroom.Platform.Vault;

namespace Chartroom.Scheduling;

/// <summary>What a patient comes for, in words: sealed under the patient's key.</summary>
internal static class VisitReason
{
    public static Cell CellOf(AppointmentId visit) => new("appointment", "reason", visit.Value);
}
