using System.Globalization;
using System.Security.Cryptography;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

/// <summary>
/// Seals what was typed and mails a code to the address. Nobody is looked up here: the answer is the same for patients and strangers because nothing is known yet.
/// A program that fills in the unseen field hears the same and gets no mail. Refusals: <c>online-booking.incomplete</c>, <c>.too-fast</c>, <c>.too-many-mails</c>,
/// <c>.hold-lapsed</c>, <c>.closed</c>.
/// </summary>
internal sealed class GiveDetailsHandler(ClinicDoor door, TenantDb db, OnlineBookingSettings settings)
{
    /// <summary>In the place of a code, where none was mailed: no digits, so nobody can give it.</summary>
    private const string NoCode = "none";

    private static readonly Access Asked = new("online_booking.code-asked", "appointment", Purpose: Purpose.Operations);

    public async Task<Outcome<Done>> HandleAsync((string Slug, string Token) at, GiveDetails ask, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(at.Slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.BookAppointments, ct);
        tx.Audit(Asked);
        if (await Booking.TakeAsync(tx, at.Token, ct) is not { } booking || booking.StageAt(tx.Now) is not (BookingStage.Held or BookingStage.Asked)) return Refusals.Lapsed;
        var typed = TypedDetails.Check(ask, ClinicTime.TodayAt(tx.Now, booking.TimeZone));
        if (!typed.IsOk) return typed.Refusal;
        if (tx.Now - booking.CreatedAt < TimeSpan.FromSeconds(settings.LeastFillSeconds)) return Refusals.TooFast;
        return await SendAsync(tx, (clinic, booking), (typed.Value, IsProgram: !string.IsNullOrEmpty(ask.Website)), ct);
    }

    /// <summary>The same code form again, with a new code; the words stay sealed as they are.</summary>
    public async Task<Outcome<Done>> AgainAsync((string Slug, string Token) at, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(at.Slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.BookAppointments, ct);
        tx.Audit(Asked);
        if (await Booking.TakeAsync(tx, at.Token, ct) is not { Typed: { } words } booking || booking.StageAt(tx.Now) != BookingStage.Asked) return Refusals.Lapsed;
        return await SendAsync(tx, (clinic, booking), (tx.OpenForClinic<TypedDetails>(words, TypedDetails.CellOf(booking.Id)), false), ct);
    }

    /// <summary>
    /// What was typed for a time that went is good for another one: it goes on sealed, unseen also by whoever has the address, and a new code is mailed. It goes with the
    /// first time that takes it.
    /// </summary>
    public async Task<Outcome<Done>> CarryAsync((string Slug, string Token) to, string before, Origin origin, CancellationToken ct)
    {
        if (await door.BySlugAsync(to.Slug, origin, ct) is not { } clinic) return Refusals.NoBooking;
        await using var tx = await db.BeginAsync(clinic.ActorOf(origin), Permission.BookAppointments, ct);
        tx.Audit(Asked);
        if (await Booking.TakeAsync(tx, before, ct) is not { Typed: { } words, Code: { } code } old || old.StageAt(tx.Now) != BookingStage.Ended) return Refusals.Lapsed;
        if (code == Blinds.Code(tx, old.Id, NoCode)) return Refusals.Lapsed;
        if (await Booking.TakeAsync(tx, to.Token, ct) is not { } booking || booking.StageAt(tx.Now) != BookingStage.Held) return Refusals.Lapsed;
        tx.Queue("update online_booking set state = 'ended', typed = null, typed_key_version = null, code = null where id = @id", new { old.Id });
        return await SendAsync(tx, (clinic, booking), (tx.OpenForClinic<TypedDetails>(words, TypedDetails.CellOf(old.Id)), false), ct);
    }

    private async Task<Outcome<Done>> SendAsync(ClinicTx tx, (OpenClinic Clinic, Booking Booking) where, (TypedDetails Words, bool IsProgram) typed, CancellationToken ct)
    {
        var id = where.Booking.Id;
        var email = Blinds.Email(tx, typed.Words.Email);
        if (!typed.IsProgram && !await MayMailAsync(tx, email, ct)) return Refusals.TooManyMails.With("retryAfterSeconds", 3600);
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        await tx.ExecuteAsync(Keep, new
        {
            id, typed = tx.SealForClinic(typed.Words, TypedDetails.CellOf(id)), keyVersion = tx.ClinicKeyVersion, email, code = Blinds.Code(tx, id, typed.IsProgram ? NoCode : code),
            until = tx.Now.AddMinutes(settings.CodeMinutes),
        }, ct);
        if (where.Booking.State == "held") await Holds.ExtendAsync(tx, where.Booking.AppointmentId, tx.Now.AddMinutes(settings.CodeMinutes), ct);
        if (!typed.IsProgram) tx.Enqueue(Mails.Code(typed.Words.Email, where.Clinic, code, settings.CodeMinutes));
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>Counts this mail if it may go. Bookings to one address take turns, so the count is exact.</summary>
    private async Task<bool> MayMailAsync(ClinicTx tx, long email, CancellationToken ct)
    {
        await tx.QueryAsync<string>("select pg_advisory_xact_lock(hashtextextended('online_mail', @email))::text", new { email }, ct);
        return await tx.ExecuteAsync(CountMail, new { id = Guid.CreateVersion7(), email, now = tx.Now, since = tx.Now.AddHours(-1), most = settings.MailsAnHour }, ct) == 1;
    }

    // A new code starts the tries anew, but only as many codes go out as an hour allows: 25 guesses at a million numbers. Only the first one keeps the time longer.
    private const string Keep = """
        update online_booking
        set state = 'asked', typed = @typed, typed_key_version = @keyVersion, email = @email, code = @code, code_until = @until, tries = 0,
            held_until = case when state = 'held' then greatest(held_until, @until) else held_until end
        where id = @id
        """;

    private const string CountMail = """
        insert into online_mail (id, email, sent_at)
        select @id, @email, @now
        where (select count(*) from online_mail where email = @email and sent_at > @since) < @most
        """;
}
