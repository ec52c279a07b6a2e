namespace Chartroom.Scheduling;

/// <summary>What a day asks the database.</summary>
internal static class DaySql
{
    public const string Locations = """
        select id, name, time_zone
        from location
        where is_active
        order by name, id
        """;

    /// <summary>A day with a row in <c>shift</c> goes by its rows, not by the week.</summary>
    public const string Hours = """
        select staff.id as provider_id, staff.display_name as provider_name, day.at::date as day, hours.location_id, hours.opens, hours.closes
        from staff
        cross join generate_series(@first::timestamp, @last::timestamp, interval '1 day') as day (at)
        left join lateral (
            select shift.location_id, (extract(epoch from shift.opens) / 60)::int as opens, (extract(epoch from shift.closes) / 60)::int as closes
            from shift
            where shift.staff_id = staff.id and shift.day = day.at::date and shift.location_id = any(@shown)
            union all
            select weekly_hours.location_id, (extract(epoch from weekly_hours.opens) / 60)::int, (extract(epoch from weekly_hours.closes) / 60)::int
            from weekly_hours
            where weekly_hours.staff_id = staff.id and weekly_hours.weekday = extract(dow from day.at)::int and weekly_hours.location_id = any(@shown)
                and not exists (select from shift where shift.staff_id = staff.id and shift.day = day.at::date)
        ) as hours on true
        where staff.is_provider and staff.is_active
        order by staff.display_name, staff.id, day.at, hours.opens
        """;

    public const string Rooms = """
        select id, name, location_id
        from room
        where is_active and location_id = any(@shown)
        order by name, id
        """;

    public const string Closures = """
        select name, location_id, local_from, local_until
        from closure
        where is_active and local_until > @localFrom and local_from < @localUntil and (location_id is null or location_id = any(@shown))
        order by local_from, id
        """;

    public const string Away = """
        select staff_id, kind, starts_at, ends_at
        from time_off
        where is_active and ends_at > @from and starts_at < @to
        union all
        select staff_id, 'outside', starts_at, ends_at
        from outside_busy
        where ends_at > @from and starts_at < @to
        order by 1, 3
        """;

    public const string Types = """
        select id, name, color
        from visit_type
        order by name, id
        """;

    public const string People = """
        select id, display_name as name
        from staff
        where is_active
        order by display_name, id
        """;

    public const string Visits = """
        select appointment.id, appointment.patient_id, appointment.provider_id, staff.display_name as provider_name, appointment.visit_type_id,
            visit_type.name as visit_type, visit_type.color, appointment.location_id, appointment.room_id, room.name as room_name, appointment.starts_at,
            appointment.ends_at, appointment.local_start, appointment.status as status_name, appointment.version, appointment.is_overbooked,
            appointment.series_id is not null as is_of_series,
            coalesce((select sum(line.cents) from posting_line as line where line.account = 'receivable' and line.patient_id = appointment.patient_id), 0)::bigint as balance_cents,
            (select ledger_rules.currency from ledger_rules) as currency,
            earlier.visits + 1 as visit_number,
            nullif(earlier.provider_id, appointment.provider_id) as last_provider_id
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        left join room on room.id = appointment.room_id
        left join lateral (
            select count(*)::int as visits, (array_agg(last.provider_id order by last.starts_at desc))[1] as provider_id
            from appointment as last
            where last.patient_id = appointment.patient_id and last.starts_at < appointment.starts_at and last.status = 'completed'
            having appointment.status in ('requested', 'booked', 'confirmed', 'arrived', 'roomed', 'in_progress')
        ) as earlier on true
        where appointment.starts_at >= @earliest and appointment.starts_at < @to and appointment.ends_at > @from and appointment.location_id = any(@shown)
            and (appointment.patient_id is not null or (appointment.status = 'held' and appointment.held_until > @now))
            and (@withClosed or appointment.status not in ('cancelled', 'no_show', 'left_without_being_seen'))
            and (@provider::uuid is null or appointment.provider_id = @provider)
            and (@only::uuid[] is null or appointment.id = any(@only))
        order by appointment.starts_at, appointment.id
        limit @most
        """;
}
