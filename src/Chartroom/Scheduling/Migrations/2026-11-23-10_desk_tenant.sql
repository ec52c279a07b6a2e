-- What the front desk works with: devices, rules of booking, times nobody works, holds, series, deliberate double booking.

create table device (
    id uuid constraint device_pkey primary key,
    location_id uuid not null constraint device_location_fkey references location,
    name text not null constraint device_name_length check (length(name) between 1 and 100),
    is_active boolean not null default true,
    version int not null default 1 constraint device_version_positive check (version > 0),
    constraint device_location_key unique (location_id, id)
);
create unique index device_name_key on device (location_id, lower(name)) where is_active;
comment on table device is 'A thing a visit may need and only one visit can have at a time, such as an ultrasound. No PHI.';
comment on column device.id is 'Key. No PHI.';
comment on column device.location_id is 'Where it stands. No PHI.';
comment on column device.name is 'What people call it, 1 to 100 characters. No PHI.';
comment on column device.is_active is 'False once retired; it stays for the visits that had it. No PHI.';
comment on column device.version is 'Counts up at each change. No PHI.';

alter table visit_type
    add column buffer_before int not null default 0 constraint visit_type_buffer_before_range check (buffer_before between 0 and 120),
    add column buffer_after int not null default 0 constraint visit_type_buffer_after_range check (buffer_after between 0 and 120),
    add column align_minutes int not null default 5 constraint visit_type_align_known check (align_minutes in (5, 10, 15, 20, 30, 60)),
    add column daily_cap int constraint visit_type_daily_cap_range check (daily_cap between 1 and 100),
    add column lead_minutes int constraint visit_type_lead_range check (lead_minutes between 0 and 43200),
    add column horizon_days int constraint visit_type_horizon_range check (horizon_days between 1 and 730);
comment on column visit_type.buffer_before is 'Minutes the provider, room and device are kept free before such a visit, 0 to 120. No PHI.';
comment on column visit_type.buffer_after is 'Minutes they are kept free after it, 0 to 120. No PHI.';
comment on column visit_type.align_minutes is 'Offered starts are multiples of so many minutes of the wall clock. No PHI.';
comment on column visit_type.daily_cap is 'Most such visits a provider has on one day; null: no limit. No PHI.';
comment on column visit_type.lead_minutes is 'Least minutes between booking online and the start; null: the clinic''s own. No PHI.';
comment on column visit_type.horizon_days is 'Most days ahead online; null: the clinic''s own. No PHI.';

create table visit_type_room (
    visit_type_id uuid not null constraint visit_type_room_visit_type_fkey references visit_type,
    room_id uuid not null constraint visit_type_room_room_fkey references room,
    constraint visit_type_room_pkey primary key (visit_type_id, room_id)
);
comment on table visit_type_room is 'Rooms in which such a visit can take place; a type with rows here needs one of them. No PHI.';
comment on column visit_type_room.visit_type_id is 'The type. No PHI.';
comment on column visit_type_room.room_id is 'A room that will do. No PHI.';

create table visit_type_device (
    visit_type_id uuid not null constraint visit_type_device_visit_type_fkey references visit_type,
    device_id uuid not null constraint visit_type_device_device_fkey references device,
    constraint visit_type_device_pkey primary key (visit_type_id, device_id)
);
comment on table visit_type_device is 'Devices with which such a visit can take place; a type with rows here needs one of them. No PHI.';
comment on column visit_type_device.visit_type_id is 'The type. No PHI.';
comment on column visit_type_device.device_id is 'A device that will do. No PHI.';

