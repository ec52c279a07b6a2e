-- How long each state of a visit lasted: beside the wait for a room, the one in it, the time with the provider and the way out.
alter table appointment
    add column seen_at timestamptz,
    add column ready_at timestamptz,
    add column done_at timestamptz;
comment on column appointment.seen_at is 'When the provider began with the patient. PHI class: identifier (a time of service).';
comment on column appointment.ready_at is 'When the patient was ready to check out. PHI class: identifier (a time of service).';
comment on column appointment.done_at is 'When the visit was completed. PHI class: identifier (a time of service).';

create or replace function keep_waits() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    -- A state that an undo leads back to began when its row says; what came after it has not happened.
    case new.status
        when 'arrived' then
            new.arrived_at := new.status_changed_at;
            new.taken_at := null;
            new.seen_at := null;
            new.ready_at := null;
            new.done_at := null;
        when 'roomed' then
            new.taken_at := new.status_changed_at;
            new.seen_at := null;
            new.ready_at := null;
            new.done_at := null;
        when 'in_progress' then
            if old.status not in ('roomed', 'in_progress', 'ready_for_checkout', 'completed') then
                new.taken_at := new.status_changed_at;
            end if;
            new.seen_at := new.status_changed_at;
            new.ready_at := null;
            new.done_at := null;
        when 'ready_for_checkout' then
            new.ready_at := new.status_changed_at;
            new.done_at := null;
        when 'completed' then
            new.done_at := new.status_changed_at;
        when 'left_without_being_seen' then
            new.taken_at := null;
        else
            new.arrived_at := null;
            new.taken_at := null;
            new.seen_at := null;
            new.ready_at := null;
            new.done_at := null;
    end case;
    return new;
end
$$;

with seen as (
    select distinct on (appointment_id) appointment_id, version, status_changed_at
    from appointment_move
    where status = 'in_progress'
    order by appointment_id, version desc
), times as (
    select seen.appointment_id, seen.status_changed_at as seen_at,
        max(later.status_changed_at) filter (where later.status = 'ready_for_checkout') as ready_at, max(later.status_changed_at) filter (where later.status = 'completed') as done_at
    from seen
    left join appointment_move as later on later.appointment_id = seen.appointment_id and later.version > seen.version
    group by seen.appointment_id, seen.status_changed_at
)
update appointment
set seen_at = times.seen_at, ready_at = case when appointment.status <> 'in_progress' then times.ready_at end, done_at = case when appointment.status = 'completed' then times.done_at end
from times
where times.appointment_id = appointment.id and appointment.status in ('in_progress', 'ready_for_checkout', 'completed');
