-- The clinic says why visits are cancelled: a list of its own in place of fixed codes.
create table cancel_reason (
    code text constraint cancel_reason_pkey primary key constraint cancel_reason_code_word check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    name text not null constraint cancel_reason_name_length check (length(name) between 1 and 60),
    used_by text not null constraint cancel_reason_used_by_known check (used_by in ('staff', 'patient', 'both', 'system')),
    place int not null constraint cancel_reason_place_range check (place between 1 and 99),
    is_active boolean not null default true,
    version int not null default 1 constraint cancel_reason_version_positive check (version > 0)
);
create unique index cancel_reason_name_key on cancel_reason (lower(name)) where is_active;
comment on table cancel_reason is 'Why visits are cancelled, as the clinic lists it. Never deleted: visits name it. No PHI.';
comment on column cancel_reason.code is 'Key, a word of small letters; what programs see. No PHI.';
comment on column cancel_reason.name is 'What people read, 1 to 60 characters. No PHI.';
comment on column cancel_reason.used_by is 'Who is offered it: staff, patients, both, or only the program itself. No PHI.';
comment on column cancel_reason.place is 'Order in the list, 1 to 99; the first is proposed. No PHI.';
comment on column cancel_reason.is_active is 'False once it is not offered any more. No PHI.';
comment on column cancel_reason.version is 'Counts up at each change. No PHI.';
insert into cancel_reason (code, name, used_by, place)
values
    ('patient_request', 'Patient asked', 'staff', 10), ('cannot_come', 'Cannot come at that time', 'patient', 15), ('not_needed', 'No longer needed', 'patient', 16),
    ('provider_unavailable', 'Provider not available', 'staff', 20), ('clinic_closed', 'Clinic closed', 'staff', 30), ('rescheduled', 'Rescheduled', 'staff', 40),
    ('booked_in_error', 'Booked in error', 'staff', 50), ('request_declined', 'Request declined', 'staff', 60), ('other', 'Other', 'both', 90),
    ('hold_ended', 'Held time was not booked', 'system', 99);
alter table appointment
    drop constraint appointment_cancel_reason_known,
    add constraint appointment_cancel_reason_fkey foreign key (cancel_reason) references cancel_reason;
grant select on cancel_reason to {admin}, {provider}, {front_desk}, {patient}, {system};
grant insert, update on cancel_reason to {admin}, {system};
