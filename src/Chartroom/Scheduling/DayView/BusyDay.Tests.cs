namespace Chartroom.Scheduling;

/// <summary>A day full of visits in every state, written as rows: for pictures, journeys and measurements.</summary>
internal static class BusyDay
{
    private static readonly (string Name, int Minutes, string Color)[] Types =
        [("New patient", 40, "blue"), ("Physical", 60, "purple"), ("Sick visit", 15, "orange"), ("Telehealth", 30, "indigo"), ("Procedure", 45, "pink")];

    private static readonly (string Given, string Family)[] People =
    [
        ("Jo", "Lee"), ("Samuel", "Okafor"), ("Ann-Katrin", "Müller"), ("Rosa", "Delgado"), ("李", "小龙"), ("Tom", "Fitzgerald"), ("Aisha", "Rahman"), ("Peter", "Novák"),
        ("Grace", "Achterberg-Van den Heuvel"), ("Luis", "Ortega"), ("Mary", "O'Neil"), ("Ivan", "Petrov"), ("Hana", "Sato"), ("Noah", "Brooks"), ("Lily", "Tran"), ("Omar", "Haddad"),
    ];

    /// <param name="desk">The clinic.</param>
    /// <param name="day">Midnight of the day, on the wall clock.</param>
    /// <param name="now">What the clock shows: visits before it are over, those around it are under way.</param>
    public static async Task FillAsync(SchedulingDesk desk, DateTime day, TimeOnly now)
    {
        string[] names = ["Dr. Chidi Nwosu", "Dr. Elena Marsh", "Tara Quinn, NP"];
        var providers = new List<StaffId> { desk.Provider, desk.Colleague };
        foreach (var name in names)
        {
            providers.Add(StaffId.New());
            await desk.HireAsync(providers[^1], name);
        }
        var types = new List<(VisitTypeId Id, int Minutes)> { (desk.VisitType, 20) };
        foreach (var (name, minutes, color) in Types)
        {
            types.Add((VisitTypeId.New(), minutes));
            await desk.Clinic.RowsAsync<int>("insert into visit_type (id, name, minutes, color) values (@Id, @name, @minutes, @color)", new { types[^1].Id, name, minutes, color });
        }
        var patients = new List<PatientId>();
        foreach (var (given, family) in People) patients.Add(await desk.AdmitAsync(given, family));

        var random = new Random(7);
        foreach (var provider in providers)
        {
            for (var minute = 8 * 60; minute < (17 * 60) - 15;)
            {
                var (type, minutes) = types[random.Next(types.Count)];
                if (minute is >= 12 * 60 and < 13 * 60) { minute = 13 * 60; continue; }
                if (minute + minutes > 17 * 60) break;
                if (random.Next(8) > 0)
                    await AddAsync(desk, (provider, patients[random.Next(patients.Count)], type), day.AddMinutes(minute), minutes, StatusOf(minute, minutes, now, random));
                minute += (minutes + 14) / 15 * 15;
            }
        }
    }

    /// <summary>One row as it would stand, with its first move.</summary>
    public static Task AddAsync(SchedulingDesk desk, (StaffId Provider, PatientId Patient, VisitTypeId Type) who, DateTime at, int minutes, VisitStatus status) =>
        desk.Clinic.RowsAsync<int>("""
            with visit as (
                insert into appointment (id, patient_id, provider_id, visit_type_id, location_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at,
                    cancel_reason, cancelled_by, is_late_cancel, booked_by, created_at, updated_at)
                select @id, @patient, @provider, @type, @location, @at at time zone time_zone, (@at at time zone time_zone) + make_interval(mins => @minutes), @at, time_zone, @status,
                    now(), case @status when 'cancelled' then 'patient_request' end, case @status when 'cancelled' then 'patient' end,
                    case @status when 'cancelled' then false end, @provider, now(), now()
                from location where location.id = @location
                returning *)
            insert into appointment_move (appointment_id, version, act, at, moved_by, role, door, provider_id, location_id, starts_at, ends_at, local_start, time_zone, status,
                status_changed_at, cancel_reason, cancelled_by, is_late_cancel)
            select id, 1, 'booked', now(), @provider, 'provider', 'page', provider_id, location_id, starts_at, ends_at, local_start, time_zone, status, status_changed_at,
                cancel_reason, cancelled_by, is_late_cancel
            from visit
            """, new { id = Guid.CreateVersion7(), who.Patient, who.Provider, who.Type, desk.Location, at, minutes, status });

    private static VisitStatus StatusOf(int minute, int minutes, TimeOnly now, Random random)
    {
        var clock = (int)now.ToTimeSpan().TotalMinutes;
        if (minute + minutes <= clock - 20) return random.Next(9) switch { 0 => VisitStatus.NoShow, 1 => VisitStatus.Cancelled, _ => VisitStatus.Completed };
        if (minute + minutes <= clock) return random.Next(2) == 0 ? VisitStatus.ReadyForCheckout : VisitStatus.Completed;
        if (minute <= clock) return random.Next(3) == 0 ? VisitStatus.Roomed : VisitStatus.InProgress;
        if (minute <= clock + 30) return random.Next(2) == 0 ? VisitStatus.Arrived : VisitStatus.Confirmed;
        return random.Next(10) switch { 0 => VisitStatus.Cancelled, < 5 => VisitStatus.Confirmed, _ => VisitStatus.Booked };
    }
}
