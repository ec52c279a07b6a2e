using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Gives a visit another time, length, provider, location, room, device or type. What is absent stays.</summary>
/// <param name="Day">Calendar day at the location.</param>
/// <param name="At">Wall-clock start at the location.</param>
/// <param name="Minutes">Length in whole minutes, 5 to 480.</param>
/// <param name="ProviderId">Whose time.</param>
/// <param name="LocationId">Where; room and device are given up when it changes and no others are named.</param>
/// <param name="RoomId">A room of that location.</param>
/// <param name="WithoutRoom">True to give up the room; a visit type that needs one gets any that is free.</param>
/// <param name="Which">For a time the clocks show twice: which one.</param>
/// <param name="IsConfirmed">True to move outside the provider's hours, or against another rule that is only a warning.</param>
/// <param name="DeviceId">A device of that location.</param>
/// <param name="WithoutDevice">True to give up the device; a visit type that needs one gets any that is free.</param>
/// <param name="OverbookReason">Why it is knowingly moved onto a taken time of the provider, by a role that may; absent: it is not.</param>
/// <param name="VisitTypeId">What kind of visit it is after all; it is as long as it was unless <paramref name="Minutes"/> says otherwise.</param>
public sealed record MoveAppointment(DateOnly? Day = null, TimeOnly? At = null, int? Minutes = null, StaffId? ProviderId = null, LocationId? LocationId = null,
    RoomId? RoomId = null, bool WithoutRoom = false, Doubled? Which = null, bool IsConfirmed = false, DeviceId? DeviceId = null, bool WithoutDevice = false,
    OverbookReason? OverbookReason = null, VisitTypeId? VisitTypeId = null);

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
        var next = await NextAsync(tx, visit, MoveRules.SlotOf(visit, ask), ct);
        if (!next.IsOk) return next.Refusal;
        if (next.Value.IsOverbooked && !visit.IsOverbooked) tx.Audit(new("appointment.overbooked", "appointment", id.Value), visit.PatientId);
        return await Calendar.KeepAsync(tx, next.Value, new(VisitAct.Moved), ct);
    }

    /// <summary>The opened visit in that slot, by the rules; nothing is written. A room or device that the type needs and that is taken there is changed for a free one.</summary>
    internal static async Task<Outcome<Visit>> NextAsync(ClinicTx tx, Visit visit, Slot slot, CancellationToken ct)
    {
        if (!SlotRules.IsADay(slot.Day)) return Refusals.NoSuchDay.On("day", Refusals.NoSuchDay.Title);
        var rules = BookingRules.Ask(tx);
        var facts = await CalendarFacts.ReadAsync(tx, CalendarQuestion.Of(slot.Question), ct);
        return MoveRules.Decide(visit, slot, facts, new(tx.Actor.Role, (await rules.OneAsync(ct)).OverbookRoles));
    }
}

/// <summary>The decision, apart from clock and database.</summary>
internal static class MoveRules
{
    /// <summary>What the visit's slot would be.</summary>
    public static Slot SlotOf(Visit visit, MoveAppointment ask)
    {
        var location = ask.LocationId ?? visit.LocationId;
        var isThere = location == visit.LocationId;
        return new()
        {
            VisitTypeId = ask.VisitTypeId ?? visit.VisitTypeId, ProviderId = ask.ProviderId ?? visit.ProviderId, LocationId = location, Day = ask.Day ?? visit.Day,
            RoomId = ask.WithoutRoom ? null : ask.RoomId ?? (isThere ? visit.RoomId : null),
            DeviceId = ask.WithoutDevice ? null : ask.DeviceId ?? (isThere ? visit.DeviceId : null),
            At = ask.At ?? TimeOnly.FromDateTime(visit.LocalStart), Minutes = ask.Minutes ?? visit.Minutes, Which = ask.Which, IsConfirmed = ask.IsConfirmed,
            Overbook = ask.OverbookReason, Besides = visit.Id,
        };
    }

