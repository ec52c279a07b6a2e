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

    public static async Task<Outcome<VisitFacts>> CancelAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, string? reason, CancellationToken ct)
    {
        var asked = BookingRules.Ask(tx);
        var reasons = CancelReasons.Ask(tx);
        var opened = await OpenAsync(tx, whose, "appointment.cancelled", ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        if (Judge(tx, visit, VisitStatus.Cancelled) is { } refusal) return refusal;
        if (!visit.Status.IsAwaited() || visit.StartsAt <= tx.Now) return Refusals.TooLateToChange;
        if (reason is not null && CancelReasons.WhatIsWrong(await reasons.ReadAsync(ct), reason, CancelUse.Patient) is { } wrong) return wrong;
        var ask = new CancelAppointment(reason ?? CancelCodes.PatientRequest, CancelSide.Patient);
        return await PutAsync(tx, CancelAppointmentHandler.Cancelled(visit, ask, await asked.OneAsync(ct), tx.Now), VisitAct.Cancelled, ct);
    }

    public static async Task<Outcome<VisitFacts>> UndoCancelAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, TimeSpan within, CancellationToken ct)
    {
        var opened = await OpenAsync(tx, whose, "appointment.undone", ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        var history = await tx.QueryAsync<KeptMove>(UndoMoveHandler.SelectHistory, new { visit.Id }, ct);
        var by = await tx.QueryOneOrNoneAsync<string>("select role from appointment_move where appointment_id = @id and version = @version", new { visit.Id, visit.Version }, ct);
        if (visit.Status != VisitStatus.Cancelled || history[^1].Act != "cancelled" || by != Names.Of(ClinicRole.Patient)) return Refusals.NothingToUndo;
        if (visit.StartsAt <= tx.Now || tx.Now - visit.StatusChangedAt > within) return Refusals.TooLateToChange;
        if (UndoRules.TargetOf(history).Version is not { } target) return Refusals.NothingToUndo;
        if (!visit.IsOverbooked && await IsInTheWayAsync(tx, visit, ct)) return Refusals.SlotTaken;
        var before = (await Calendar.FindVersionAsync(tx, visit.Id, target, ct))!;   // every version has its row, written with it
        return await PutAsync(tx, visit.In(before), VisitAct.Undone, ct, target);
    }

    /// <summary>What has come into its place since. The rules for new bookings (notice, grid, offers) do not count: it was booked by them.</summary>
    private static async Task<bool> IsInTheWayAsync(ClinicTx tx, Visit visit, CancellationToken ct)
    {
        var at = TimeOnly.FromDateTime(visit.LocalStart);
        var which = ClinicTime.ResolveDoubled(visit.Day, at, visit.TimeZone) is [var earlier, _] ? visit.StartsAt == earlier ? Doubled.Earlier : Doubled.Later : (Doubled?)null;
        var reasons = await Slots.WhyNotAsync(tx, new()
        {
            VisitTypeId = visit.VisitTypeId, ProviderId = visit.ProviderId, LocationId = visit.LocationId, Day = visit.Day, At = at, Which = which, Minutes = visit.Minutes,
            RoomId = visit.RoomId, DeviceId = visit.DeviceId, Besides = visit.Id,
        }, ct);
        WhyNot[] obstacles = [SlotJudge.Taken, SlotJudge.Held, SlotJudge.Buffer, SlotJudge.RoomTaken, SlotJudge.DeviceTaken, SlotJudge.Closed, SlotJudge.Away, SlotJudge.OutsideBusy];
        return reasons.Any(obstacles.Contains);
    }

    private static async Task<Outcome<Visit>> OpenAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, string audited, CancellationToken ct)
    {
        tx.Audit(new(audited, "appointment", whose.Id.Value), whose.Patient);
        return await Calendar.FindForChangeAsync(tx, whose.Id, ct) is { } visit && visit.PatientId == whose.Patient ? visit : Refusals.Unknown;
    }

    private static Refusal? Judge(ClinicTx tx, Visit visit, VisitStatus to) =>
        VisitStates.Judge(visit, to, tx.Actor.Role, (tx.Now, ClinicTime.TodayAt(tx.Now, visit.TimeZone)));

    private static async Task<Outcome<VisitFacts>> PutAsync(ClinicTx tx, Visit next, VisitAct act, CancellationToken ct, int? restores = null)
    {
        var put = await Calendar.PutAsync(tx, next, new(act, restores, next.PatientId), ct);
        return put.IsOk ? (await Visits.FindAsync(tx, next.Id, ct))! : put.Refusal;   // just written
    }
}