create table online_offer (
    visit_type_id uuid not null constraint online_offer_visit_type_fkey references visit_type,
    provider_id uuid not null constraint online_offer_provider_fkey references staff,
    patient_kind text not null constraint online_offer_patient_kind_known check (patient_kind in ('new', 'existing')),
    mode text not null constraint online_offer_mode_known check (mode in ('book', 'request')),
    constraint online_offer_pkey primary key (visit_type_id, provider_id, patient_kind)
);
comment on table online_offer is 'What patients may take online: kind of patient × visit type × provider. What has no row is not offered. No PHI.';
comment on column online_offer.visit_type_id is 'The type. No PHI.';
comment on column online_offer.provider_id is 'With whom. No PHI.';
comment on column online_offer.patient_kind is 'new: never seen here; existing: has had a completed visit. No PHI.';
comment on column online_offer.mode is 'book: agreed at once; request: the desk accepts. No PHI.';

create table scheduling_rules (
    only_row boolean not null default true constraint scheduling_rules_pkey primary key constraint scheduling_rules_one_row check (only_row),
    is_online boolean not null default false,
    lead_minutes int not null default 120 constraint scheduling_rules_lead_range check (lead_minutes between 0 and 43200),
    horizon_days int not null default 90 constraint scheduling_rules_horizon_range check (horizon_days between 1 and 730),
    late_cancel_hours int not null default 24 constraint scheduling_rules_late_cancel_range check (late_cancel_hours between 0 and 168),
    hold_minutes int not null default 5 constraint scheduling_rules_hold_range check (hold_minutes between 1 and 30),
    most_upcoming int not null default 3 constraint scheduling_rules_most_upcoming_range check (most_upcoming between 1 and 20),
    overbook_roles text[] not null default '{admin,provider}' constraint scheduling_rules_overbook_known check (overbook_roles <@ '{admin,provider,front_desk}'),
    notifies_by_default boolean not null default true,
    booking_words text not null default '' constraint scheduling_rules_booking_words_length check (length(booking_words) <= 1000),
    version int not null default 1 constraint scheduling_rules_version_positive check (version > 0)
);
insert into scheduling_rules default values;
comment on table scheduling_rules is 'The clinic''s rules of booking; one row. No PHI.';
comment on column scheduling_rules.only_row is 'Holds the table to one row. No PHI.';
comment on column scheduling_rules.is_online is 'Whether the public booking page is open. No PHI.';
comment on column scheduling_rules.lead_minutes is 'Least minutes between booking online and the start. No PHI.';
comment on column scheduling_rules.horizon_days is 'Most days ahead online. No PHI.';
comment on column scheduling_rules.late_cancel_hours is 'A patient who cancels with less notice cancels late. No PHI.';
comment on column scheduling_rules.hold_minutes is 'How long a time is held while a patient fills in the form. No PHI.';
comment on column scheduling_rules.most_upcoming is 'Most visits a patient may have booked ahead online. No PHI.';
comment on column scheduling_rules.overbook_roles is 'Who may knowingly book a taken time. No PHI.';
comment on column scheduling_rules.notifies_by_default is 'Whether the question "tell the patient?" starts with yes. No PHI.';
comment on column scheduling_rules.booking_words is 'What the booking page says above the times, at most 1,000 characters. No PHI.';
comment on column scheduling_rules.version is 'Counts up at each change. No PHI.';

create table closure (
    id uuid constraint closure_pkey primary key,
    location_id uuid constraint closure_location_fkey references location,
    name text not null constraint closure_name_length check (length(name) between 1 and 100),
    local_from timestamp not null,
    local_until timestamp not null,
    is_active boolean not null default true,
    version int not null default 1 constraint closure_version_positive check (version > 0),
    constraint closure_until_after_from check (local_until > local_from and local_until - local_from <= interval '366 days')
);
create index closure_when_idx on closure (local_until) where is_active;
comment on table closure is 'When a location, or every location, is closed: holidays, half days, moving house. No PHI.';
comment on column closure.id is 'Key. No PHI.';
comment on column closure.location_id is 'Which location; null: all of them. No PHI.';
comment on column closure.name is 'Why, as staff and patients read it. No PHI.';
comment on column closure.local_from is 'From, inclusive, by the location''s wall clock. No PHI.';
comment on column closure.local_until is 'Until, exclusive, by the location''s wall clock. No PHI.';
comment on column closure.is_active is 'False once taken back. No PHI.';
comment on column closure.version is 'Counts up at each change. No PHI.';

