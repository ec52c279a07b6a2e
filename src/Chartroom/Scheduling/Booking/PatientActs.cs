using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A patient's own moves: load, decide, keep, as the desk's, by the rules for patients.</summary>
internal static class PatientActs
{
    public static async Task<Outcome<VisitFacts>> ConfirmAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, CancellationToken ct)
    {
        var opened = await OpenAsync(tx, whose, "appointment.status-changed", ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        if (visit.StartsAt <= tx.Now) return Refusals.TooLateToChange;
        if (visit.Status == VisitStatus.Confirmed) return (await Visits.FindAsync(tx, visit.Id, ct))!;   // twice is once
        if (Judge(tx, visit, VisitStatus.Confirmed) is { } refusal) return refusal;
        return await PutAsync(tx, visit.Now(VisitStatus.Confirmed, tx.Now), VisitAct.Status, ct);
    }

    public static async Task<Outcome<VisitFacts>> MoveAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, PatientMove to, CancellationToken ct)
    {
        var asked = BookingRules.Ask(tx);
        var opened = await OpenAsync(tx, whose, "appointment.moved", ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        if (!visit.Status.IsAwaited()) return Refusals.TimeIsFixed;
        if (visit.StartsAt <= tx.Now || (visit.Status != VisitStatus.Requested && (await asked.OneAsync(ct)).IsLate(visit, tx.Now))) return Refusals.TooLateToChange;
        var patient = await OnlinePatient.AskAsync(tx, whose.Patient, (visit.VisitTypeId, to.ProviderId), to.As, ct);
        var ask = new MoveAppointment(to.Day, to.At, ProviderId: to.ProviderId, LocationId: to.LocationId, Which: to.Which);
        var next = await MoveAppointmentHandler.NextAsync(tx, visit, MoveRules.SlotOf(visit, ask) with { OnlineFor = patient.Kind }, ct);
        if (!next.IsOk) return next.Refusal;
        var isRequest = visit.Status == VisitStatus.Requested || patient.Mode == "request";
        return await PutAsync(tx, isRequest ? next.Value.Now(VisitStatus.Requested, tx.Now) : next.Value, VisitAct.Moved, ct);
    }

    public static async Task<Outcome<VisitFacts>> CancelAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, CancellationToken ct)
    {
        var asked = BookingRules.Ask(tx);
        var opened = await OpenAsync(tx, whose, "appointment.cancelled", ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        if (Judge(tx, visit, VisitStatus.Cancelled) is { } refusal) return refusal;
        if (!visit.Status.IsAwaited() || visit.StartsAt <= tx.Now) return Refusals.TooLateToChange;
        var ask = new CancelAppointment(CancelReason.PatientRequest, CancelSide.Patient);
        return await PutAsync(tx, CancelAppointmentHandler.Cancelled(visit, ask, await asked.OneAsync(ct), tx.Now), VisitAct.Cancelled, ct);
    }

    private static async Task<Outcome<Visit>> OpenAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, string audited, CancellationToken ct)
    {
        tx.Audit(new(audited, "appointment", whose.Id.Value), whose.Patient);
        return await Calendar.FindForChangeAsync(tx, whose.Id, ct) is { } visit && visit.PatientId == whose.Patient ? visit : Refusals.Unknown;
    }

    private static Refusal? Judge(ClinicTx tx, Visit visit, VisitStatus to) =>
        VisitStates.Judge(visit, to, tx.Actor.Role, (tx.Now, ClinicTime.TodayAt(tx.Now, visit.TimeZone)));

    private static async Task<Outcome<VisitFacts>> PutAsync(ClinicTx tx, Visit next, VisitAct act, CancellationToken ct)
    {
        var put = await Calendar.PutAsync(tx, next, new(act, By: next.PatientId), ct);
        return put.IsOk ? (await Visits.FindAsync(tx, next.Id, ct))! : put.Refusal;   // just written
    }
}
