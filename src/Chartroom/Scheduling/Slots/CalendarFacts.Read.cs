using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>What is to be read of the calendar.</summary>
internal sealed record CalendarQuestion
{
    /// <summary>Null: any.</summary>
    public required VisitTypeId? VisitTypeId { get; init; }
    /// <summary>Empty: all.</summary>
    public required IReadOnlyList<StaffId> Providers { get; init; }
    public LocationId? LocationId { get; init; }
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
    public PatientKind? OnlineFor { get; init; }
    /// <summary>Visits whose times do not count.</summary>
    public IReadOnlyList<AppointmentId> Besides { get; init; } = [];
    public RoomId? RoomId { get; init; }
    public DeviceId? DeviceId { get; init; }

    public static CalendarQuestion Of(SlotSearch ask) => new()
    {
        VisitTypeId = ask.VisitTypeId, Providers = ask.Providers, LocationId = ask.LocationId, From = ask.From, To = ask.To, OnlineFor = ask.OnlineFor, Besides = [.. ask.AlsoMoving, .. ask.Besides is { } moved ? [moved] : Array.Empty<AppointmentId>()],
    };

    public static CalendarQuestion Of(SlotQuestion ask) => new()
    {
        VisitTypeId = ask.VisitTypeId, Providers = [ask.ProviderId], LocationId = ask.LocationId, From = ask.Day, To = ask.Day, OnlineFor = ask.OnlineFor,
        Besides = [.. ask.AlsoMoving, .. ask.Besides is { } moved ? [moved] : Array.Empty<AppointmentId>()], RoomId = ask.RoomId, DeviceId = ask.DeviceId,
    };
}

/// <summary>Reads the picture: one round trip. Lapsed holds are left out.</summary>
internal sealed partial record CalendarFacts
{
    public static async Task<CalendarFacts> ReadAsync(ClinicTx tx, CalendarQuestion ask, CancellationToken ct)
    {
        var arguments = Arguments(tx, ask);
        var type = tx.Ask<TypeFacts>(SelectType, new { ask.VisitTypeId });
        var places = tx.Ask<PlaceFacts>(SelectPlaces, new { ask.LocationId });
        var people = tx.Ask<PersonRow>(SelectPeople, new { ask.VisitTypeId, ask.Providers, kind = ask.OnlineFor });
        var hours = tx.Ask<HoursFacts>(SelectHours, new { ask.Providers, ask.From, ask.To });
        var closures = tx.Ask<ClosureFacts>(SelectClosures, new { from = ask.From.AddDays(-1), to = ask.To.AddDays(2) });
        var things = tx.Ask<ThingRow>(SelectThings, new { ask.VisitTypeId, ask.RoomId, ask.DeviceId });
        var counts = tx.Ask<CountRow>(SelectCounts, arguments);
        var busy = await tx.QueryAsync<BusyRow>(SelectBusy, arguments, ct);

        var (byOwner, hoursOf) = (busy.ToLookup(row => row.OwnerId), (await hours.ReadAsync(ct)).ToLookup(row => row.StaffId));
        var countsOf = (await counts.ReadAsync(ct)).ToLookup(row => row.ProviderId);
        var all = await things.ReadAsync(ct);
        List<ThingFacts> Of(string kind) => [.. all.Where(it => it.Kind == kind).Select(it => new ThingFacts(it.Id, it.LocationId, it.IsSuited, VisitsIn(byOwner[it.Id], kind)))];
        return new()
        {
            Now = tx.Now, Type = ask.VisitTypeId is null ? TypeFacts.Any : (await type.ReadAsync(ct)).SingleOrDefault(), Places = await places.ReadAsync(ct), Closures = await closures.ReadAsync(ct),
            Rooms = Of("room"), Devices = Of("device"),
            Providers = [.. (await people.ReadAsync(ct)).Select(it => new ProviderFacts(it.Id, it.Name, it.IsOffered)
            {
                Hours = [.. hoursOf[it.Id]], Visits = VisitsIn(byOwner[it.Id.Value], "visit"), Off = StretchesIn(byOwner[it.Id.Value], "off"),
                Outside = StretchesIn(byOwner[it.Id.Value], "outside"), OfType = countsOf[it.Id].ToDictionary(count => count.Day, count => count.Visits),
            })],
        };
    }

