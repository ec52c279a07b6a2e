using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

// What the booking page may do: keep a time for a moment, make it a visit, and let a patient change a visit. All inside the caller's transaction of the program
// (role System, door "online"), which the caller commits; a refusal is to be given up.

/// <summary>A time that is kept while somebody fills in a form. It has no patient yet.</summary>
public sealed record HeldSlot(AppointmentId Id, StaffId ProviderId, LocationId LocationId, VisitTypeId VisitTypeId, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    DateTime LocalStart, string TimeZone, DateTimeOffset HeldUntil);

/// <summary>Holds: a hold keeps provider, room and device as a visit does, until it becomes one in place, is released or lapses.</summary>
public static class Holds
{
    /// <summary>Keeps a time for as many minutes as the clinic's rules say. Refused as a booking would be; online nothing can be confirmed.</summary>
    public static async Task<Outcome<HeldSlot>> HoldAsync(ClinicTx tx, SlotQuestion ask, CancellationToken ct)
    {
        if (ask.VisitTypeId is not { } type) return Refusals.UnknownVisitType;
        var id = AppointmentId.New();
        tx.Audit(new("appointment.held", "appointment", id.Value));
        var slot = new Slot
        {
            VisitTypeId = type, ProviderId = ask.ProviderId, LocationId = ask.LocationId, RoomId = ask.RoomId, DeviceId = ask.DeviceId, Day = ask.Day, At = ask.At,
            Minutes = ask.Minutes, Which = ask.Which, IsConfirmed = false, OnlineFor = ask.OnlineFor,
        };
        var placed = await Placing.PlaceAsync(tx, new(id, null, slot) { Status = VisitStatus.Held }, ct);
        if (!placed.IsOk) return placed.Refusal;
        return await FindAsync(tx, id, ct) is { } held ? held : Refusals.HoldEnded;
    }

    /// <summary>A hold that has not lapsed, or null.</summary>
    public static async Task<HeldSlot?> FindAsync(ClinicTx tx, AppointmentId hold, CancellationToken ct) =>
        (await tx.QueryOneOrNoneAsync<HeldRow>(HeldRow.Select, new { hold, tx.Now }, ct))?.ToSlot();

    /// <summary>
    /// Makes a hold the patient's visit, in place: the time is never free in between. Refused when the hold has lapsed, when the patient has as many visits ahead as may
    /// be booked online, or when the clinic does not offer this online to such a patient. What is offered as a request becomes one, whatever was asked.
    /// </summary>
    public static Task<Outcome<VisitFacts>> BookHeldAsync(ClinicTx tx, AppointmentId hold, PatientId patient, string? reason, bool asRequest, CancellationToken ct) =>
        HeldBooking.BookAsync(tx, hold, new(patient, reason, asRequest), ct);

    /// <summary>
    /// The same for a visitor who must not learn whether they are a patient: what the visitor said of themselves was judged when the time was held, and the caller has counted the
    /// visits ahead. Nothing here is refused for what the clinic knows of the patient.
    /// </summary>
    public static Task<Outcome<VisitFacts>> BookJudgedAsync(ClinicTx tx, AppointmentId hold, PatientId patient, string? reason, bool asRequest, CancellationToken ct) =>
        HeldBooking.BookAsync(tx, hold, new(patient, reason, asRequest) { IsJudged = true }, ct);

    /// <summary>Keeps a hold longer, such as while a code is on its way; never shorter. Nothing happens when it is none any more.</summary>
    public static Task ExtendAsync(ClinicTx tx, AppointmentId hold, DateTimeOffset until, CancellationToken ct) => tx.ExecuteAsync("""
        update appointment
        set held_until = greatest(held_until, @until)
        where id = @hold and status = 'held' and held_until > @now
        """, new { hold, until, now = tx.Now }, ct);

    /// <summary>Gives a hold back; nothing happens when it is none any more.</summary>
    public static Task ReleaseAsync(ClinicTx tx, AppointmentId hold, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        tx.Audit(new("appointment.released", "appointment", hold.Value));
        LapsedHolds.QueueRelease(tx, hold);
        return Task.CompletedTask;
    }
}

/// <summary>Where a patient wants a visit to be.</summary>
public sealed record PatientMove(StaffId ProviderId, LocationId LocationId, DateOnly Day, TimeOnly At, Doubled? Which = null)
{
    /// <summary>The kind of patient whose offers count; null: as the clinic knows them. A visitor who must not learn what that is moves as what they said they are.</summary>
    public PatientKind? As { get; init; }
}

/// <summary>What a patient may do with a visit that is theirs, within the clinic's rules. Another patient's visit is as unknown as none.</summary>
public static class PatientVisitActs
{
    /// <summary>Says that they will come.</summary>
    public static Task<Outcome<VisitFacts>> ConfirmAsync(ClinicTx tx, AppointmentId id, PatientId patient, CancellationToken ct) => PatientActs.ConfirmAsync(tx, (id, patient), ct);

    /// <summary>Another time that is offered online. Refused as too late within the clinic's late-cancel window, which a request that nobody has accepted yet has not.</summary>
    public static Task<Outcome<VisitFacts>> MoveAsync(ClinicTx tx, AppointmentId id, PatientId patient, PatientMove to, CancellationToken ct) =>
        PatientActs.MoveAsync(tx, (id, patient), to, ct);

    /// <summary>Calls it off: late within the clinic's window; too late once it has begun.</summary>
    public static Task<Outcome<VisitFacts>> CancelAsync(ClinicTx tx, AppointmentId id, PatientId patient, CancellationToken ct) => PatientActs.CancelAsync(tx, (id, patient), null, ct);

    /// <summary>The same, saying why.</summary>
    /// <param name="reason">Code of one that is offered to patients (<see cref="ReasonsAsync"/>); others are refused. Null: that the patient asked for it.</param>
    public static Task<Outcome<VisitFacts>> CancelAsync(ClinicTx tx, (AppointmentId Id, PatientId Patient) whose, string? reason, CancellationToken ct) => PatientActs.CancelAsync(tx, whose, reason, ct);

    /// <summary>The reasons that patients are offered, by code and name, in the clinic's order.</summary>
    public static async Task<IReadOnlyList<(string Code, string Name)>> ReasonsAsync(ClinicTx tx, CancellationToken ct) =>
        [.. (await CancelReasons.Ask(tx).ReadAsync(ct)).Where(reason => reason.IsFor(CancelUse.Patient)).Select(reason => (reason.Code, reason.Name))];

    /// <summary>Takes their own cancellation back, not the desk's. Refused as too late after <paramref name="within"/> or once it would have begun, and when something has come into its place.</summary>
    public static Task<Outcome<VisitFacts>> UndoCancelAsync(ClinicTx tx, AppointmentId id, PatientId patient, TimeSpan within, CancellationToken ct) =>
        PatientActs.UndoCancelAsync(tx, (id, patient), within, ct);
}
