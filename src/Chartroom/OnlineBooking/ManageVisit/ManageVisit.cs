using System.Globalization;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>The second fact that a link asks for.</summary>
/// <param name="BirthDate">Day of birth, <c>1980-03-04</c> or <c>3/4/1980</c>.</param>
public sealed record ProveBirthDate(string BirthDate);

/// <summary>Gives the visit another time.</summary>
/// <param name="Time">The instant, <c>2026-03-02T14:00:00Z</c>.</param>
public sealed record MoveToTime(string Time);

/// <summary>What a link leads to: before the birth date was given nothing but the clinic, after it the visit.</summary>
/// <param name="Shown">Null until the birth date was given.</param>
public sealed record ManagedVisit(OpenClinic Clinic, string Token, LinkedVisit? Shown, DateTimeOffset Now)
{
    /// <summary>Until when a cancellation by this link can be taken back; null when there is none.</summary>
    public DateTimeOffset? UndoUntil { get; init; }

    public string Path => $"/visit/{Token}";

    /// <summary>What the patient may answer when asked why, by code and name.</summary>
    public IReadOnlyList<(string Code, string Name)> CancelChoices { get; init; } = [];

    /// <summary>Whom to call: the place, else the clinic.</summary>
    public string? Phone => Shown?.PlacePhone is { } phone ? PhoneNumber.Read(phone)?.Shown ?? phone : Clinic.ShownPhone;
}

/// <summary>Free times for a move, and the days they are on.</summary>
public sealed record MoveChoices(ManagedVisit Managed, IReadOnlyList<FreeTime> Times, DateOnly From, DateOnly Today, DateOnly Horizon);

/// <summary>
/// A patient's own visit by its link. Every act asks for the link and for the pass that a browser got for the birth date. A try at the birth date is counted and committed
/// before it is looked at. Refusals: <c>online-booking.bad-link</c>, <c>.wrong-birth-date</c>, <c>.proof-needed</c>, <c>.too-late</c>, <c>.cannot-undo</c>, and the calendar's.
/// </summary>
internal sealed class ManageVisitHandler(ClinicDoor door, TenantDb db, OnlineBookingSettings settings)
{
    public const int MostTries = 5, PassMinutes = 30;

