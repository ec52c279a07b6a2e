using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Asks for a provider's time on behalf of a patient.</summary>
/// <param name="PatientId">Who comes.</param>
/// <param name="ProviderId">Whose time.</param>
/// <param name="VisitTypeId">What kind of visit.</param>
/// <param name="LocationId">Where; its wall clock counts.</param>
/// <param name="Day">Calendar day there.</param>
/// <param name="At">Wall-clock start there.</param>
/// <param name="Minutes">Length in whole minutes, 5 to 480; absent: as long as the visit type usually is.</param>
/// <param name="RoomId">A room of that location, or absent.</param>
/// <param name="Which">For a time the clocks show twice: which one.</param>
/// <param name="Reason">What the patient comes for, at most 1,000 characters; kept sealed.</param>
/// <param name="IsConfirmed">True to book outside the provider's hours.</param>
public sealed record BookAppointment(PatientId PatientId, StaffId ProviderId, VisitTypeId VisitTypeId, LocationId LocationId, DateOnly Day, TimeOnly At,
    int? Minutes = null, RoomId? RoomId = null, Doubled? Which = null, string? Reason = null, bool IsConfirmed = false)
{
    internal Slot Slot => new()
    {
        ProviderId = ProviderId, LocationId = LocationId, RoomId = RoomId, Day = Day, At = At, Minutes = Minutes, Which = Which, IsConfirmed = IsConfirmed,
    };
}

/// <summary>
/// Books it, or says why not. Two desks cannot both win one time: the database refuses the overlap (constraints <c>appointment_no_overlap</c> and
/// <c>appointment_room_no_overlap</c>), not a check made here.
/// </summary>
internal sealed class BookAppointmentHandler(TenantDb db)
{
    private const int LongestReason = 1000;

    public async Task<Outcome<Visit>> HandleAsync(BookAppointment ask, Actor actor, CancellationToken ct)
    {
        if (ask.Reason?.Length > LongestReason) return Refusals.BadReason.On("reason", Refusals.BadReason.Title);
        var access = new Access("appointment.booked", "appointment", AppointmentId.New().Value);
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(access, ask.PatientId);
        var facts = await SlotFacts.AskAsync(tx, ask.PatientId, ask.VisitTypeId, ask.Slot, ct);
        if (Unknown(facts) is { } unknown) return unknown;
        var interval = SlotRules.Decide(ask.Slot, facts, tx.Now);
        if (!interval.IsOk) return interval.Refusal;

        var visit = VisitOf(ask, new(access.ResourceId!.Value), interval.Value, tx.Now);   // named two lines up
        var (reason, keyVersion) = await SealAsync(tx, visit, ask.Reason, access, ct);
        if (await tx.ExecuteAsync(InsertUnlessTaken, Row(visit, actor, reason, keyVersion, tx.Now), ct) == 0) return await WhichIsTakenAsync(tx, visit, ct);
        Calendar.QueueMove(tx, visit, (VisitAct.Booked, null));
        await tx.CommitAsync(ct);
        return visit;
    }

    private static Refusal? Unknown(SlotFacts facts)
    {
        if (!facts.IsPatientKnown) return Refusals.UnknownPatient.On("patientId", Refusals.UnknownPatient.Title);
        return facts.UsualMinutes is null ? Refusals.UnknownVisitType.On("visitTypeId", Refusals.UnknownVisitType.Title) : null;
    }

    private static Visit VisitOf(BookAppointment ask, AppointmentId id, Interval when, DateTimeOffset now) => new()
    {
        Id = id, PatientId = ask.PatientId, ProviderId = ask.ProviderId, VisitTypeId = ask.VisitTypeId, LocationId = ask.LocationId, RoomId = ask.RoomId,
        StartsAt = when.StartsAt, EndsAt = when.EndsAt, LocalStart = when.LocalStart, TimeZone = when.TimeZone,
        StatusName = VisitStates.NameOf(VisitStatus.Booked), StatusChangedAt = now, Version = 1,
    };

    private static async Task<(byte[]? Sealed, int? KeyVersion)> SealAsync(ClinicTx tx, Visit visit, string? reason, Access access, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(reason) || await tx.OpenPatientAsync(visit.PatientId, access, ct) is not { } key) return (null, null);
        return (key.Seal(reason.Trim(), VisitReason.CellOf(visit.Id)), key.Version);
    }

    private static object Row(Visit visit, Actor actor, byte[]? reason, int? reasonKeyVersion, DateTimeOffset now) => new
    {
        visit.Id, visit.PatientId, visit.ProviderId, visit.VisitTypeId, visit.LocationId, visit.RoomId, visit.StartsAt, visit.EndsAt, visit.LocalStart,
        visit.TimeZone, reason, reasonKeyVersion, actor.Person, now,
    };

    /// <summary>Both constraints answer an insert that gives way with silence; the provider's time counts first.</summary>
    private static async Task<Refusal> WhichIsTakenAsync(ClinicTx tx, Visit visit, CancellationToken ct) =>
        (await tx.QueryAsync<bool>(IsProviderTaken, new { visit.ProviderId, visit.StartsAt, visit.EndsAt }, ct)).Single() || visit.RoomId is null
            ? Refusals.SlotTaken.On("at", Refusals.SlotTaken.Title)
            : Refusals.RoomTaken.On("roomId", Refusals.RoomTaken.Title);

    private const string InsertUnlessTaken = """
        insert into appointment (id, patient_id, provider_id, visit_type_id, location_id, room_id, starts_at, ends_at, local_start, time_zone, status,
            status_changed_at, reason, reason_key_version, booked_by, created_at, updated_at)
        values (@id, @patientId, @providerId, @visitTypeId, @locationId, @roomId, @startsAt, @endsAt, @localStart, @timeZone, 'booked', @now,
            @reason, @reasonKeyVersion, @person, @now, @now)
        on conflict do nothing
        """;

    private const string IsProviderTaken = """
        select exists (select from appointment
            where provider_id = @providerId and not is_overbooked
                and keeps_busy && tsrange(@startsAt at time zone 'UTC', @endsAt at time zone 'UTC')
                and status not in ('cancelled', 'no_show', 'left_without_being_seen'))
        """;
}
