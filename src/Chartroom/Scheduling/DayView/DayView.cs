using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>Asks for the visits of one day.</summary>
/// <param name="Date">Calendar day at the location; absent: today there.</param>
/// <param name="Location">One location; absent: all that share the first one's zone.</param>
/// <param name="WithClosed">True to see also the cancelled, missed and left ones.</param>
internal sealed record DayView(DateOnly? Date, LocationId? Location = null, bool WithClosed = false);

/// <summary>A place the day can be seen at.</summary>
public sealed record DayLocation(LocationId Id, string Name, string TimeZone);

/// <summary>A provider with one stretch of hours on the day; none when the location is null.</summary>
public sealed record DayHours(StaffId ProviderId, string ProviderName, LocationId? LocationId, int? Opens, int? Closes);

/// <summary>One visit of the day.</summary>
public sealed record DayVisit
{
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    public StaffId ProviderId { get; init; }
    public string ProviderName { get; init; } = "";
    public string VisitType { get; init; } = "";
    /// <summary>Colour of the visit type, by name.</summary>
    public string Color { get; init; } = "";
    public string? RoomName { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    public DateTime LocalStart { get; init; }
    public string StatusName { get; init; } = "";
    public int Version { get; init; }
    public VisitStatus Status => VisitStates.Named(StatusName);
    /// <summary>Name of the patient, or what stands for one that was destroyed.</summary>
    public string PatientName { get; init; } = "";
}

/// <summary>A day as it stands: 23, 24 or 25 hours between <see cref="From"/> (inclusive) and <see cref="To"/> (exclusive).</summary>
public sealed record Day
{
    public required DateOnly Date { get; init; }
    public required string TimeZone { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required LocationId? Location { get; init; }
    public required IReadOnlyList<DayLocation> Locations { get; init; }
    /// <summary>By name; a provider stands once for each stretch of hours, once without any on a free day.</summary>
    public required IReadOnlyList<DayHours> Hours { get; init; }
    /// <summary>By start.</summary>
    public required IReadOnlyList<DayVisit> Visits { get; init; }
    public DateOnly Today => ClinicTime.TodayAt(Now, TimeZone);
}

/// <summary>Reads a day: one query for its visits, one batch of keys for the names, one event that names every patient shown.</summary>
internal sealed class DayViewHandler(TenantDb db)
{
    /// <summary>So many visits are read; a day with more is refused rather than cut.</summary>
    private const int Most = 5000;

    public async Task<Outcome<Day>> HandleAsync(DayView ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var locations = await tx.QueryAsync<DayLocation>(SelectLocations, null, ct);
        var chosen = locations.Find(location => location.Id == ask.Location);
        if (ask.Location is not null && chosen is null) return Refusals.UnknownLocation;
        var zone = (chosen ?? locations.FirstOrDefault())?.TimeZone ?? "UTC";
        var date = ask.Date ?? ClinicTime.TodayAt(tx.Now, zone);
        if (date.Year is < 1900 or > 2200) return Refusals.NoSuchDay;
        var shown = locations.Where(location => chosen is null ? location.TimeZone == zone : location == chosen).Select(location => location.Id).ToArray();
        var (from, to) = ClinicTime.DayOf(date, zone);
        var hours = tx.Ask<DayHours>(SelectHours, new { shown, weekday = (int)date.DayOfWeek });
        var visits = await tx.QueryAsync<DayVisit>(SelectVisits, new { from, to, earliest = from.AddHours(-8), shown, ask.WithClosed, most = Most + 1, tx.Now }, ct);
        if (visits.Count > Most) return Refusals.DayTooFull;

        var names = await PatientRegister.NamesAsync(tx, [.. visits.Where(visit => visit.Status != VisitStatus.Held).Select(visit => visit.PatientId).Distinct()], new("day.read", "day"), ct);
        await tx.CommitAsync(ct);
        return new Day
        {
            Date = date, TimeZone = zone, From = from, To = to, Now = tx.Now, Location = chosen?.Id, Locations = locations, Hours = await hours.ReadAsync(ct),
            Visits = [.. visits.Select(visit => visit with { PatientName = names.TryGetValue(visit.PatientId, out var line) ? line.Name : visit.Status == VisitStatus.Held ? "Held online" : "Deleted patient" })],
        };
    }

    private const string SelectLocations = """
        select id, name, time_zone
        from location
        where is_active
        order by name, id
        """;

    private const string SelectHours = """
        select staff.id as provider_id, staff.display_name as provider_name, weekly_hours.location_id,
            (extract(epoch from weekly_hours.opens) / 60)::int as opens, (extract(epoch from weekly_hours.closes) / 60)::int as closes
        from staff
        left join weekly_hours on weekly_hours.staff_id = staff.id and weekly_hours.weekday = @weekday and weekly_hours.location_id = any(@shown)
        where staff.is_provider and staff.is_active
        order by staff.display_name, staff.id, weekly_hours.opens
        """;

    private const string SelectVisits = """
        select appointment.id, appointment.patient_id, appointment.provider_id, staff.display_name as provider_name, visit_type.name as visit_type, visit_type.color,
            room.name as room_name, appointment.starts_at, appointment.ends_at, appointment.local_start, appointment.status as status_name, appointment.version
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        left join room on room.id = appointment.room_id
        where appointment.starts_at >= @earliest and appointment.starts_at < @to and appointment.ends_at > @from and appointment.location_id = any(@shown)
            and (appointment.patient_id is not null or (appointment.status = 'held' and appointment.held_until > @now))
            and (@withClosed or appointment.status not in ('cancelled', 'no_show', 'left_without_being_seen'))
        order by appointment.starts_at, appointment.id
        limit @most
        """;
}