    public async Task<Outcome<ManagedVisit>> ShowAsync((string Token, string? Pass) by, Origin origin, CancellationToken ct)
    {
        if (await ClinicAsync(by.Token, origin, ct) is not { } clinic) return Refusals.BadLink;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.SeeAppointments, ct);
        tx.Audit(new Access("visit_link.read", "appointment", Purpose: Purpose.PatientRequest));
        var visit = await LinkedVisit.FindAsync(tx, by.Token, ct);
        var isProved = visit?.IsProved(by.Pass, tx.Now) == true;
        if (isProved) tx.Audit(new Access("visit_link.opened", "appointment", visit!.Id.Value, Purpose.PatientRequest), visit.PatientId);   // proved, so there is one
        var reasons = isProved ? await PatientVisitActs.ReasonsAsync(tx, ct) : [];
        await tx.CommitAsync(ct);
        if (visit is null) return Refusals.BadLink;
        return new ManagedVisit(clinic, by.Token, isProved ? visit : null, tx.Now) { CancelChoices = reasons, UndoUntil = visit.MayUndo(tx.Now, Regret) ? visit.StatusChangedAt + Regret : null };
    }

    /// <summary>A pass for this browser when the birth date is right.</summary>
    public async Task<Outcome<string>> ProveAsync(string token, ProveBirthDate ask, Origin origin, CancellationToken ct)
    {
        if (await ClinicAsync(token, origin, ct) is not { } clinic) return Refusals.BadLink;
        if (!await CountTryAsync(clinic.ActorOf(origin), token, ct)) return Refusals.BadLink;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.SeePatients, ct);
        if (await tx.QueryOneOrNoneAsync<LinkOwner>("select id, patient_id from visit_link where token_hash = @hash", new { hash = SecretToken.HashOf(token) }, ct) is not { } link) return Refusals.BadLink;
        var patient = await PatientRegister.ReadAsync(tx, link.PatientId, new("visit_link.proved", "patient", link.PatientId.Value, Purpose.PatientRequest), ct);
        var isDay = DateOnly.TryParseExact(ask.BirthDate, ["yyyy-MM-dd", "M/d/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        if (patient?.Demographics.BirthDate?.Day is not { } born || !isDay || born != day) return Refusals.WrongBirthDate.On("birthDate", Refusals.WrongBirthDate.Title);
        var pass = SecretToken.New();
        await tx.ExecuteAsync("update visit_link set pass_hash = @hash, pass_until = @until, tries = 0 where id = @id",
            new { hash = SecretToken.HashOf(pass), until = tx.Now.AddMinutes(PassMinutes), link.Id }, ct);
        await tx.CommitAsync(ct);
        return pass;
    }

    public Task<Outcome<Done>> ConfirmAsync((string Token, string? Pass) by, Origin origin, CancellationToken ct) => ActAsync(by, origin, async (tx, visit) =>
    {
        if (!visit.IsAhead(tx.Now)) return Refusals.TooLate;
        return (await PatientVisitActs.ConfirmAsync(tx, visit.Id, visit.PatientId, ct)).Select(_ => Done.It);
    }, ct);

    /// <summary>The old time is given up only by having the new one: it is one row that moves.</summary>
    public Task<Outcome<Done>> MoveAsync((string Token, string? Pass) by, MoveToTime ask, Origin origin, CancellationToken ct) => ActAsync(by, origin, async (tx, visit) =>
    {
        if (!visit.MayChange(tx.Now)) return Refusals.TooLate;
        if (When.Instant(ask.Time) is not { } start) return Refusals.Taken;
        var day = ClinicTime.TodayAt(start, visit.TimeZone);
        var found = await Slots.FindAsync(tx, SearchOf(visit, day, day), ct);
        if (!found.IsOk || found.Value.Where(slot => slot.StartsAt == start).ToArray() is not [var slot, ..]) return Refusals.Taken;
        return (await PatientVisitActs.MoveAsync(tx, visit.Id, visit.PatientId, MoveOf(slot, visit), ct)).Select(_ => Done.It);
    }, ct);

    /// <param name="reason">Code of one of the reasons shown; null: the patient would rather not say.</param>
    public Task<Outcome<Done>> CancelAsync((string Token, string? Pass) by, string? reason, Origin origin, CancellationToken ct) => ActAsync(by, origin, async (tx, visit) =>
    {
        if (!visit.MayChange(tx.Now)) return Refusals.TooLate;
        return (await PatientVisitActs.CancelAsync(tx, (visit.Id, visit.PatientId), reason, ct)).Select(_ => Done.It);
    }, ct);

    /// <summary>Takes a cancellation by the link back, for some minutes and while nothing has come into its place.</summary>
    public Task<Outcome<Done>> UndoCancelAsync((string Token, string? Pass) by, Origin origin, CancellationToken ct) => ActAsync(by, origin, async (tx, visit) =>
    {
        tx.Audit(new Access("visit_link.opened", "appointment", visit.Id.Value, Purpose.PatientRequest), visit.PatientId);
        if (visit.IsAhead(tx.Now)) return Done.It;   // twice is once
        if (!visit.MayUndo(tx.Now, Regret)) return Refusals.CannotUndo;
        return (await PatientVisitActs.UndoCancelAsync(tx, visit.Id, visit.PatientId, Regret, ct)).IsOk ? Done.It : Refusals.CannotUndo;
    }, ct);

    private TimeSpan Regret => TimeSpan.FromMinutes(settings.UndoCancelMinutes);

    /// <summary>Free times with the same provider, a week from the day on.</summary>
    public async Task<Outcome<MoveChoices>> ChoicesAsync((string Token, string? Pass) by, DateOnly? from, Origin origin, CancellationToken ct)
    {
        if (await ClinicAsync(by.Token, origin, ct) is not { } clinic) return Refusals.BadLink;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.SeeAppointments, ct);
        if (await LinkedVisit.FindAsync(tx, by.Token, ct) is not { } visit) return Refusals.BadLink;
        if (!visit.IsProved(by.Pass, tx.Now)) return Refusals.ProofNeeded;
        if (!visit.MayChange(tx.Now)) return Refusals.TooLate;
        tx.Audit(new Access("visit_link.opened", "appointment", visit.Id.Value, Purpose.PatientRequest), visit.PatientId);
        var today = ClinicTime.TodayAt(tx.Now, visit.TimeZone);
        var horizon = today.AddDays(visit.HorizonDays);
        var first = from is { } day && day > today ? (day > horizon ? horizon : day) : today;
        var found = await Slots.FindAsync(tx, SearchOf(visit, first, first.AddDays(FindTimeHandler.DaysShown - 1)), ct);
        await tx.CommitAsync(ct);
        var free = found.IsOk ? found.Value.Select(slot => new FreeTime(slot.StartsAt.ToUniversalTime(), slot.LocalStart)).Where(time => time.StartsAt != visit.StartsAt) : [];
        var times = FreeTime.Shown(free, (int)(visit.EndsAt - visit.StartsAt).TotalMinutes);
        return new MoveChoices(new(clinic, by.Token, visit, tx.Now), times, first, today, horizon);
    }

    private async Task<Outcome<Done>> ActAsync((string Token, string? Pass) by, Origin origin, Func<ClinicTx, LinkedVisit, Task<Outcome<Done>>> act, CancellationToken ct)
    {
        if (await ClinicAsync(by.Token, origin, ct) is not { } clinic) return Refusals.BadLink;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.BookAppointments, ct);
        if (await LinkedVisit.FindAsync(tx, by.Token, ct) is not { } visit) return Refusals.BadLink;
        if (!visit.IsProved(by.Pass, tx.Now)) return Refusals.ProofNeeded;
        var done = await act(tx, visit);
        if (done.IsOk) await tx.CommitAsync(ct);
        return done;
    }

    private async Task<bool> CountTryAsync(Actor actor, string token, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new Access("visit_link.tried", "appointment", Purpose: Purpose.PatientRequest));
        var counted = await tx.ExecuteAsync("""
            update visit_link
            set tries = visit_link.tries + 1
            from appointment
            where visit_link.token_hash = @hash and visit_link.tries < @most and appointment.id = visit_link.appointment_id and appointment.ends_at > @dayBefore
            """, new { hash = SecretToken.HashOf(token), most = MostTries, dayBefore = tx.Now.AddDays(-1) }, ct);
        await tx.CommitAsync(ct);
        return counted == 1;
    }

    private async Task<OpenClinic?> ClinicAsync(string token, Origin origin, CancellationToken ct) =>
        VisitLinks.ClinicOf(token) is { } id ? await door.ByIdAsync(id, origin, ct) : null;

    private static SlotSearch SearchOf(LinkedVisit visit, DateOnly from, DateOnly to) => new()
    {
        VisitTypeId = visit.VisitTypeId, Providers = [visit.ProviderId], LocationId = visit.LocationId, From = from, To = to, OnlineFor = visit.Kind, Besides = visit.Id, Most = FindTimeHandler.MostStarts,
    };

    private static PatientMove MoveOf(FreeSlot slot, LinkedVisit visit) =>
        slot.AsMove() with { As = visit.Kind };

    private sealed record LinkOwner(Guid Id, PatientId PatientId);
}