    /// <summary>The visit as it would be, or why not.</summary>
    public static Outcome<Visit> Decide(Visit visit, Slot slot, CalendarFacts facts, Asker asker)
    {
        if (!visit.Status.IsOpen()) return Refusals.Closed;
        if (slot.VisitTypeId != visit.VisitTypeId && facts.Type is not { IsActive: true }) return Refusals.UnknownVisitType.On("visitTypeId", Refusals.UnknownVisitType.Title);
        var interval = IsSameTime(visit, slot) ? Kept(visit, slot, facts, asker) : SlotRules.Decide(Loosened(visit, slot, facts), facts, asker);
        if (!interval.IsOk) return interval.Refusal;
        var moved = visit.At(slot.ProviderId, slot.LocationId, interval.Value).OfType(slot.VisitTypeId);
        if (moved == visit) return Refusals.NothingToMove;
        if (moved.StartsAt == visit.StartsAt) return moved;
        if (!visit.Status.IsAwaited()) return Refusals.TimeIsFixed;
        return visit.Status == VisitStatus.Confirmed ? moved.Now(VisitStatus.Booked, facts.Now) : moved;
    }

    /// <summary>A visit at the later of two 1:30s stays there unless the person says otherwise.</summary>
    private static bool IsSameTime(Visit visit, Slot slot) =>
        slot.Which is null && slot.Day.ToDateTime(slot.At) == visit.LocalStart && slot.LocationId == visit.LocationId;

    /// <summary>At another time, what the visit has only because its type needs one may be another: whichever is free.</summary>
    private static Slot Loosened(Visit visit, Slot slot, CalendarFacts facts)
    {
        bool IsAny(IReadOnlyList<ThingFacts> things, Guid? had, Guid? wanted) => had is not null && had == wanted && things.Any(it => it.Id == had && it.IsSuited);
        return slot with
        {
            RoomId = facts.Type?.NeedsRoom == true && IsAny(facts.Rooms, visit.RoomId?.Value, slot.RoomId?.Value) ? null : slot.RoomId,
            DeviceId = facts.Type?.NeedsDevice == true && IsAny(facts.Devices, visit.DeviceId?.Value, slot.DeviceId?.Value) ? null : slot.DeviceId,
        };
    }

    /// <summary>Another provider, room, device, length or type at the same start. The start may have passed: a colleague takes over a waiting patient.</summary>
    private static Outcome<Interval> Kept(Visit visit, Slot slot, CalendarFacts facts, Asker asker)
    {
        if (slot.Minutes is not (>= 5 and <= 480)) return Refusals.BadLength.On("minutes", Refusals.BadLength.Title);
        if (!facts.Providers.Any(it => it.Id == slot.ProviderId)) return Refusals.UnknownProvider.On("providerId", Refusals.UnknownProvider.Title);
        if (slot.RoomId is { } room && room != visit.RoomId && !facts.Rooms.Any(it => it.Id == room.Value && it.LocationId == slot.LocationId))
            return Refusals.UnknownRoom.On("roomId", Refusals.UnknownRoom.Title);
        if (slot.DeviceId is { } device && device != visit.DeviceId && !facts.Devices.Any(it => it.Id == device.Value && it.LocationId == slot.LocationId))
            return Refusals.UnknownDevice.On("deviceId", Refusals.UnknownDevice.Title);
        var ends = visit.StartsAt.AddMinutes(slot.Minutes.Value);
        var isNewType = slot.VisitTypeId != visit.VisitTypeId;
        var isNewTime = slot.ProviderId != visit.ProviderId || ends > visit.EndsAt || isNewType;
        var overbook = visit.OverbookReason is { } before ? Names.Parse<OverbookReason>(before) : (OverbookReason?)null;
        if (isNewTime)
        {
            var which = ClinicTime.ResolveDoubled(visit.Day, slot.At, visit.TimeZone) is [var earlier, ..] ? visit.StartsAt == earlier ? Doubled.Earlier : Doubled.Later : (Doubled?)null;
            // What was agreed already is no matter any more: when it starts, and where.
            var judged = SlotRules.DecideKept(slot with { Which = which, RoomId = null, DeviceId = null, Overbook = slot.Overbook ?? overbook }, facts, asker);
            if (!judged.IsOk) return judged.Refusal;
            overbook = judged.Value;
        }
        return new Interval(visit.StartsAt, ends, visit.LocalStart, visit.TimeZone)
        {
            RoomId = slot.RoomId, DeviceId = slot.DeviceId, BufferBefore = isNewType ? facts.Type!.BufferBefore : visit.BufferBefore, BufferAfter = isNewType ? facts.Type!.BufferAfter : visit.BufferAfter,   // looked at in Decide
            Overbook = overbook,
        };
    }
}
