-- The calendar: planned visits and every move of them. That nobody is booked twice is held here, not by a check in the program.
alter table room add constraint room_location_key unique (location_id, id);   -- so that a visit's room is one of the visit's location

create table appointment (
    id uuid constraint appointment_pkey primary key,
    patient_id uuid not null constraint appointment_patient_fkey references patient,
    provider_id uuid not null constraint appointment_provider_fkey references staff,
    visit_type_id uuid not null constraint appointment_visit_type_fkey references visit_type,
    location_id uuid not null constraint appointment_location_fkey references location,
    room_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null constraint appointment_ends_after_start check (ends_at > starts_at),
    local_start timestamp not null,
    time_zone text not null constraint appointment_time_zone_length check (length(time_zone) between 1 and 64),
    status text not null constraint appointment_status_known check (status in ('booked', 'confirmed', 'arrived', 'roomed', 'in_progress',
        'ready_for_checkout', 'completed', 'cancelled', 'no_show', 'left_without_being_seen')),
    status_changed_at timestamptz not null,
    cancel_reason text constraint appointment_cancel_reason_known check (cancel_reason in
        ('patient_request', 'provider_unavailable', 'clinic_closed', 'rescheduled', 'booked_in_error', 'other')),
    cancelled_by text constraint appointment_cancelled_by_known check (cancelled_by in ('patient', 'clinic')),
    is_late_cancel boolean,
    reason bytea,
    reason_key_version int,
    version int not null default 1 constraint appointment_version_positive check (version > 0),
    booked_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint appointment_room_fkey foreign key (location_id, room_id) references room (location_id, id),
    constraint appointment_length_range check (ends_at - starts_at between interval '5 minutes' and interval '480 minutes'),
    constraint appointment_cancel_told check (num_nulls(cancel_reason, cancelled_by, is_late_cancel) = case status when 'cancelled' then 0 else 3 end),
    constraint appointment_reason_key check ((reason is null) = (reason_key_version is null)),
    constraint appointment_no_overlap exclude using gist (provider_id with =, tstzrange(starts_at, ends_at) with &&)
        where (status not in ('cancelled', 'no_show', 'left_without_being_seen')),
    constraint appointment_room_no_overlap exclude using gist (room_id with =, tstzrange(starts_at, ends_at) with &&)
        where (room_id is not null and status not in ('cancelled', 'no_show', 'left_without_being_seen'))
);
-- A visit lasts eight hours at most, so those of a day start between eight hours before it and its end.
create index appointment_starts_idx on appointment (starts_at);
create index appointment_patient_idx on appointment (patient_id, starts_at desc);
comment on table appointment is 'A planned visit and how far it has come. Never deleted: cancelled and missed ones stay. PHI class: identifiers.';
comment on column appointment.id is 'Key. PHI class: identifier.';
comment on column appointment.patient_id is 'Who comes. PHI class: identifier.';
comment on column appointment.provider_id is 'Whose time it is. No PHI.';
comment on column appointment.visit_type_id is 'What kind of visit. PHI class: identifier, as it tells of a patient.';
comment on column appointment.location_id is 'Where. No PHI.';
comment on column appointment.room_id is 'In which room of that location, or null. No PHI.';
comment on column appointment.starts_at is 'Start, inclusive. PHI class: identifier (a date of service).';
comment on column appointment.ends_at is 'End, exclusive; 5 to 480 minutes after the start. PHI class: identifier (a date of service).';
comment on column appointment.local_start is 'Start on the wall clock of the location, as it was agreed: a change of time-zone law is replayed from it. PHI class: identifier (a date of service).';
comment on column appointment.time_zone is 'IANA zone of that wall clock. No PHI.';
comment on column appointment.status is 'How far it has come; the moves allowed stand in VisitStates. No PHI.';
comment on column appointment.status_changed_at is 'Since when it is in that state. No PHI.';
comment on column appointment.cancel_reason is 'Why it was cancelled, by code; only while cancelled. No PHI.';
comment on column appointment.cancelled_by is 'Which side cancelled; only while cancelled. No PHI.';
comment on column appointment.is_late_cancel is 'Whether the patient cancelled within the clinic''s late window; only while cancelled. No PHI.';
comment on column appointment.reason is 'What the patient comes for, in words, sealed under the patient''s key; or null. PHI class: encrypted.';
comment on column appointment.reason_key_version is 'Version of the patient''s key that sealed the reason. No PHI.';
comment on column appointment.version is 'Counts up at each move; the ETag. No PHI.';
comment on column appointment.booked_by is 'Who booked it: a person, or the clinic''s own id for the program. No PHI.';
comment on column appointment.created_at is 'When it was booked. No PHI.';
comment on column appointment.updated_at is 'When it was last moved. No PHI.';

