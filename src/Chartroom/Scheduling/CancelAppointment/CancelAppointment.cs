using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Calls a visit off.</summary>
/// <param name="Reason">Why: code of one of the clinic's reasons that are offered to staff.</param>
/// <param name="By">Which side called it off.</param>
public sealed record CancelAppointment(string Reason, CancelSide By);

/// <summary>Cancels it and frees its time. Refused when it is over or the patient is being seen, and for a reason that the clinic does not offer.</summary>
internal sealed class CancelAppointmentHandler(TenantDb db, IEnumerable<RequestSettled> tellers)
{
    public async Task<Outcome<Visit>> HandleAsync(AppointmentId id, int version, CancelAppointment ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var rules = BookingRules.Ask(tx);
        var reasons = CancelReasons.Ask(tx);
        var opened = await Calendar.OpenAsync(tx, id, version, new("appointment.cancelled", "appointment", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        if (VisitStates.Judge(visit, VisitStatus.Cancelled, actor.Role, (tx.Now, ClinicTime.TodayAt(tx.Now, visit.TimeZone))) is { } refusal) return refusal;
        if (CancelReasons.WhatIsWrong(await reasons.ReadAsync(ct), ask.Reason, CancelUse.Staff) is { } wrong) return wrong;
        if (visit.Status == VisitStatus.Requested && ask.By == CancelSide.Clinic) foreach (var teller in tellers) teller.Settled(tx, id);
        return await Calendar.KeepAsync(tx, Cancelled(visit, ask, await rules.OneAsync(ct), tx.Now), new(VisitAct.Cancelled), ct);
    }

    /// <summary>Late is what a patient calls off with less notice than the clinic's rules ask for; a request that nobody accepted yet never is.</summary>
    internal static Visit Cancelled(Visit visit, CancelAppointment ask, BookingRules rules, DateTimeOffset now) =>
        visit.Now(VisitStatus.Cancelled, now) with
        {
            CancelReason = ask.Reason, CancelledBy = Names.Of(ask.By),
            IsLateCancel = ask.By == CancelSide.Patient && visit.Status != VisitStatus.Requested && rules.IsLate(visit, now),
        };
}