create table time_off (
    id uuid constraint time_off_pkey primary key,
    staff_id uuid not null constraint time_off_staff_fkey references staff,
    kind text not null constraint time_off_kind_known check (kind in ('vacation', 'sick', 'training', 'meeting', 'break', 'other')),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    local_start timestamp not null,
    time_zone text not null constraint time_off_time_zone_length check (length(time_zone) between 1 and 64),
    is_active boolean not null default true,
    version int not null default 1 constraint time_off_version_positive check (version > 0),
    constraint time_off_ends_after_start check (ends_at > starts_at and ends_at - starts_at <= interval '366 days')
);
create index time_off_staff_idx on time_off (staff_id, ends_at) where is_active;
comment on table time_off is 'When somebody is away although the hours say otherwise. No PHI.';
comment on column time_off.id is 'Key. No PHI.';
comment on column time_off.staff_id is 'Who. No PHI.';
comment on column time_off.kind is 'Why, by code. No PHI.';
comment on column time_off.starts_at is 'From, inclusive. No PHI.';
comment on column time_off.ends_at is 'Until, exclusive. No PHI.';
comment on column time_off.local_start is 'Wall-clock start as entered. No PHI.';
comment on column time_off.time_zone is 'IANA zone of that wall clock. No PHI.';
comment on column time_off.is_active is 'False once taken back. No PHI.';
comment on column time_off.version is 'Counts up at each change. No PHI.';

create table shift (
    id uuid constraint shift_pkey primary key,
    staff_id uuid not null constraint shift_staff_fkey references staff,
    location_id uuid not null constraint shift_location_fkey references location,
    day date not null,
    opens time not null,
    closes time not null,
    constraint shift_closes_after_opens check (closes > opens),
    constraint shift_no_overlap exclude using gist (staff_id with =, day with =,
        int4range((extract(epoch from opens) / 60)::int, (extract(epoch from closes) / 60)::int) with &&)
);
comment on table shift is 'Hours of one day. A person with a row for a day works that day by its rows only, not by the weekly hours. No PHI.';
comment on column shift.id is 'Key. No PHI.';
comment on column shift.staff_id is 'Who. No PHI.';
comment on column shift.location_id is 'Where. No PHI.';
comment on column shift.day is 'Calendar day there. No PHI.';
comment on column shift.opens is 'Wall-clock start. No PHI.';
comment on column shift.closes is 'Wall-clock end, exclusive. No PHI.';

create table outside_calendar (
    id uuid constraint outside_calendar_pkey primary key,
    staff_id uuid not null constraint outside_calendar_staff_fkey references staff,
    address bytea not null,
    address_key_version int not null,
    is_active boolean not null default true,
    checked_at timestamptz,
    failed_with text constraint outside_calendar_failed_with_length check (length(failed_with) <= 60),
    version int not null default 1 constraint outside_calendar_version_positive check (version > 0)
);
comment on table outside_calendar is 'An iCalendar address outside, whose busy times count. No PHI.';
comment on column outside_calendar.id is 'Key. No PHI.';
comment on column outside_calendar.staff_id is 'Whose. No PHI.';
comment on column outside_calendar.address is 'The address, sealed under the clinic''s key: who knows it can read the calendar. No PHI.';
comment on column outside_calendar.address_key_version is 'Version of the clinic''s key. No PHI.';
comment on column outside_calendar.is_active is 'False once taken away. No PHI.';
comment on column outside_calendar.checked_at is 'When it was last read. No PHI.';
comment on column outside_calendar.failed_with is 'Code of what went wrong then, or null. No PHI.';
comment on column outside_calendar.version is 'Counts up at each change. No PHI.';

