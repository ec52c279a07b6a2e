using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Gives a visit another time, length, provider, location or room. What is absent stays.</summary>
/// <param name="Day">Calendar day at the location.</param>
/// <param name="At">Wall-clock start at the location.</param>
/// <param name="Minutes">Length in whole minutes, 5 to 480.</param>
/// <param name="ProviderId">Whose time.</param>
/// <param name="LocationId">Where; the room is given up when it changes and no other is named.</param>
/// <param name="RoomId">A room of that location.</param>
/// <param name="WithoutRoom">True to give up the room.</param>
/// <param name="Which">For a time the clocks show twice: which one.</param>
/// <param name="IsConfirmed">True to move outside the provider's hours.</param>
public sealed record MoveAppointment(DateOnly? Day = null, TimeOnly? At = null, int? Minutes = null, StaffId? ProviderId = null, LocationId? LocationId = null,
    RoomId? RoomId = null, bool WithoutRoom = false, Doubled? Which = null, bool IsConfirmed = false);

/// <summary>
/// Moves it, or says why not. A visit whose patient has come keeps its time; its provider and room may still change. A confirmed visit at a new time is booked
/// again: the patient confirmed the old one.
/// </summary>
internal sealed class MoveAppointmentHandler(TenantDb db)
{
    public async Task<Outcome<Visit>> HandleAsync(AppointmentId id, int version, MoveAppointment ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        var opened = await Calendar.OpenAsync(tx, id, version, new("appointment.moved", "appointment", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var visit = opened.Value;
        var slot = MoveRules.SlotOf(visit, ask);
        var facts = await SlotFacts.AskAsync(tx, visit.PatientId, visit.VisitTypeId, slot, ct);
        var next = MoveRules.Decide(visit, slot, facts, tx.Now);
        return next.IsOk ? await Calendar.KeepAsync(tx, next.Value, (VisitAct.Moved, null), ct) : next.Refusal;
    }
}

/// <summary>The decision, apart from clock and database.</summary>
internal static class MoveRules
{
    /// <summary>What the visit's slot would be.</summary>
    public static Slot SlotOf(Visit visit, MoveAppointment ask)
    {
        var location = ask.LocationId ?? visit.LocationId;
        return new()
        {
            ProviderId = ask.ProviderId ?? visit.ProviderId, LocationId = location, Day = ask.Day ?? visit.Day,
            RoomId = ask.WithoutRoom ? null : ask.RoomId ?? (location == visit.LocationId ? visit.RoomId : null),
            At = ask.At ?? TimeOnly.FromDateTime(visit.LocalStart), Minutes = ask.Minutes ?? visit.Minutes, Which = ask.Which, IsConfirmed = ask.IsConfirmed,
        };
    }

    /// <summary>The visit as it would be, or why not.</summary>
    public static Outcome<Visit> Decide(Visit visit, Slot slot, SlotFacts facts, DateTimeOffset now)
    {
        if (!visit.Status.IsOpen()) return Refusals.Closed;
        var interval = IsSameTime(visit, slot) ? Kept(visit, slot, facts) : SlotRules.Decide(slot, facts, now);
        if (!interval.IsOk) return interval.Refusal;
        var when = interval.Value;
        var moved = visit with
        {
            ProviderId = slot.ProviderId, LocationId = slot.LocationId, RoomId = slot.RoomId, StartsAt = when.StartsAt, EndsAt = when.EndsAt,
            LocalStart = when.LocalStart, TimeZone = when.TimeZone,
        };
        if (moved == visit) return Refusals.NothingToMove;
        if (when.StartsAt == visit.StartsAt) return moved;
        if (!visit.Status.IsAwaited()) return Refusals.TimeIsFixed;
        return visit.Status == VisitStatus.Confirmed ? moved.Now(VisitStatus.Booked, now) : moved;
    }

    /// <summary>A visit at the later of two 1:30s stays there unless the person says otherwise.</summary>
    private static bool IsSameTime(Visit visit, Slot slot) =>
        slot.Which is null && slot.Day.ToDateTime(slot.At) == visit.LocalStart && slot.LocationId == visit.LocationId;

    /// <summary>Another provider, room or length at the same start. The start may have passed: a colleague takes over a waiting patient.</summary>
    private static Outcome<Interval> Kept(Visit visit, Slot slot, SlotFacts facts)
    {
        if (!facts.IsProvider) return Refusals.UnknownProvider.On("providerId", Refusals.UnknownProvider.Title);
        if (slot.RoomId is not null && slot.RoomId != visit.RoomId && !facts.IsRoomHere) return Refusals.UnknownRoom.On("roomId", Refusals.UnknownRoom.Title);
        if (slot.Minutes is not (>= 5 and <= 480)) return Refusals.BadLength.On("minutes", Refusals.BadLength.Title);
        var interval = new Interval(visit.StartsAt, visit.StartsAt.AddMinutes(slot.Minutes.Value), visit.LocalStart, visit.TimeZone);
        var isOpen = facts.AreHours(interval.LocalStart, ClinicTime.Local(interval.EndsAt, interval.TimeZone));
        var isNewTime = slot.ProviderId != visit.ProviderId || interval.EndsAt > visit.EndsAt;
        return isOpen || slot.IsConfirmed || !isNewTime ? interval : Refusals.OutsideHours.On("isConfirmed", Refusals.OutsideHours.Title);
    }
}
