-- Booking by patients without an account: times held, what was typed until the address is proved, links by which a visit is managed.
create table online_booking (
    id uuid constraint online_booking_pkey primary key,
    token_hash bytea not null constraint online_booking_token_key unique constraint online_booking_token_hash_length check (length(token_hash) = 32),
    appointment_id uuid not null constraint online_booking_appointment_fkey references appointment,
    state text not null constraint online_booking_state_known check (state in ('held', 'asked', 'done', 'ended')),
    patient_kind text not null constraint online_booking_patient_kind_known check (patient_kind in ('new', 'existing')),
    mode text not null constraint online_booking_mode_known check (mode in ('book', 'request')),
    network bigint not null,
    device bigint,
    held_until timestamptz not null,
    created_at timestamptz not null,
    typed bytea,
    typed_key_version int,
    email bigint,
    code bigint,
    code_until timestamptz,
    tries int not null default 0 constraint online_booking_tries_range check (tries between 0 and 5),
    patient_id uuid constraint online_booking_patient_fkey references patient,
    is_new_patient boolean not null default false,
    alike uuid[] not null default '{}',
    seen_at timestamptz,
    told_at timestamptz,
    constraint online_booking_done_has_patient check (state <> 'done' or patient_id is not null),
    constraint online_booking_typed_has_key check ((typed is null) = (typed_key_version is null))
);
create index online_booking_appointment_idx on online_booking (appointment_id);
create index online_booking_open_idx on online_booking (held_until) where state in ('held', 'asked');
create index online_booking_network_idx on online_booking (network, created_at);
create index online_booking_email_idx on online_booking (email) where email is not null;
comment on table online_booking is 'A time that somebody without an account has held, and what came of it. PHI class: identifiers.';
comment on column online_booking.id is 'Key. No PHI.';
comment on column online_booking.token_hash is 'SHA-256 of the secret in the visitor''s address. Secret class: hash.';
comment on column online_booking.appointment_id is 'The visit that holds the time, and becomes the booking. PHI class: identifier.';
comment on column online_booking.state is 'held: the form is open; asked: a code is on its way; done: booked or requested; ended: given up. No PHI.';
comment on column online_booking.patient_kind is 'What the visitor says of themselves: new or existing. No PHI.';
comment on column online_booking.mode is 'What the offer says: book at once or request. No PHI.';
comment on column online_booking.network is 'Blind number of the visitor''s network, for limits. No PHI.';
comment on column online_booking.device is 'Blind number of the visitor''s browser, for limits, or null. No PHI.';
comment on column online_booking.held_until is 'When the hold ends by itself. No PHI.';
comment on column online_booking.created_at is 'When the time was held. No PHI.';
comment on column online_booking.typed is 'What was typed, sealed under the clinic''s key; once the code was right only the address to write to. PHI class: encrypted.';
comment on column online_booking.typed_key_version is 'Version of the clinic''s key. No PHI.';
comment on column online_booking.email is 'Blind number of the address. PHI class: identifier.';
comment on column online_booking.code is 'Blind number of the code that was mailed. Secret class: hash.';
comment on column online_booking.code_until is 'Until when the code is good. No PHI.';
comment on column online_booking.tries is 'Codes given so far, at most 5; counted before they are looked at. No PHI.';
comment on column online_booking.patient_id is 'Who comes, once booked. PHI class: identifier.';
comment on column online_booking.is_new_patient is 'Whether the patient was entered by this booking. No PHI.';
comment on column online_booking.alike is 'Patients who may be the same person, for the desk. PHI class: identifiers.';
comment on column online_booking.seen_at is 'When the desk has looked at it. No PHI.';
comment on column online_booking.told_at is 'When the patient was told what the desk decided. No PHI.';

create table online_mail (
    id uuid constraint online_mail_pkey primary key,
    email bigint not null,
    sent_at timestamptz not null
);
create index online_mail_email_idx on online_mail (email, sent_at);
comment on table online_mail is 'Codes mailed to an address in the last hours, so that nobody''s mailbox is filled. PHI class: identifiers.';
comment on column online_mail.id is 'Key. No PHI.';
comment on column online_mail.email is 'Blind number of the address. PHI class: identifier.';
comment on column online_mail.sent_at is 'When. No PHI.';

create table visit_link (
    id uuid constraint visit_link_pkey primary key,
    token_hash bytea not null constraint visit_link_token_key unique constraint visit_link_token_hash_length check (length(token_hash) = 32),
    appointment_id uuid not null constraint visit_link_appointment_fkey references appointment,
    patient_id uuid not null constraint visit_link_patient_fkey references patient,
    tries int not null default 0 constraint visit_link_tries_range check (tries between 0 and 5),
    pass_hash bytea constraint visit_link_pass_hash_length check (length(pass_hash) = 32),
    pass_until timestamptz,
    created_at timestamptz not null,
    constraint visit_link_pass_told check ((pass_hash is null) = (pass_until is null))
);
create index visit_link_appointment_idx on visit_link (appointment_id);
comment on table visit_link is 'A link by which a patient manages one visit without an account. PHI class: identifiers.';
comment on column visit_link.id is 'Key. No PHI.';
comment on column visit_link.token_hash is 'SHA-256 of the secret in the link. Secret class: hash.';
comment on column visit_link.appointment_id is 'Which visit. PHI class: identifier.';
comment on column visit_link.patient_id is 'Whose. PHI class: identifier.';
comment on column visit_link.tries is 'Wrong or unproved birth dates so far, at most 5; counted before they are looked at. No PHI.';
comment on column visit_link.pass_hash is 'SHA-256 of what the browser keeps that has given the birth date. Secret class: hash.';
comment on column visit_link.pass_until is 'Until when that is good. No PHI.';
comment on column visit_link.created_at is 'When it was sent. No PHI.';

grant select, insert, update, delete on online_booking, visit_link, online_mail to {system};
grant select, update on online_booking to {admin}, {provider}, {front_desk};
grant insert on visit_link to {admin}, {provider}, {front_desk};