create table outside_busy (
    calendar_id uuid not null constraint outside_busy_calendar_fkey references outside_calendar,
    staff_id uuid not null constraint outside_busy_staff_fkey references staff,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    constraint outside_busy_pkey primary key (calendar_id, starts_at, ends_at),
    constraint outside_busy_ends_after_start check (ends_at > starts_at)
);
create index outside_busy_staff_idx on outside_busy (staff_id, ends_at);
comment on table outside_busy is 'Busy times of outside calendars; replaced whole at each reading. Holds no title. No PHI.';
comment on column outside_busy.calendar_id is 'From which calendar. No PHI.';
comment on column outside_busy.staff_id is 'Who is busy. No PHI.';
comment on column outside_busy.starts_at is 'From, inclusive. No PHI.';
comment on column outside_busy.ends_at is 'Until, exclusive. No PHI.';

create table appointment_series (
    id uuid constraint appointment_series_pkey primary key,
    patient_id uuid not null constraint appointment_series_patient_fkey references patient,
    every_weeks int not null constraint appointment_series_every_range check (every_weeks between 1 and 12),
    occurrences int not null constraint appointment_series_occurrences_range check (occurrences between 2 and 52),
    first_local timestamp not null,
    time_zone text not null constraint appointment_series_time_zone_length check (length(time_zone) between 1 and 64),
    booked_by uuid not null,
    created_at timestamptz not null
);
create index appointment_series_patient_idx on appointment_series (patient_id);
comment on table appointment_series is 'Visits booked together, so many weeks apart at one wall-clock time; finite. PHI class: identifiers.';
comment on column appointment_series.id is 'Key. PHI class: identifier.';
comment on column appointment_series.patient_id is 'Who comes. PHI class: identifier.';
comment on column appointment_series.every_weeks is 'Weeks from one to the next, 1 to 12. No PHI.';
comment on column appointment_series.occurrences is 'How many were asked for, 2 to 52. No PHI.';
comment on column appointment_series.first_local is 'Wall-clock start of the first. PHI class: identifier (a date of service).';
comment on column appointment_series.time_zone is 'IANA zone of that wall clock. No PHI.';
comment on column appointment_series.booked_by is 'Who booked it. No PHI.';
comment on column appointment_series.created_at is 'When. No PHI.';

-- A hold is a visit without a patient yet: so one constraint keeps holds and bookings apart, and the time stays taken while the one becomes the other.
alter table appointment alter column patient_id drop not null;
alter table appointment
    add column device_id uuid,
    add column buffer_before int not null default 0 constraint appointment_buffer_before_range check (buffer_before between 0 and 120),
    add column buffer_after int not null default 0 constraint appointment_buffer_after_range check (buffer_after between 0 and 120),
    add column is_overbooked boolean not null default false,
    add column overbook_reason text constraint appointment_overbook_reason_known check (overbook_reason in
        ('urgent', 'walk_in', 'provider_asked', 'short_visit', 'other')),
    add column held_until timestamptz,
    add column series_id uuid constraint appointment_series_fkey references appointment_series,
    add column source text not null default 'desk' constraint appointment_source_known check (source in ('desk', 'online', 'import')),
    add constraint appointment_device_fkey foreign key (location_id, device_id) references device (location_id, id),
    add constraint appointment_overbooked_told check (is_overbooked = (overbook_reason is not null)),
    add constraint appointment_held_told check ((status = 'held') = (held_until is not null)),
    add constraint appointment_patient_told check (patient_id is not null or status in ('held', 'cancelled')),
    drop constraint appointment_status_known,
    add constraint appointment_status_known check (status in ('requested', 'held', 'booked', 'confirmed', 'arrived', 'roomed', 'in_progress',
        'ready_for_checkout', 'completed', 'cancelled', 'no_show', 'left_without_being_seen')),
    drop constraint appointment_cancel_reason_known,
    add constraint appointment_cancel_reason_known check (cancel_reason in
        ('patient_request', 'provider_unavailable', 'clinic_closed', 'rescheduled', 'booked_in_error', 'hold_ended', 'request_declined', 'other')),
    drop constraint appointment_cancelled_by_known,
    add constraint appointment_cancelled_by_known check (cancelled_by in ('patient', 'clinic', 'system'));
