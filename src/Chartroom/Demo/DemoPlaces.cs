using Chartroom.Platform.Tenancy;

namespace Chartroom.Demo;

/// <summary>Two locations, their rooms, four visit types, three more providers and everybody's hours. NPIs begin with 2, of which none has been issued.</summary>
internal static class DemoPlaces
{
    private static readonly (string Name, string Npi, string Color)[] Providers =
    [
        ("Dr. Omar Reyes", "2000001018", "teal"), ("Nina Vasquez, NP", "2000002024", "purple"), ("Dr. Ruth Ekholm", "2000003030", "orange"),
    ];
    private static readonly (string Name, int Minutes, string Color)[] VisitTypes =
        [("Follow-up", 20, "blue"), ("New patient", 40, "green"), ("Annual physical", 30, "teal"), ("Telehealth", 15, "purple"), ("Nurse visit", 15, "cyan"), ("Ultrasound", 30, "orange")];

    /// <summary>False when they were there already.</summary>
    public static async Task<bool> MakeAsync(TenantDb db, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new("clinic.demo-filled", "clinic"));
        if (await tx.QueryOneOrNoneAsync<long>("select count(*) from location", null, ct) > 0)
        {
            await tx.CommitAsync(ct);
            return false;
        }
        var main = AddLocation(tx, "Millbrook Main Street", "12 Main Street", ["Exam 1", "Exam 2", "Exam 3", "Procedure"]);
        AddLocation(tx, "Harbor Annex", "3 Harbor View", ["Room A", "Room B"]);
        foreach (var (name, minutes, color) in VisitTypes)
            tx.Queue("insert into visit_type (id, name, minutes, color) values (@id, @name, @minutes, @color)", new { id = Guid.CreateVersion7(), name, minutes, color });
        foreach (var (name, npi, color) in Providers)
            tx.Queue("insert into staff (id, display_name, role, npi, color) values (@id, @name, 'provider', @npi, @color)", new { id = Guid.CreateVersion7(), name, npi, color });
        await AddHoursAsync(tx, main, ct);
        AddDevice(tx, main);
        AddOnlineBooking(tx);
        await AddAwayAsync(tx, main, ct);
        foreach (var step in new[] { "profile", "locations", "providers", "hours", "visit_types", "staff" })
            tx.Queue("insert into onboarding_step (step, done_at) values (@step, @now) on conflict on constraint onboarding_step_pkey do nothing", new { step, now = tx.Now });
        await tx.CommitAsync(ct);
        return true;
    }

    private static Guid AddLocation(ClinicTx tx, string name, string line, string[] rooms)
    {
        var location = Guid.CreateVersion7();
        tx.Queue("""
            insert into location (id, name, address_line, city, state, postal_code, phone, time_zone)
            values (@location, @name, @line, 'Millbrook', 'NH', '03299', '+16035550199', 'America/New_York')
            """, new { location, name, line });
        foreach (var room in rooms) tx.Queue("insert into room (id, location_id, name) values (@id, @location, @room)", new { id = Guid.CreateVersion7(), location, room });
        return location;
    }

    /// <summary>Open every day, so that the demo shows something whenever it is tried; an hour for lunch.</summary>
    private static async Task AddHoursAsync(ClinicTx tx, Guid location, CancellationToken ct)
    {
        var providers = await tx.QueryAsync<Guid>("select id from staff where is_provider", null, ct);
        foreach (var staff in providers)
            for (var weekday = 0; weekday <= 6; weekday++)
                foreach (var (opens, closes) in new[] { (new TimeOnly(8, 30), new TimeOnly(12, 0)), (new TimeOnly(13, 0), new TimeOnly(17, 0)) })
                    tx.Queue("""
                        insert into weekly_hours (id, staff_id, location_id, weekday, opens, closes)
                        values (@id, @staff, @location, @weekday, @opens, @closes)
                        """, new { id = Guid.CreateVersion7(), staff, location, weekday, opens, closes });
    }

    private static void AddDevice(ClinicTx tx, Guid location)
    {
        tx.Queue("insert into device (id, location_id, name) values (@id, @location, 'Ultrasound cart')", new { id = Guid.CreateVersion7(), location });
        tx.Queue("""
            insert into visit_type_device (visit_type_id, device_id)
            select visit_type.id, device.id
            from visit_type
            cross join device
            where visit_type.name = 'Ultrasound'
            """, null);
    }

    /// <summary>Who was here before books at once; whoever is new asks for a first visit.</summary>
    private static void AddOnlineBooking(ClinicTx tx)
    {
        tx.Queue("""
            insert into online_offer (visit_type_id, provider_id, patient_kind, mode)
            select visit_type.id, staff.id, case visit_type.name when 'New patient' then 'new' else 'existing' end, case visit_type.name when 'New patient' then 'request' else 'book' end
            from visit_type
            cross join staff
            where staff.is_provider and visit_type.name in ('New patient', 'Follow-up', 'Telehealth')
            """, null);
        tx.Queue("update scheduling_rules set is_online = true", null);
    }

    private static async Task AddAwayAsync(ClinicTx tx, Guid location, CancellationToken ct)
    {
        const string Zone = "America/New_York";
        var today = ClinicTime.TodayAt(tx.Now, Zone);
        DateTime At(int day, int hour) => today.AddDays(day).ToDateTime(new(hour, 0));
        foreach (var (name, from, until) in new[] { ("Inventory", At(DemoAway.InventoryDay, 0), At(DemoAway.InventoryDay + 1, 0)), ("Staff afternoon", At(DemoAway.HalfDay, 12), At(DemoAway.HalfDay + 1, 0)) })
            tx.Queue("insert into closure (id, location_id, name, local_from, local_until) values (@id, @location, @name, @from, @until)", new { id = Guid.CreateVersion7(), location, name, from, until });
        var staff = (await tx.QueryAsync<Guid>("select id from staff where is_provider and is_active order by display_name", null, ct))[DemoAway.Provider];
        foreach (var (kind, from, until) in new[] { ("training", At(DemoAway.TrainingDay, 13), At(DemoAway.TrainingDay, 17)), ("vacation", At(DemoAway.VacationDay, 0), At(DemoAway.VacationDay + 5, 0)) })
            tx.Queue("""
                insert into time_off (id, staff_id, kind, starts_at, ends_at, local_start, time_zone)
                values (@id, @staff, @kind, @from::timestamp at time zone @zone::text, @until::timestamp at time zone @zone::text, @from::timestamp, @zone::text)
                """, new { id = Guid.CreateVersion7(), staff, kind, from, until, zone = Zone });
    }
}
