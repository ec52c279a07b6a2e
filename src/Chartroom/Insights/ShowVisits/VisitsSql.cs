namespace Chartroom.Insights;

/// <summary>The statement behind a number; its conditions are those of <see cref="FiguresSql.Counts"/>, which a test holds.</summary>
internal static class VisitsSql
{
    public const string Behind = """
        select appointment.id, appointment.patient_id, appointment.starts_at, appointment.local_start, appointment.time_zone, staff.display_name as provider,
            location.name as location, visit_type.name as visit_type, appointment.status,
            case @figure when 'booked' then extract(epoch from appointment.ends_at - appointment.starts_at)::float8 / 60
                when 'lead' then extract(epoch from appointment.starts_at - appointment.created_at)::float8 / 86400
                when 'waits' then extract(epoch from appointment.taken_at - appointment.arrived_at)::float8 / 60
                when 'room_waits' then extract(epoch from appointment.seen_at - appointment.taken_at)::float8 / 60
                when 'seen' then extract(epoch from coalesce(appointment.ready_at, appointment.done_at) - appointment.seen_at)::float8 / 60
                when 'leaving' then extract(epoch from appointment.done_at - appointment.ready_at)::float8 / 60 end as value
        from appointment
        join staff on staff.id = appointment.provider_id
        join location on location.id = appointment.location_id
        join visit_type on visit_type.id = appointment.visit_type_id
        where appointment.starts_at >= (@from::date)::timestamp at time zone 'UTC' - interval '15 hours'
            and appointment.starts_at < (@to::date + 1)::timestamp at time zone 'UTC' + interval '15 hours'
            and appointment.local_start >= @from::date and appointment.local_start < @to::date + 1
            and (appointment.starts_at, appointment.id) > (@at, @id)
            and appointment.patient_id is not null and appointment.status not in ('held', 'requested')
            and coalesce(appointment.cancel_reason, '') not in ('hold_ended', 'request_declined', 'booked_in_error')
            and (@provider::uuid is null or appointment.provider_id = @provider::uuid)
            and (@of::uuid is null or case @by when 'provider' then appointment.provider_id when 'location' then appointment.location_id
                when 'visit_type' then appointment.visit_type_id end = @of::uuid)
            and case @figure when 'visits' then appointment.status in ('in_progress', 'ready_for_checkout', 'completed')
                when 'due' then appointment.status <> 'cancelled' and appointment.starts_at <= @now
                when 'no_shows' then appointment.status = 'no_show' and appointment.starts_at <= @now
                when 'late_cancels' then appointment.is_late_cancel and appointment.starts_at <= @now
                when 'booked' then appointment.status <> 'cancelled'
                when 'lead' then appointment.status <> 'cancelled' and appointment.starts_at <= @now
                when 'waits' then appointment.status <> 'cancelled' and appointment.starts_at <= @now and appointment.taken_at is not null and appointment.arrived_at is not null
                when 'room_waits' then appointment.starts_at <= @now and appointment.seen_at > appointment.taken_at
                when 'seen' then appointment.starts_at <= @now and appointment.seen_at is not null and coalesce(appointment.ready_at, appointment.done_at) is not null
                when 'leaving' then appointment.starts_at <= @now and appointment.ready_at is not null and appointment.done_at is not null end
        order by appointment.starts_at, appointment.id
        limit @most
        """;
}
