using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Demo;

/// <summary>Visits of three days back and five ahead, as a clinic has them on an ordinary week: what is past is done, what is today is under way.</summary>
internal sealed class DemoSchedule(TenantDb db, TimeProvider clock)
{
    private const string Zone = "America/New_York";
    private static readonly string[] Reasons = ["Blood pressure check", "Knee pain", "Medication refill", "Cough for a week", "Diabetes follow-up", "Headaches", "Yearly physical", "Rash", "Lab results"];

    /// <summary>How many visits were made; none when there are any.</summary>
    public async Task<int> MakeAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new("appointment.demo-made", "appointment"));
        var made = 0;
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment", null, ct) == 0)
        {
            var clinic = await AskAsync(tx, ct);
            var today = DateOnly.FromDateTime(ClinicTime.Local(clock.GetUtcNow(), Zone));
            var dice = new Random(42);
            for (var offset = -3; offset <= 5; offset++)
                foreach (var provider in clinic.Providers) made += await FillDayAsync(tx, clinic, provider, today.AddDays(offset), dice, ct);
        }
        await tx.CommitAsync(ct);
        return made;
    }

    private async Task<int> FillDayAsync(ClinicTx tx, Clinic clinic, Guid provider, DateOnly day, Random dice, CancellationToken ct)
    {
        var (made, at) = (0, new TimeOnly(8, 30));
        while (at < new TimeOnly(16, 30))
        {
            var type = clinic.Types[dice.Next(clinic.Types.Count)];
            var isLunch = at.AddMinutes(type.Minutes) > new TimeOnly(12, 0) && at < new TimeOnly(13, 0);
            if (isLunch) at = new(13, 0);
            if (dice.Next(100) < 78 && ClinicTime.Resolve(day, at, Zone) is { } start)
            {
                await AddAsync(tx, new(provider, clinic.Location, type, clinic.Patients[dice.Next(clinic.Patients.Count)], start, day.ToDateTime(at), Reasons[dice.Next(Reasons.Length)]), dice, ct);
                made++;
            }
            at = at.AddMinutes(type.Minutes);
        }
        return made;
    }

    private async Task AddAsync(ClinicTx tx, Planned visit, Random dice, CancellationToken ct)
    {
        var id = AppointmentId.New();
        var key = await tx.OpenPatientAsync(visit.Patient, new("appointment.booked", "appointment", id.Value), ct) ?? throw new InvalidOperationException("A demo patient has a key.");
        var (status, version) = StatusOf(visit, clock.GetUtcNow(), dice);
        var row = new
        {
            id, visit.Patient, visit.Provider, type = visit.Type.Id, visit.Location, visit.Start, end = visit.Start.AddMinutes(visit.Type.Minutes), visit.Local, zone = Zone, status, version,
            reason = key.Seal(visit.Reason, VisitReason.CellOf(id)), keyVersion = key.Version, by = tx.Actor.Person, now = tx.Now,
        };
        tx.Queue(InsertVisit, row);
        tx.Queue(InsertMove, new { row.id, version = 1, act = "booked", row.by, row.now, row.Provider, row.Location, row.Start, row.end, row.Local, row.zone, status = "booked" });
        if (version > 1) tx.Queue(InsertMove, new { row.id, version, act = "status", row.by, row.now, row.Provider, row.Location, row.Start, row.end, row.Local, row.zone, status });
    }

    private static (string Status, int Version) StatusOf(Planned visit, DateTimeOffset now, Random dice)
    {
        var end = visit.Start.AddMinutes(visit.Type.Minutes);
        if (end < now) return dice.Next(100) < 6 ? ("no_show", 2) : ("completed", 2);
        if (visit.Start < now) return ("in_progress", 2);
        if (visit.Start < now.AddMinutes(30)) return ("arrived", 2);
        return dice.Next(100) < 40 ? ("confirmed", 2) : ("booked", 1);
    }

    private static async Task<Clinic> AskAsync(ClinicTx tx, CancellationToken ct) => new(
        await tx.QueryAsync<Guid>("select id from staff where is_provider and is_active order by display_name", null, ct),
        (await tx.QueryAsync<Guid>("select id from location order by name desc limit 1", null, ct))[0],
        await tx.QueryAsync<VisitKind>("select id, minutes from visit_type order by name", null, ct),
        await tx.QueryAsync<PatientId>("select id from patient order by mrn", null, ct));

    private sealed record VisitKind(Guid Id, int Minutes);

    private sealed record Clinic(List<Guid> Providers, Guid Location, List<VisitKind> Types, List<PatientId> Patients);

    private sealed record Planned(Guid Provider, Guid Location, VisitKind Type, PatientId Patient, DateTimeOffset Start, DateTime Local, string Reason);

    private const string InsertVisit = """
        insert into appointment (id, patient_id, provider_id, visit_type_id, location_id, starts_at, ends_at, local_start, time_zone, status,
            status_changed_at, reason, reason_key_version, version, booked_by, created_at, updated_at)
        values (@id, @patient, @provider, @type, @location, @start, @end, @local, @zone, @status, @now, @reason, @keyVersion, @version, @by, @now, @now)
        """;

    private const string InsertMove = """
        insert into appointment_move (appointment_id, version, act, at, moved_by, role, door, provider_id, location_id, starts_at, ends_at, local_start,
            time_zone, status, status_changed_at)
        values (@id, @version, @act, @now, @by, 'system', 'cli', @provider, @location, @start, @end, @local, @zone, @status, @now)
        """;
}
