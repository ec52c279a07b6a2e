using Chartroom.Bench;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Demo;

/// <summary>Visits of three months back and eight weeks ahead, as a clinic has them: what is past is done, what is today is in every state, what is ahead is booked.</summary>
internal sealed class DemoSchedule(TenantDb db, TimeProvider clock)
{
    private const string Zone = "America/New_York";
    private const int DaysBack = 91, DaysAhead = 56, Ultrasound = 5;

    /// <summary>How many visits were made; none when there are any.</summary>
    public async Task<int> MakeAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new("appointment.demo-made", "appointment"));
        var made = 0;
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment", null, ct) == 0)
        {
            var clinic = await AskAsync(tx, ct);
            var opened = await tx.OpenPatientsAsync(clinic.Patients, new("appointment.booked", "appointment"), ct);
            var visits = Visits(clinic, new(clock.GetUtcNow(), Zone)).ToList();
            var rows = new BigRows(tx, new(clinic.Providers, [clinic.Location], clinic.Rooms, clinic.Devices, [.. clinic.Types.Select(type => type.Id)]), clinic.Patients, opened);
            Guid[] ids = [.. visits.Select(_ => Guid.CreateVersion7())];
            await tx.CopyAsync(BigRows.CopyVisits, visits.Select((visit, number) => rows.Visit(ids[number], visit)), ct);
            await tx.CopyAsync(BigRows.CopyMoves, visits.SelectMany((visit, number) => rows.Moves(ids[number], visit)), ct);
            made = visits.Count;
        }
        await tx.CommitAsync(ct);
        return made;
    }

    private static IEnumerable<BigVisit> Visits(Clinic clinic, DemoCourse course)
    {
        var dice = new Random(42);
        for (var offset = -DaysBack; offset <= DaysAhead; offset++)
        {
            var slots = Enumerable.Range(0, clinic.Providers.Count).SelectMany(provider => Slots(clinic, provider, (course.Today, offset), dice)).ToList();
            foreach (var visit in offset == 0 ? course.OfToday(slots, dice) : slots.Select((slot, number) => offset is >= 2 and <= 4 && number == 0 ? course.Requested(slot, dice) : course.Held(slot, dice)))
                yield return visit;
            foreach (var slot in slots.Where(_ => dice.Next(100) < 11)) yield return course.Cancelled(slot with { Patient = dice.Next(clinic.Patients.Count) }, dice);
        }
    }

    /// <summary>Taken times of a provider's day; the further ahead, the fewer.</summary>
    private static IEnumerable<BigSlot> Slots(Clinic clinic, int provider, (DateOnly Today, int Offset) when, Random dice)
    {
        var day = when.Today.AddDays(when.Offset);
        for (var at = new TimeOnly(8, 30); at < new TimeOnly(16, 30);)
        {
            var type = dice.Next(clinic.Types.Count);
            if (type == Ultrasound && provider > 0) type = 1;   // the one device is the first provider's
            var minutes = clinic.Types[type].Minutes;
            if (at.AddMinutes(minutes) > new TimeOnly(12, 0) && at < new TimeOnly(13, 0)) at = new(13, 0);
            var isTaken = dice.Next(100) < (when.Offset <= 0 ? 78 : Math.Max(12, 70 - when.Offset));
            if (isTaken && !DemoAway.IsClosed(when.Offset, at) && !DemoAway.IsOff(provider, when.Offset, at) && ClinicTime.Resolve(day, at, Zone) is not null)
                yield return new(provider, dice.Next(clinic.Patients.Count), type, day.ToDateTime(at), minutes);
            at = at.AddMinutes(minutes);
        }
    }

    private static async Task<Clinic> AskAsync(ClinicTx tx, CancellationToken ct)
    {
        var location = (await tx.QueryAsync<Guid>("select id from location order by name desc limit 1", null, ct))[0];
        return new(
            await tx.QueryAsync<Guid>("select id from staff where is_provider and is_active order by display_name", null, ct), location,
            await tx.QueryAsync<Guid>("select id from room where location_id = @location order by name", new { location }, ct),
            await tx.QueryAsync<Guid>("select id from device where location_id = @location order by name", new { location }, ct),
            await tx.QueryAsync<VisitKind>("select id, minutes from visit_type order by name", null, ct),
            await tx.QueryAsync<PatientId>("select id from patient order by mrn", null, ct));
    }

    private sealed record VisitKind(Guid Id, int Minutes);

    private sealed record Clinic(List<Guid> Providers, Guid Location, List<Guid> Rooms, List<Guid> Devices, List<VisitKind> Types, List<PatientId> Patients);
}

/// <summary>When the demo clinic is closed and who is away, in days from the day it is made.</summary>
internal static class DemoAway
{
    public const int InventoryDay = -20, HalfDay = 12, TrainingDay = 3, VacationDay = 26;

    /// <summary>The provider who is away, by name the third.</summary>
    public const int Provider = 2;

    public static bool IsClosed(int offset, TimeOnly at) => offset == InventoryDay || (offset == HalfDay && at >= new TimeOnly(12, 0));

    public static bool IsOff(int provider, int offset, TimeOnly at) =>
        provider == Provider && ((offset == TrainingDay && at >= new TimeOnly(13, 0)) || offset is >= VacationDay and < VacationDay + 5);
}
