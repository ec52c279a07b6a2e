using System.Globalization;
using Chartroom.Ledger;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>
/// One full day of twelve providers with forty visits each, every one of another patient: in the scratch clinic <c>bench-day</c>, made once and then found again, or amid the
/// million visits of the clinic that <c>bench fill</c> made, which has such a day too.
/// </summary>
internal sealed class DayClinic(IServiceProvider services)
{
    private readonly TenantDb db = services.GetRequiredService<TenantDb>();

    /// <summary>The size that the goal names.</summary>
    public const int Providers = 12, VisitsEach = 40;

    /// <summary>The full day.</summary>
    public static readonly DateOnly Day = new(2026, 3, 3);

    /// <summary>The clinic that has this day and nothing else.</summary>
    public const string Slug = "bench-day";

    private const string Zone = "America/Denver";
    private const int MinutesEach = 12;

    /// <summary>Makes what is missing; answers the token of an administrator's session there, good for an hour, and how many visits the day has: amid a million some are away.</summary>
    public async Task<(string Token, int Visits)> OpenAsync(string slug, CancellationToken ct)
    {
        var clinic = await Shell.ScratchClinic.OpenAsync(services, slug, slug == Slug ? "Day bench" : "Big bench", ct);
        var actor = Actor.OfSystem(clinic, "cli");
        var missing = (Providers * VisitsEach) - await CountAsync(actor, ct);
        if (slug == Slug && missing > 0) await FillAsync(actor, missing, ct);
        else if (missing > Providers * VisitsEach / 4) throw new InvalidOperationException($"{slug} has {(Providers * VisitsEach) - missing} visits on {Day:yyyy-MM-dd}. Fill it: ./chartroom bench fill --clinic {slug}");
        await ChargeAsync(actor, ct);
        if (slug == Slug) await KeepBookingsAsync(actor, ct);
        var (_, token) = await new BenchAccount(services.GetRequiredService<PlatformDb>()).OpenAsync(clinic, slug, "admin", ct);
        return (token, await CountAsync(actor, ct));
    }

    /// <summary>A visit that is booked and nothing more, the next one where there is one to come, and its day.</summary>
    public async Task<(Guid Id, DateOnly Day)> NextBookedAsync(string slug, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(await Shell.ScratchClinic.OpenAsync(services, slug, "Bench", ct), "cli"), Permission.SeeAppointments, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        var found = await tx.QueryAsync<(Guid Id, DateTime At)>("""
            select id, local_start
            from appointment
            where status = 'booked' and patient_id is not null and local_start::time between time '09:00' and time '11:00'
            order by starts_at < @now, starts_at
            limit 1
            """, new { now = tx.Now }, ct);
        await tx.CommitAsync(ct);
        return found is [var visit] ? (visit.Id, DateOnly.FromDateTime(visit.At)) : throw new InvalidOperationException($"{slug} has no booked visit.");
    }

    private async Task<int> CountAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        var count = await tx.QueryOneOrNoneAsync<int>("select count(*)::int from appointment where local_start >= @Day and local_start < @Day + 1", new { Day }, ct);
        await tx.CommitAsync(ct);
        return count;
    }

    /// <summary>The booking is each visit's first move, as whatever changes a visit expects.</summary>
    private async Task KeepBookingsAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        await tx.ExecuteAsync("""
            insert into appointment_move (appointment_id, version, act, at, moved_by, role, door, provider_id, location_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at)
            select id, 1, 'booked', created_at, booked_by, 'system', 'cli', provider_id, location_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at
            from appointment
            where version = 1 and not exists (select from appointment_move where appointment_id = id)
            """, null, ct);
        await tx.CommitAsync(ct);
    }

    /// <summary>Six postings for each patient, of which every third still owes something: a day tells balances too.</summary>
    private async Task ChargeAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.PostPayments, ct);
        tx.Audit(new("posting.counted", "posting"));
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from posting", null, ct) == 0)
        {
            var patients = await tx.QueryAsync<PatientId>("select distinct patient_id from appointment where local_start >= @Day and local_start < @Day + 1 and patient_id is not null order by patient_id", new { Day }, ct);
            await LedgerBook.AddEarlierAsync(tx, [.. patients.SelectMany((patient, number) => Enumerable.Range(0, 6).Select(at => new EarlierPosting(patient,
                at % 2 == 0 ? new(PostingKind.Payment, 12000, PaymentMethod.Card) : new(PostingKind.Charge, number % 3 == 0 ? 13500 : 12000) { What = "Visit" }, tx.Now.AddDays(at - 30))))], ct);
        }
        await tx.CommitAsync(ct);
    }

    /// <summary>All in one transaction, so that a clinic that was cut off is empty.</summary>
    private async Task FillAsync(Actor actor, int visits, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        var (location, type) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        tx.Queue("insert into location (id, name, time_zone) values (@location, 'Bench', @zone)", new { location, zone = Zone });
        tx.Queue("insert into visit_type (id, name, minutes, color) values (@type, 'Visit', @minutes, 'blue')", new { type, minutes = MinutesEach });
        var provider = Guid.Empty;
        for (var number = 0; number < visits; number++)
        {
            if (number % VisitsEach == 0) provider = AddProvider(tx, location, number / VisitsEach);
            var patient = await PatientRegister.CreateAsync(tx, SyntheticPeople.Number(number), "patient.created", ct);
            if (!patient.IsOk) throw new InvalidOperationException(patient.Refusal.Code);
            var local = Day.ToDateTime(new(8, 0)).AddMinutes(number % VisitsEach * MinutesEach);
            tx.Queue(InsertVisit, new
            {
                id = Guid.CreateVersion7(), patient = patient.Value.Id, provider, type, location, local, minutes = MinutesEach, zone = Zone,
                by = actor.Person, now = tx.Now,
            });
        }
        await tx.CommitAsync(ct);
    }

    private static Guid AddProvider(ClinicTx tx, Guid location, int number)
    {
        var provider = Guid.CreateVersion7();
        tx.Queue("insert into staff (id, display_name, role, npi, color) values (@provider, @name, 'provider', @npi, 'teal')",
            new { provider, name = $"Provider {number + 1}", npi = (2_000_000_000L + number).ToString(CultureInfo.InvariantCulture) });
        tx.Queue("""
            insert into weekly_hours (id, staff_id, location_id, weekday, opens, closes)
            values (@id, @provider, @location, @weekday, time '08:00', time '16:00')
            """, new { id = Guid.CreateVersion7(), provider, location, weekday = (int)Day.DayOfWeek });
        return provider;
    }

    private const string InsertVisit = """
        insert into appointment (id, patient_id, provider_id, visit_type_id, location_id, starts_at, ends_at, local_start, time_zone, status,
            status_changed_at, booked_by, created_at, updated_at)
        values (@id, @patient, @provider, @type, @location, @local::timestamp at time zone @zone::text,
            (@local::timestamp at time zone @zone::text) + make_interval(mins => @minutes), @local::timestamp,
            @zone::text, 'booked', @now, @by, @now, @now)
        """;
}
