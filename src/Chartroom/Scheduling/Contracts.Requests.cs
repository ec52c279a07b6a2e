using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Called in the transaction that accepts or declines what a patient has asked for online, whichever door it came by. Registered as a service by whoever tells the patient.</summary>
/// <param name="Settled">The visit.</param>
public sealed record RequestSettled(Action<ClinicTx, AppointmentId> Settled);

/// <summary>What the desk decides about a request: inside the caller's transaction, which the caller commits; a refusal is to be given up.</summary>
public static class VisitRequests
{
    /// <summary>Makes it a visit. Refused when it is no request any more, or not the version that was seen.</summary>
    public static Task<Outcome<VisitFacts>> AcceptAsync(ClinicTx tx, AppointmentId id, int version, CancellationToken ct) => SettleAsync(tx, (id, version), isAccepted: true, ct);

    /// <summary>Says no to it; its time is free again. Refused alike.</summary>
    public static Task<Outcome<VisitFacts>> DeclineAsync(ClinicTx tx, AppointmentId id, int version, CancellationToken ct) => SettleAsync(tx, (id, version), isAccepted: false, ct);

    private static async Task<Outcome<VisitFacts>> SettleAsync(ClinicTx tx, (AppointmentId Id, int Version) seen, bool isAccepted, CancellationToken ct)
    {
        var opened = await Calendar.OpenAsync(tx, seen.Id, seen.Version, new(isAccepted ? "appointment.status-changed" : "appointment.cancelled", "appointment", seen.Id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        if (visit.Status != VisitStatus.Requested) return Refusals.NoSuchMove.With("status", visit.StatusName);
        var next = isAccepted
            ? visit.Now(VisitStatus.Booked, tx.Now)
            : visit.Now(VisitStatus.Cancelled, tx.Now) with { CancelReason = CancelCodes.RequestDeclined, CancelledBy = Names.Of(CancelSide.Clinic), IsLateCancel = false };
        var put = await Calendar.PutAsync(tx, next, new(isAccepted ? VisitAct.Accepted : VisitAct.Cancelled), ct);
        return put.IsOk ? (await Visits.FindAsync(tx, seen.Id, ct))! : put.Refusal;   // just written
    }
}