create table appointment_move (
    appointment_id uuid not null constraint appointment_move_appointment_fkey references appointment,
    version int not null constraint appointment_move_version_positive check (version > 0),
    act text not null constraint appointment_move_act_known check (act in ('booked', 'moved', 'status', 'cancelled', 'undone')),
    restores int constraint appointment_move_restores_earlier check (restores between 1 and version - 2),
    at timestamptz not null,
    moved_by uuid not null,
    role text not null constraint appointment_move_role_known check (role in ('admin', 'provider', 'front_desk', 'patient', 'system')),
    door text not null constraint appointment_move_door_length check (length(door) between 1 and 20),
    provider_id uuid not null,
    location_id uuid not null,
    room_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    local_start timestamp not null,
    time_zone text not null,
    status text not null,
    status_changed_at timestamptz not null,
    cancel_reason text,
    cancelled_by text,
    is_late_cancel boolean,
    constraint appointment_move_pkey primary key (appointment_id, version),
    constraint appointment_move_undone_restores check (restores is null or act = 'undone')
);
comment on table appointment_move is 'Every move of a visit, as the state after it; the state before is the version before. Insert-only. PHI class: identifiers.';
comment on column appointment_move.appointment_id is 'The visit. PHI class: identifier.';
comment on column appointment_move.version is 'The version of the visit that this move made. No PHI.';
comment on column appointment_move.act is 'What was done. No PHI.';
comment on column appointment_move.restores is 'For an undo: the version whose state was restored; null when the booking itself was undone. No PHI.';
comment on column appointment_move.at is 'When. No PHI.';
comment on column appointment_move.moved_by is 'Who: a person, or the clinic''s own id for the program. No PHI.';
comment on column appointment_move.role is 'As what. No PHI.';
comment on column appointment_move.door is 'From which door: page, api, cli or job. No PHI.';
comment on column appointment_move.provider_id is 'Whose time, after the move. No PHI.';
comment on column appointment_move.location_id is 'Where, after the move. No PHI.';
comment on column appointment_move.room_id is 'In which room, after the move, or null. No PHI.';
comment on column appointment_move.starts_at is 'Start after the move. PHI class: identifier (a date of service).';
comment on column appointment_move.ends_at is 'End after the move. PHI class: identifier (a date of service).';
comment on column appointment_move.local_start is 'Wall-clock start after the move. PHI class: identifier (a date of service).';
comment on column appointment_move.time_zone is 'Its IANA zone. No PHI.';
comment on column appointment_move.status is 'State after the move. No PHI.';
comment on column appointment_move.status_changed_at is 'Since when in that state. No PHI.';
comment on column appointment_move.cancel_reason is 'Why cancelled, while it is. No PHI.';
comment on column appointment_move.cancelled_by is 'Which side cancelled, while it is. No PHI.';
comment on column appointment_move.is_late_cancel is 'Whether late, while it is cancelled. No PHI.';
create trigger appointment_move_insert_only before update or delete on appointment_move for each row execute function refuse_change('appointment_move');
create trigger appointment_move_no_truncate before truncate on appointment_move for each statement execute function refuse_change('appointment_move');

grant select, insert, update on appointment to {admin}, {provider}, {front_desk}, {system};
grant select, insert on appointment_move to {admin}, {provider}, {front_desk}, {system};
