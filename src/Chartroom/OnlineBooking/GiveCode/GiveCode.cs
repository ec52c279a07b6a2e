using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>The six digits of the e-mail.</summary>
public sealed record GiveCode(string Code);

/// <summary>
/// Books or requests the held time once the code is right. A try is counted and committed before it is looked at, so of any number at once exactly five are looked at.
/// Only then is anybody looked up, and nothing of it shows: whoever fits no patient is entered as one, and the desk sees whom it resembles.
/// Refusals: <c>online-booking.wrong-code</c>, <c>.code-ended</c>, <c>.too-many-upcoming</c>, <c>.closed</c>.
/// </summary>
internal sealed class GiveCodeHandler(ClinicDoor door, TenantDb db, VisitLinks links)
{
    public const int MostTries = 5;

    public async Task<Outcome<Done>> HandleAsync((string Slug, string Token) at, GiveCode ask, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(at.Slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        var actor = clinic.ActorOf(origin);
        var tried = await CountTryAsync(actor, at.Token, ct);
        if (!tried.IsOk) return tried.Refusal.Code == AlreadyDone.Code ? Done.It : tried.Refusal;

        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        if (await Booking.TakeAsync(tx, at.Token, ct) is not { } booking || booking.StageAt(tx.Now) == BookingStage.Ended) return Refusals.CodeEnded;
        if (booking.State == "done") return Done.It;
        if (tried.Value.Code != Blinds.Code(tx, booking.Id, Digits(ask.Code))) return tried.Value.Tries < MostTries ? Refusals.WrongCode.On("code", Refusals.WrongCode.Title) : await EndAsync(tx, booking, ct);
        if (booking.Typed is null) return Refusals.CodeEnded;
        return await BookAsync(tx, (clinic, booking), tx.OpenForClinic<TypedDetails>(booking.Typed, TypedDetails.CellOf(booking.Id)), ct);
    }

    private async Task<Outcome<Tried>> CountTryAsync(Actor actor, string token, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new Access("online_booking.code-tried", "appointment", Purpose: Purpose.Operations));
        var tried = await tx.QueryAsync<Tried>(CountTry, new { hash = SecretToken.HashOf(token), now = tx.Now, most = MostTries }, ct);
        if (tried is [var one])
        {
            await tx.CommitAsync(ct);
            return one;
        }
        return await Booking.FindAsync(tx, token, ct) is { State: "done" } ? AlreadyDone : Refusals.CodeEnded;
    }

    /// <summary>The last try was wrong: the time is free again at once.</summary>
    private static async Task<Refusal> EndAsync(ClinicTx tx, Booking booking, CancellationToken ct)
    {
        tx.Audit(new Access("online_booking.ended", "appointment", booking.AppointmentId.Value, Purpose.Operations));
        if (await tx.ExecuteAsync(End, new { booking.Id }, ct) == 1) await Holds.ReleaseAsync(tx, booking.AppointmentId, ct);
        await tx.CommitAsync(ct);
        return Refusals.CodeEnded;
    }

    private async Task<Outcome<Done>> BookAsync(ClinicTx tx, (OpenClinic Clinic, Booking Booking) where, TypedDetails words, CancellationToken ct)
    {
        var (clinic, booking) = where;
        await tx.QueryAsync<string>("select pg_advisory_xact_lock(hashtextextended('online_match', hashtext(current_schema())))::text", null, ct);   // of one new person twice at once, the second finds the first
        var match = await PatientMatch.FindAsync(tx, words.Demographics, new("patient.matched-online", "patient", Purpose: Purpose.PatientRequest), ct);
        var email = Blinds.Email(tx, words.Email);
        // A telephone number is anybody's to type; only the proved address lets its owner hear how many visits a patient has ahead.
        var upcoming = (await tx.QueryAsync<long>(CountUpcoming, new { patient = match.HasEmail ? match.Sole : null, email, now = tx.Now }, ct)).Single();
        var rules = await OnlineOffers.ReadAsync(tx, ct);
        if (upcoming >= rules.Rules.MostUpcoming) return Refusals.TooManyUpcoming;

        var patient = match.Sole;
        if (patient is null)
        {
            var entered = await PatientRegister.CreateAsync(tx, words.Demographics, "patient.created", ct);
            if (!entered.IsOk) return entered.Refusal;
            patient = entered.Value.Id;
        }
        var booked = await Holds.BookJudgedAsync(tx, booking.AppointmentId, patient.Value, words.Reason, booking.IsRequest, ct);
        if (!booked.IsOk) return Refusals.Lapsed;
        var link = links.Give(tx, booking.AppointmentId, patient.Value);
        tx.Enqueue(MailOf(clinic, booking, words.Email, link), patient);
        await tx.ExecuteAsync(Finish, new
        {
            booking.Id, patient, isNew = match.Sole is null, alike = match.Alike.Select(one => one.Value).ToArray(),
            typed = tx.SealForClinic(words with { Given = "", Family = "", Born = default, Phone = "", Reason = null }, TypedDetails.CellOf(booking.Id)), keyVersion = tx.ClinicKeyVersion,
        }, ct);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    private static Platform.Outbox.OutboxMessage MailOf(OpenClinic clinic, Booking booking, string to, string link)
    {
        var visit = new VisitWords(booking.LocalStart, booking.StartsAt, booking.TimeZone, booking.ProviderName, booking.Place, booking.Address);
        return booking.IsRequest ? Mails.Requested(to, clinic, visit, link) : Mails.Booked(to, clinic, visit, link);
    }

    /// <summary>People type spaces and hyphens between digits.</summary>
    private static string Digits(string typed) => string.Concat(typed.Take(40).Where(char.IsAsciiDigit));

    private static readonly Refusal AlreadyDone = new("online-booking.already-done", 409, "This visit is booked already.");

    private sealed record Tried(long? Code, int Tries);

    private const string CountTry = """
        update online_booking
        set tries = tries + 1
        where token_hash = @hash and state = 'asked' and tries < @most and code_until > @now and held_until > @now
        returning code, tries
        """;

    private const string End = """
        update online_booking
        set state = 'ended', typed = null, typed_key_version = null, code = null
        where id = @id and state = 'asked'
        """;

    private const string Finish = """
        update online_booking
        set state = 'done', patient_id = @patient, is_new_patient = @isNew, alike = @alike, typed = @typed, typed_key_version = @keyVersion, code = null
        where id = @id
        """;

    private const string CountUpcoming = """
        select count(*)
        from appointment
        where appointment.starts_at > @now and appointment.source = 'online' and appointment.status in ('requested', 'booked', 'confirmed')
            and (appointment.patient_id = @patient
                or appointment.id in (select online_booking.appointment_id from online_booking where online_booking.email = @email and online_booking.state = 'done'))
        """;
}
