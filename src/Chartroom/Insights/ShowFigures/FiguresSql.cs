namespace Chartroom.Insights;

/// <summary>The statements behind the figures. What counts as what stands in <see cref="Figure"/> in words; a visit's day is the one of its location's wall clock.</summary>
internal static class FiguresSql
{
    // The range over starts_at is what the index serves; no zone is further than 14 hours from UTC. What was never agreed on is no visit: holds, requests, mistakes.
    public const string Counts = """
        with visit as (
            select case @per when 'week' then date_trunc('week', local_start)::date when 'month' then date_trunc('month', local_start)::date else @from::date end as bucket,
                case @by when 'provider' then provider_id when 'location' then location_id when 'visit_type' then visit_type_id end as part,
                status, is_late_cancel, starts_at <= @now as has_started, status <> 'cancelled' and starts_at <= @now as is_due,
                extract(epoch from ends_at - starts_at)::bigint / 60 as minutes,
                extract(epoch from starts_at - created_at)::bigint as lead,
                extract(epoch from taken_at - arrived_at)::bigint as wait,
                case when seen_at > taken_at then extract(epoch from seen_at - taken_at)::bigint end as room_wait,
                extract(epoch from coalesce(ready_at, done_at) - seen_at)::bigint as seen,
                extract(epoch from done_at - ready_at)::bigint as leaving
            from appointment
            where starts_at >= (@from::date)::timestamp at time zone 'UTC' - interval '15 hours' and starts_at < (@to::date + 1)::timestamp at time zone 'UTC' + interval '15 hours'
                and local_start >= @from::date and local_start < @to::date + 1
                and patient_id is not null and status not in ('held', 'requested')
                and coalesce(cancel_reason, '') not in ('hold_ended', 'request_declined', 'booked_in_error')
                and (@provider::uuid is null or provider_id = @provider::uuid)
        )
        select bucket, part,
            count(*) filter (where status in ('in_progress', 'ready_for_checkout', 'completed')) as visits,
            count(*) filter (where is_due) as due,
            count(*) filter (where is_due and status = 'no_show') as no_shows,
            count(*) filter (where has_started and is_late_cancel) as late_cancels,
            coalesce(sum(minutes) filter (where status <> 'cancelled'), 0)::bigint as booked_minutes,
            percentile_disc(array[0.5, 0.9]) within group (order by lead) filter (where is_due) as leads,
            percentile_disc(array[0.5, 0.9]) within group (order by wait) filter (where is_due) as waits,
            percentile_disc(array[0.5, 0.9]) within group (order by room_wait) filter (where is_due) as room_waits,
            percentile_disc(array[0.5, 0.9]) within group (order by seen) filter (where is_due) as seen,
            percentile_disc(array[0.5, 0.9]) within group (order by leaving) filter (where is_due) as leaving
        from visit
        group by grouping sets ((bucket, part), ())
        """;

    // Hours and what is taken from them are joined per person, place and stretch, so a year of a clinic is some hundred subtractions. All by the wall clock.
    public const string Open = """
        with day as (
            select day::date as day,
                case @per when 'week' then date_trunc('week', day)::date when 'month' then date_trunc('month', day)::date else @from::date end as bucket
            from generate_series(@from::date::timestamp, @to::date::timestamp, interval '1 day') as day
        ), stretch as (
            select day.bucket, weekly_hours.staff_id, weekly_hours.location_id, tsrange(day.day + weekly_hours.opens, day.day + weekly_hours.closes) as hours
            from day
            join weekly_hours on weekly_hours.weekday = extract(dow from day.day)
            left join shift on shift.staff_id = weekly_hours.staff_id and shift.day = day.day
            where shift.id is null
            union all
            select day.bucket, shift.staff_id, shift.location_id, tsrange(day.day + shift.opens, day.day + shift.closes)
            from day
            join shift on shift.day = day.day
        ), open as (
            select stretch.bucket, stretch.staff_id, stretch.location_id, range_agg(stretch.hours) as hours
            from stretch
            join staff on staff.id = stretch.staff_id
            where staff.is_provider and staff.is_active and (@provider::uuid is null or staff.id = @provider::uuid)
            group by stretch.bucket, stretch.staff_id, stretch.location_id
        ), away as (
            select place.staff_id, place.location_id, range_agg(away.span) as spans
            from (select distinct staff_id, location_id from open) as place
            join location on location.id = place.location_id
            cross join lateral (
                select tsrange(local_from, local_until) as span
                from closure
                where is_active and (closure.location_id is null or closure.location_id = place.location_id)
                    and local_until > @from::date and local_from < @to::date + 1
                union all
                select tsrange(starts_at at time zone location.time_zone, greatest(starts_at at time zone location.time_zone, ends_at at time zone location.time_zone))
                from time_off
                where is_active and time_off.staff_id = place.staff_id
                    and ends_at at time zone location.time_zone > @from::date and starts_at at time zone location.time_zone < @to::date + 1
            ) as away
            group by place.staff_id, place.location_id
        )
        select open.bucket, case @by when 'provider' then open.staff_id when 'location' then open.location_id end as part,
            sum(extract(epoch from upper(span) - lower(span)) / 60)::bigint as minutes
        from open
        left join away on away.staff_id = open.staff_id and away.location_id = open.location_id
        cross join lateral unnest(open.hours - coalesce(away.spans, '{}'::tsmultirange)) as span
        group by 1, 2
        """;

    /// <summary>Names of what the lines are of, those no longer in use too.</summary>
    public const string Names = """
        select id, display_name as name
        from staff
        where @by = 'provider' and is_provider
        union all
        select id, name
        from location
        where @by = 'location'
        union all
        select id, name
        from visit_type
        where @by = 'visit_type'
        order by name, id
        """;
}
