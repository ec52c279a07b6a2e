namespace Chartroom.Scheduling;

/// <summary>What shifts ask of the database.</summary>
internal static class ShiftSql
{
    /// <summary>The version is the number that the next change will have.</summary>
    internal const string SelectHead = """
        select staff.display_name as name, coalesce((select time_zone from location where is_active order by name, id limit 1), 'UTC') as time_zone,
            coalesce((select max(number) from shift_change where staff_id = staff.id), 0) + 1 as version
        from staff
        where staff.id = @id and staff.is_active and staff.is_provider
        """;

    /// <summary>A day with a row in <c>shift</c> goes by its rows, not by the week.</summary>
    internal const string SelectHours = """
        select day.at::date as day, hours.is_shift, hours.location_id, hours.opens, hours.closes
        from generate_series(@first::timestamp, @last::timestamp, interval '1 day') as day (at)
        join lateral (
            select true as is_shift, shift.location_id, shift.opens, shift.closes
            from shift
            where shift.staff_id = @id and shift.day = day.at::date
            union all
            select false, weekly_hours.location_id, weekly_hours.opens, weekly_hours.closes
            from weekly_hours
            where weekly_hours.staff_id = @id and weekly_hours.weekday = extract(dow from day.at)::int
                and not exists (select from shift where shift.staff_id = @id and shift.day = day.at::date)
        ) as hours on true
        order by day.at, hours.opens
        """;

    internal const string SelectNotes = """
        select day.at::date as day, 'closed' as kind, closure.name
        from generate_series(@first::timestamp, @last::timestamp, interval '1 day') as day (at)
        join closure on closure.is_active and closure.local_from < day.at + interval '1 day' and closure.local_until > day.at
        union all
        select day.at::date, 'away', time_off.kind
        from generate_series(@first::timestamp, @last::timestamp, interval '1 day') as day (at)
        join time_off on time_off.is_active and time_off.staff_id = @id
            and (time_off.starts_at at time zone time_off.time_zone) < day.at + interval '1 day' and (time_off.ends_at at time zone time_off.time_zone) > day.at
        order by 1, 2, 3
        """;

    internal const string CountVisits = """
        select local_start::date as day, count(*)::int as visits
        from appointment
        where provider_id = @id and starts_at >= @first::timestamp at time zone 'UTC' - interval '1 day' and starts_at < @last::timestamp at time zone 'UTC' + interval '2 days'
            and local_start::date between @first and @last and status in ('requested', 'held', 'booked', 'confirmed')
        group by local_start::date
        """;

    /// <summary>Visits still to come that begin before or end after the hours of their place, by the wall clock: the same rule as booking's.</summary>
    internal const string SelectOutside = """
        select appointment.id, appointment.patient_id, staff.display_name as provider_name, visit_type.name as visit_type, location.name as location_name, appointment.local_start
        from appointment
        join staff on staff.id = appointment.provider_id
        join visit_type on visit_type.id = appointment.visit_type_id
        join location on location.id = appointment.location_id
        where appointment.provider_id = @id and appointment.starts_at > @now and appointment.starts_at between @from::timestamptz and @until::timestamptz
            and appointment.local_start::date = any(@days::date[]) and appointment.status in ('requested', 'held', 'booked', 'confirmed')
            and not exists (
                select
                from (
                    select place, opens, closes
                    from unnest(@places::uuid[], @opens::int[], @closes::int[]) as asked (place, opens, closes)
                    union all
                    select weekly_hours.location_id, (extract(epoch from weekly_hours.opens) / 60)::int, (extract(epoch from weekly_hours.closes) / 60)::int
                    from weekly_hours
                    where @isWeekly and weekly_hours.staff_id = @id and weekly_hours.weekday = extract(dow from appointment.local_start)::int
                ) as hours
                where hours.place = appointment.location_id and appointment.local_start >= appointment.local_start::date + make_interval(mins => hours.opens)
                    and (appointment.ends_at at time zone appointment.time_zone) <= appointment.local_start::date + make_interval(mins => hours.closes))
        order by appointment.starts_at, appointment.id
        limit @most
        """;

    /// <summary>Keeps what stands, before it is changed. Of two who changed the same state only one gets the number.</summary>
    internal const string InsertChange = """
        insert into shift_change (staff_id, number, made_by, made_at, days, before)
        select @id::uuid, @version::int, @person::uuid, @now::timestamptz, @days::date[], coalesce((
            select jsonb_agg(jsonb_build_object('id', shift.id, 'location_id', shift.location_id, 'day', shift.day, 'opens', shift.opens, 'closes', shift.closes) order by shift.day, shift.opens)
            from shift
            where shift.staff_id = @id and shift.day = any(@days::date[])), '[]')
        where @version::int = coalesce((select max(number) from shift_change where staff_id = @id), 0) + 1
        on conflict do nothing
        """;

    internal const string Delete = "delete from shift where staff_id = @id and day = any(@days::date[])";

    internal const string Insert = """
        insert into shift (id, staff_id, location_id, day, opens, closes)
        select row.id, @id::uuid, row.place, row.day, time '00:00' + make_interval(mins => row.opens), time '00:00' + make_interval(mins => row.closes)
        from unnest(@keys::uuid[], @days::date[], @places::uuid[], @opens::int[], @closes::int[]) as row (id, day, place, opens, closes)
        """;

    internal const string Restore = """
        insert into shift (id, staff_id, location_id, day, opens, closes)
        select kept.id, shift_change.staff_id, kept.location_id, kept.day, kept.opens, kept.closes
        from shift_change
        cross join jsonb_to_recordset(shift_change.before) as kept (id uuid, location_id uuid, day date, opens time, closes time)
        where shift_change.staff_id = @id and shift_change.number = @number
        """;
}
