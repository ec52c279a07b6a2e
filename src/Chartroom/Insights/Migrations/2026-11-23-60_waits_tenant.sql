-- How long patients wait is read for a year at a time, so it stands with the visit instead of being put together from its moves.
alter table appointment
    add column arrived_at timestamptz,
    add column taken_at timestamptz;
comment on column appointment.arrived_at is 'When the patient arrived, once they have. PHI class: identifier (a time of service).';
comment on column appointment.taken_at is 'When the patient was brought to a room or, without one, to the provider. PHI class: identifier (a time of service).';

create function keep_waits() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
    if new.status = 'arrived' then
        new.arrived_at := new.status_changed_at;
        new.taken_at := null;
    elsif new.status in ('roomed', 'in_progress') then
        -- From a later state back to the room: that was an undo, and the time of the room stands in its row again.
        if new.status = 'roomed' or old.status not in ('roomed', 'in_progress', 'ready_for_checkout', 'completed') then
            new.taken_at := new.status_changed_at;
        end if;
    elsif new.status = 'left_without_being_seen' then
        new.taken_at := null;
    elsif new.status not in ('ready_for_checkout', 'completed') then
        new.arrived_at := null;
        new.taken_at := null;
    end if;
    return new;
end
$$;
create trigger appointment_keep_waits before update on appointment for each row when (old.status is distinct from new.status) execute function keep_waits();

update appointment
set arrived_at = waits.arrived_at, taken_at = waits.taken_at
from (
    select arrived.appointment_id, arrived.status_changed_at as arrived_at, min(taken.status_changed_at) as taken_at
    from (
        select distinct on (appointment_id) appointment_id, version, status_changed_at
        from appointment_move
        where status = 'arrived'
        order by appointment_id, version desc
    ) as arrived
    left join appointment_move as taken on taken.appointment_id = arrived.appointment_id and taken.version > arrived.version and taken.status in ('roomed', 'in_progress')
    group by arrived.appointment_id, arrived.status_changed_at
) as waits
where waits.appointment_id = appointment.id and appointment.status in ('arrived', 'roomed', 'in_progress', 'ready_for_checkout', 'completed', 'left_without_being_seen');
update appointment set taken_at = null where status = 'left_without_being_seen' or status = 'arrived';