-- The time a visit keeps busy, buffers included. In UTC without a zone, since only so it is immutable and can be stored.
alter table appointment add column keeps_busy tsrange not null generated always as (tsrange(
    (starts_at at time zone 'UTC') - make_interval(mins => buffer_before), (ends_at at time zone 'UTC') + make_interval(mins => buffer_after))) stored;
alter table appointment
    drop constraint appointment_no_overlap,
    drop constraint appointment_room_no_overlap,
    add constraint appointment_no_overlap exclude using gist (provider_id with =, keeps_busy with &&)
        where (not is_overbooked and status not in ('cancelled', 'no_show', 'left_without_being_seen')),
    add constraint appointment_room_no_overlap exclude using gist (room_id with =, keeps_busy with &&)
        where (room_id is not null and status not in ('cancelled', 'no_show', 'left_without_being_seen')),
    add constraint appointment_device_no_overlap exclude using gist (device_id with =, keeps_busy with &&)
        where (device_id is not null and status not in ('cancelled', 'no_show', 'left_without_being_seen'));
create index appointment_held_idx on appointment (held_until) where status = 'held';
create index appointment_series_idx on appointment (series_id, starts_at) where series_id is not null;
create index appointment_provider_idx on appointment (provider_id, starts_at);
comment on column appointment.device_id is 'Which device of that location, or null. No PHI.';
comment on column appointment.buffer_before is 'Minutes kept free before it, as the visit type said when it was booked. No PHI.';
comment on column appointment.buffer_after is 'Minutes kept free after it. No PHI.';
comment on column appointment.is_overbooked is 'Knowingly booked onto a taken time of the provider; room and device still cannot be had twice. No PHI.';
comment on column appointment.overbook_reason is 'Why, by code; only while overbooked. No PHI.';
comment on column appointment.held_until is 'When a hold ends by itself; only while held. No PHI.';
comment on column appointment.series_id is 'The series it belongs to, or null. PHI class: identifier.';
comment on column appointment.source is 'Where it was booked: desk, online or import. No PHI.';
comment on column appointment.keeps_busy is 'From start to end with its buffers, in UTC. PHI class: identifier (a date of service).';

alter table appointment_move
    add column device_id uuid,
    add column is_overbooked boolean not null default false,
    add column overbook_reason text,
    add column buffer_before int not null default 0,
    add column buffer_after int not null default 0,
    drop constraint appointment_move_act_known,
    add constraint appointment_move_act_known check (act in ('booked', 'held', 'requested', 'accepted', 'moved', 'status', 'cancelled', 'undone'));
comment on column appointment_move.device_id is 'With which device, after the move, or null. No PHI.';
comment on column appointment_move.is_overbooked is 'Whether knowingly double, after the move. No PHI.';
comment on column appointment_move.overbook_reason is 'Why, while it is. No PHI.';
comment on column appointment_move.buffer_before is 'Minutes kept free before it, after the move. No PHI.';
comment on column appointment_move.buffer_after is 'Minutes kept free after it, after the move. No PHI.';

grant select on device, visit_type_room, visit_type_device, online_offer, scheduling_rules, closure, time_off, shift to {admin}, {provider}, {front_desk}, {patient}, {system};
grant insert, update on device, closure to {admin}, {system};
grant insert, delete on visit_type_room, visit_type_device, online_offer to {admin}, {system};
grant update on scheduling_rules to {admin}, {system};
grant insert, update on time_off to {admin}, {provider}, {front_desk}, {system};
grant insert, delete on shift to {admin}, {front_desk}, {system};
grant select, insert, update on outside_calendar to {admin}, {provider}, {system};
grant select on outside_calendar, outside_busy to {front_desk};
grant select on outside_busy to {admin}, {provider};
grant select, insert, delete on outside_busy to {system};
grant select, insert on appointment_series to {admin}, {provider}, {front_desk}, {system};
