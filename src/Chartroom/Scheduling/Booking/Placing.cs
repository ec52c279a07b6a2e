using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>A visit, or a hold, that is to be put into the calendar.</summary>
/// <param name="PatientId">Null for a hold.</param>
internal sealed record NewVisit(AppointmentId Id, PatientId? PatientId, Slot Slot)
{
    public VisitStatus Status { get; init; } = VisitStatus.Booked;
    /// <summary>Only for a hold: so many minutes as the clinic's rules say.</summary>
    public bool IsHold => Status == VisitStatus.Held;
    /// <summary>Seals what the patient comes for; asked once the time is known to be free.</summary>
    public Func<Task<(byte[]? Sealed, int? KeyVersion)>> SealAsync { get; init; } = () => Task.FromResult<(byte[]?, int?)>((null, null));
    /// <summary>Asked for with the first round trip; null: nobody to be known.</summary>
    public AskedRows<bool>? IsPatientKnown { get; init; }
}

/// <summary>
/// The one way into the calendar. Provider, room and device are taken by one insert, which the named constraints let through or not; it gives way instead of waiting
/// for others to fail. Who lost by a hair looks again, and may find another room.
/// </summary>
internal static class Placing
{
    /// <summary>Enough for the rooms of a large clinic to be lost one by one.</summary>
    private const int MostTries = 12;

    /// <summary>Puts it there, or says why not; the caller commits.</summary>
    public static async Task<Outcome<Visit>> PlaceAsync(ClinicTx tx, NewVisit wanted, CancellationToken ct)
    {
        var asked = BookingRules.Ask(tx);
        if (!SlotRules.IsADay(wanted.Slot.Day))
        {
            await asked.OneAsync(ct);   // so that the refusal, like any other, leaves its event
            return Refusals.NoSuchDay.On("day", Refusals.NoSuchDay.Title);
        }
        var facts = await CalendarFacts.ReadAsync(tx, CalendarQuestion.Of(wanted.Slot.Question), ct);
        var rules = await asked.OneAsync(ct);
        if (wanted.IsPatientKnown is { } known && !await known.OneAsync(ct)) return Refusals.UnknownPatient.On("patientId", Refusals.UnknownPatient.Title);
        var (asker, cell) = (new Asker(tx.Actor.Role, rules.OverbookRoles), ((byte[]? Sealed, int? KeyVersion)?)null);
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var when = SlotRules.Decide(wanted.Slot, facts, asker);
            if (!when.IsOk) return when.Refusal;
            cell ??= await wanted.SealAsync();
            var visit = VisitOf(wanted, when.Value, tx.Now);
            if (await InsertAsync(tx, visit, (wanted, cell.Value, rules), ct)) return visit;
            facts = await CalendarFacts.ReadAsync(tx, CalendarQuestion.Of(wanted.Slot.Question), ct);
        }
        return Refusals.SlotTaken;
    }

    private static async Task<bool> InsertAsync(ClinicTx tx, Visit visit, (NewVisit Wanted, (byte[]? Sealed, int? KeyVersion) Reason, BookingRules Rules) how, CancellationToken ct)
    {
        LapsedHolds.QueueEnding(tx, visit.StartsAt, visit.EndsAt);
        var inserted = await tx.ExecuteAsync(InsertUnlessTaken, new
        {
            visit.Id, how.Wanted.PatientId, visit.ProviderId, visit.VisitTypeId, visit.LocationId, visit.RoomId, visit.DeviceId, visit.StartsAt, visit.EndsAt,
            visit.LocalStart, visit.TimeZone, visit.StatusName, visit.BufferBefore, visit.BufferAfter, visit.IsOverbooked, visit.OverbookReason,
            heldUntil = how.Wanted.IsHold ? tx.Now.AddMinutes(how.Rules.HoldMinutes) : (DateTimeOffset?)null, source = how.Wanted.Slot.OnlineFor is null ? "desk" : "online",
            reason = how.Reason.Sealed, reasonKeyVersion = how.Reason.KeyVersion, tx.Actor.Person, tx.Now,
        }, ct);
        if (inserted == 0) return false;
        Calendar.QueueMove(tx, visit, new(how.Wanted.IsHold ? VisitAct.Held : VisitAct.Booked));
        if (visit.IsOverbooked) tx.Audit(new("appointment.overbooked", "appointment", visit.Id.Value), visit.PatientId);
        return true;
    }

    private static Visit VisitOf(NewVisit wanted, Interval when, DateTimeOffset now) => new Visit
    {
        Id = wanted.Id, PatientId = wanted.PatientId ?? default, VisitTypeId = wanted.Slot.VisitTypeId, StatusName = VisitStates.NameOf(wanted.Status), StatusChangedAt = now,
        Version = 1,
    }.At(wanted.Slot.ProviderId, wanted.Slot.LocationId, when);

    private const string InsertUnlessTaken = """
        insert into appointment (id, patient_id, provider_id, visit_type_id, location_id, room_id, device_id, starts_at, ends_at, local_start, time_zone, status,
            status_changed_at, buffer_before, buffer_after, is_overbooked, overbook_reason, held_until, source, reason, reason_key_version, booked_by, created_at,
            updated_at)
        values (@id, @patientId, @providerId, @visitTypeId, @locationId, @roomId, @deviceId, @startsAt, @endsAt, @localStart, @timeZone, @statusName, @now,
            @bufferBefore, @bufferAfter, @isOverbooked, @overbookReason, @heldUntil, @source, @reason, @reasonKeyVersion, @person, @now, @now)
        on conflict do nothing
        """;
}
