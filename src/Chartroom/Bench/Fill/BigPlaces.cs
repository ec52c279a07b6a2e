using System.Globalization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>Where the big clinic works and with whom: two locations, a room for each provider, devices, visit types, hours, shifts, holidays, vacations.</summary>
internal sealed record BigPlaces(IReadOnlyList<Guid> Providers, IReadOnlyList<Guid> Locations, IReadOnlyList<Guid> Rooms, IReadOnlyList<Guid> Devices, IReadOnlyList<Guid> Types)
{
    /// <summary>The first eight providers work at the first location.</summary>
    public Guid LocationOf(int provider) => Locations[provider < 8 ? 0 : 1];

    /// <summary>What is there, made first when nothing is.</summary>
    public static async Task<BigPlaces> OpenAsync(ClinicTx tx, BigPlan plan, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from location", null, ct) == 0) Make(tx, plan);
        return new(
            await tx.QueryAsync<Guid>("select id from staff where is_provider order by npi", null, ct),
            await tx.QueryAsync<Guid>("select id from location order by name", null, ct),
            await tx.QueryAsync<Guid>("select id from room order by name", null, ct),
            await tx.QueryAsync<Guid>("select id from device order by name", null, ct),
            await tx.QueryAsync<Guid>("select id from visit_type order by array_position(@names, name)", new { names = BigPlan.Types.Select(it => it.Name).ToArray() }, ct));
    }

    private static void Make(ClinicTx tx, BigPlan plan)
    {
        Guid[] locations = [Guid.CreateVersion7(), Guid.CreateVersion7()];
        foreach (var (location, name) in locations.Zip(["Sampleton Center", "Sampleton West"]))
            tx.Queue("insert into location (id, name, time_zone) values (@location, @name, @zone)", new { location, name, zone = BigPlan.Zone });
        for (var provider = 0; provider < BigPlan.Providers; provider++) AddProvider(tx, plan, provider, locations[provider < 8 ? 0 : 1]);
        foreach (var type in BigPlan.Types)
            tx.Queue("insert into visit_type (id, name, minutes, color) values (@id, @name, @minutes, @color)", new { id = Guid.CreateVersion7(), type.Name, type.Minutes, type.Color });
        tx.Queue("""
            insert into visit_type_device (visit_type_id, device_id)
            select visit_type.id, device.id
            from visit_type
            cross join device
            where visit_type.name = 'Ultrasound'
            """, null);
        for (var day = plan.First; day <= plan.Last; day = day.AddDays(1))
            if (BigPlan.IsHoliday(day))
                tx.Queue("""
                    insert into closure (id, name, local_from, local_until)
                    values (@id, 'Holiday', @from, @until)
                    """, new { id = Guid.CreateVersion7(), from = day.ToDateTime(TimeOnly.MinValue), until = day.AddDays(1).ToDateTime(TimeOnly.MinValue) });
    }

    private static void AddProvider(ClinicTx tx, BigPlan plan, int number, Guid location)
    {
        var provider = Guid.CreateVersion7();
        var npi = (2_000_000_000L + number).ToString(CultureInfo.InvariantCulture);
        tx.Queue("insert into staff (id, display_name, role, npi, color) values (@provider, @name, 'provider', @npi, 'teal')", new { provider, name = $"Provider {number + 1:00}", npi });
        tx.Queue("insert into room (id, location_id, name) values (@id, @location, @name)", new { id = Guid.CreateVersion7(), location, name = $"Exam {number + 1:00}" });
        if (number < BigPlan.DeviceOwners) tx.Queue("insert into device (id, location_id, name) values (@id, @location, @name)", new { id = Guid.CreateVersion7(), location, name = $"Ultrasound {number + 1}" });
        for (var weekday = 1; weekday <= 5; weekday++)
            foreach (var (from, to) in BigPlan.Hours)
                tx.Queue("""
                    insert into weekly_hours (id, staff_id, location_id, weekday, opens, closes)
                    values (@id, @provider, @location, @weekday, @opens, @closes)
                    """, new { id = Guid.CreateVersion7(), provider, location, weekday, opens = At(from), closes = At(to) });
        AddShiftsAndVacations(tx, plan, (number, provider), location);
    }

    private static void AddShiftsAndVacations(ClinicTx tx, BigPlan plan, (int Number, Guid Id) provider, Guid location)
    {
        for (var day = plan.First; day <= plan.Last; day = day.AddDays(1))
            if (BigPlan.IsShift(provider.Number, day))
                tx.Queue("insert into shift (id, staff_id, location_id, day, opens, closes) values (@id, @staff, @location, @day, @opens, @closes)",
                    new { id = Guid.CreateVersion7(), staff = provider.Id, location, day, opens = At(BigPlan.SaturdayHours[0].From), closes = At(BigPlan.SaturdayHours[0].To) });
        foreach (var monday in plan.Vacations(provider.Number))
            tx.Queue("""
                insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone)
                values (@id, @staff, 'vacation', @starts, @ends, @local, @zone)
                """, new
            {
                id = Guid.CreateVersion7(), staff = provider.Id, starts = ClinicTime.DayOf(monday, BigPlan.Zone).From, ends = ClinicTime.DayOf(monday.AddDays(6), BigPlan.Zone).To,
                local = monday.ToDateTime(TimeOnly.MinValue), zone = BigPlan.Zone,
            });
    }

    private static TimeOnly At(int minutes) => TimeOnly.MinValue.AddMinutes(minutes);
}