    /// <summary>Zones are up to 14 hours from UTC, a visit starts up to ten hours before it ends to be busy, its buffers included.</summary>
    private static object Arguments(ClinicTx tx, CalendarQuestion ask) => new
    {
        ask.VisitTypeId, ask.Providers, ask.RoomId, ask.DeviceId, ask.Besides, now = tx.Now,
        from = new DateTimeOffset(ask.From.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(-28),
        to = new DateTimeOffset(ask.To.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(24 + 28),
    };

    private static List<BusyTime> VisitsIn(IEnumerable<BusyRow> rows, string kind)
    {
        var visits = new List<BusyTime>();
        foreach (var row in rows.Where(row => row.Kind == kind))
        {
            for (var at = 0; at < row.Starts.Length; at++)
                visits.Add(new(new(row.Starts[at], row.Ends[at]), new(row.Starts[at] - row.Before[at], row.Ends[at] + row.After[at]), row.IsHeld));
        }
        return visits;
    }

    private static List<Stretch> StretchesIn(IEnumerable<BusyRow> rows, string kind) =>
        [.. rows.Where(row => row.Kind == kind).SelectMany(row => row.Starts.Zip(row.Ends, (from, to) => new Stretch(from, to)))];

    private sealed record PersonRow(StaffId Id, string Name, bool IsOffered);

    private sealed record ThingRow(string Kind, Guid Id, LocationId LocationId, bool IsSuited, string Name);

    private sealed record CountRow
    {
        public StaffId ProviderId { get; init; }
        public DateOnly Day { get; init; }
        public int Visits { get; init; }
    }

    /// <summary>Busy times of one owner as arrays, which cost a fraction of as many rows.</summary>
    private sealed record BusyRow
    {
        public string Kind { get; init; } = "";
        public Guid OwnerId { get; init; }
        public bool IsHeld { get; init; }
        public int[] Starts { get; init; } = [];
        public int[] Ends { get; init; } = [];
        public int[] Before { get; init; } = [];
        public int[] After { get; init; } = [];
    }

    private const string SelectType = """
        select visit_type.is_active, visit_type.minutes, visit_type.buffer_before, visit_type.buffer_after, visit_type.align_minutes, visit_type.daily_cap,
            coalesce(visit_type.lead_minutes, scheduling_rules.lead_minutes) as lead_minutes,
            coalesce(visit_type.horizon_days, scheduling_rules.horizon_days) as horizon_days, scheduling_rules.is_online,
            exists (select from visit_type_room where visit_type_id = visit_type.id) as needs_room,
            exists (select from visit_type_device where visit_type_id = visit_type.id) as needs_device
        from visit_type
        cross join scheduling_rules
        where visit_type.id = @visitTypeId
        """;

    private const string SelectPlaces = """
        select id, name, time_zone
        from location
        where is_active and (@locationId::uuid is null or id = @locationId::uuid)
        order by name, id
        """;

    private const string SelectPeople = """
        select staff.id, staff.display_name as name, exists (select from online_offer
            where online_offer.visit_type_id = @visitTypeId and online_offer.provider_id = staff.id and online_offer.patient_kind = @kind) as is_offered
        from staff
        where staff.is_provider and staff.is_active and (cardinality(@providers::uuid[]) = 0 or staff.id = any(@providers::uuid[]))
        order by staff.display_name, staff.id
        """;

    private const string SelectHours = """
        select staff_id, location_id, weekday::int as weekday, null::date as day, (date_part('epoch', opens) / 60)::int as opens, (date_part('epoch', closes) / 60)::int as closes
        from weekly_hours
        where cardinality(@providers::uuid[]) = 0 or staff_id = any(@providers::uuid[])
        union all
        select staff_id, location_id, null, day, (date_part('epoch', opens) / 60)::int, (date_part('epoch', closes) / 60)::int
        from shift
        where day between @from::date and @to::date and (cardinality(@providers::uuid[]) = 0 or staff_id = any(@providers::uuid[]))
        """;

    private const string SelectClosures = """
        select location_id, local_from, local_until
        from closure
        where is_active and local_until > @from::timestamp and local_from < @to::timestamp
        """;

    private const string SelectThings = """
        select 'room' as kind, room.id, room.location_id,
            exists (select from visit_type_room where visit_type_id = @visitTypeId and room_id = room.id) as is_suited, room.name
        from room
        where room.is_active and (room.id = @roomId or exists (select from visit_type_room where visit_type_id = @visitTypeId and room_id = room.id))
        union all
        select 'device', device.id, device.location_id,
            exists (select from visit_type_device where visit_type_id = @visitTypeId and device_id = device.id), device.name
        from device
        where device.is_active and (device.id = @deviceId or exists (select from visit_type_device where visit_type_id = @visitTypeId and device_id = device.id))
        order by name, id
        """;

    private const string SelectCounts = """
        select provider_id, local_start::date as day, count(*)::int as visits
        from appointment
        where exists (select from visit_type where id = @visitTypeId and daily_cap is not null)
            and visit_type_id = @visitTypeId and starts_at >= @from::timestamptz and starts_at < @to::timestamptz and (cardinality(@providers::uuid[]) = 0 or provider_id = any(@providers::uuid[]))
            and status not in ('cancelled', 'no_show', 'left_without_being_seen') and (held_until is null or held_until > @now::timestamptz) and id <> all(@besides::uuid[])
        group by provider_id, local_start::date
        """;

    private const string SelectBusy = """
        select 'visit' as kind, appointment.provider_id as owner_id, appointment.held_until is not null as is_held,
            array_agg(floor(date_part('epoch', appointment.starts_at) / 60)::int) as starts, array_agg(ceil(date_part('epoch', appointment.ends_at) / 60)::int) as ends,
            array_agg(appointment.buffer_before) as before, array_agg(appointment.buffer_after) as after
        from staff
        join appointment on appointment.provider_id = staff.id and appointment.starts_at >= @from::timestamptz and appointment.starts_at < @to::timestamptz
            and appointment.status not in ('cancelled', 'no_show', 'left_without_being_seen')
        where staff.is_provider and staff.is_active and (cardinality(@providers::uuid[]) = 0 or staff.id = any(@providers::uuid[]))
            and (appointment.held_until is null or appointment.held_until > @now::timestamptz) and appointment.id <> all(@besides::uuid[])
        group by 2, 3
        union all
        select 'room', wanted.room_id, appointment.held_until is not null,
            array_agg(floor(date_part('epoch', appointment.starts_at) / 60)::int), array_agg(ceil(date_part('epoch', appointment.ends_at) / 60)::int),
            array_agg(appointment.buffer_before), array_agg(appointment.buffer_after)
        from (select room_id from visit_type_room where visit_type_id = @visitTypeId union select @roomId::uuid) as wanted
        join appointment on appointment.room_id = wanted.room_id and appointment.keeps_busy && tsrange(@from::timestamptz at time zone 'UTC', @to::timestamptz at time zone 'UTC')
            and appointment.room_id is not null and appointment.status not in ('cancelled', 'no_show', 'left_without_being_seen')
        where (appointment.held_until is null or appointment.held_until > @now::timestamptz) and appointment.id <> all(@besides::uuid[])
        group by 2, 3
        union all
        select 'device', wanted.device_id, appointment.held_until is not null,
            array_agg(floor(date_part('epoch', appointment.starts_at) / 60)::int), array_agg(ceil(date_part('epoch', appointment.ends_at) / 60)::int),
            array_agg(appointment.buffer_before), array_agg(appointment.buffer_after)
        from (select device_id from visit_type_device where visit_type_id = @visitTypeId union select @deviceId::uuid) as wanted
        join appointment on appointment.device_id = wanted.device_id and appointment.keeps_busy && tsrange(@from::timestamptz at time zone 'UTC', @to::timestamptz at time zone 'UTC')
            and appointment.device_id is not null and appointment.status not in ('cancelled', 'no_show', 'left_without_being_seen')
        where (appointment.held_until is null or appointment.held_until > @now::timestamptz) and appointment.id <> all(@besides::uuid[])
        group by 2, 3
        union all
        select 'off', staff_id, false, array_agg(floor(date_part('epoch', starts_at) / 60)::int), array_agg(ceil(date_part('epoch', ends_at) / 60)::int),
            '{}'::int[], '{}'::int[]
        from time_off
        where is_active and ends_at > @from::timestamptz and starts_at < @to::timestamptz and (cardinality(@providers::uuid[]) = 0 or staff_id = any(@providers::uuid[]))
        group by staff_id
        union all
        select 'outside', outside_busy.staff_id, false, array_agg(floor(date_part('epoch', outside_busy.starts_at) / 60)::int),
            array_agg(ceil(date_part('epoch', outside_busy.ends_at) / 60)::int), '{}'::int[], '{}'::int[]
        from outside_busy
        join outside_calendar on outside_calendar.id = outside_busy.calendar_id and outside_calendar.is_active
        where outside_busy.ends_at > @from::timestamptz and outside_busy.starts_at < @to::timestamptz and (cardinality(@providers::uuid[]) = 0 or outside_busy.staff_id = any(@providers::uuid[]))
        group by outside_busy.staff_id
        """;
}
