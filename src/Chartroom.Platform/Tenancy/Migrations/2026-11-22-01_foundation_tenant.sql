-- What every clinic's schema stands on: keys, audit, outbox, counters, answers kept for repeated requests.
create table clinic_key (
    purpose text not null constraint clinic_key_purpose_known check (purpose in ('data', 'index')),
    version int not null constraint clinic_key_version_positive check (version > 0),
    wrapped bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    constraint clinic_key_pkey primary key (purpose, version)
);
comment on table clinic_key is 'The clinic''s keys, wrapped by the key-management service. No PHI; secret class.';
comment on column clinic_key.purpose is 'data wraps patient keys; index keys the blind indexes. No PHI.';
comment on column clinic_key.version is 'Counts up at each rotation. No PHI.';
comment on column clinic_key.wrapped is 'Key wrapped by the key-management service. Secret class.';
comment on column clinic_key.created_at is 'Time of creation. No PHI.';
comment on column clinic_key.retired_at is 'When a newer version took over; null for the one in use. No PHI.';
grant select on clinic_key to {admin}, {provider}, {front_desk}, {patient}, {system};

create table patient_key (
    patient_id uuid not null,
    version int not null constraint patient_key_version_positive check (version > 0),
    clinic_key_version int not null,
    wrapped bytea,
    created_at timestamptz not null default now(),
    destroyed_at timestamptz,
    constraint patient_key_pkey primary key (patient_id, version),
    constraint patient_key_destroyed check ((wrapped is null) = (destroyed_at is not null))
);
comment on table patient_key is 'Patients'' keys wrapped by the clinic''s: the store that backups treat apart. Destroying a row''s key makes all content under it unreadable. No PHI; secret class.';
comment on column patient_key.patient_id is 'Whose. PHI class: identifier.';
comment on column patient_key.version is 'Counts up at each rotation. No PHI.';
comment on column patient_key.clinic_key_version is 'Version of the clinic''s data key that wraps it. No PHI.';
comment on column patient_key.wrapped is 'The wrapped key; null once destroyed. Secret class.';
comment on column patient_key.created_at is 'Time of creation. No PHI.';
comment on column patient_key.destroyed_at is 'When it was destroyed. No PHI.';
grant select, insert on patient_key to {admin}, {provider}, {front_desk}, {system};
grant select on patient_key to {patient};

create table audit_event (
    id uuid not null,
    at timestamptz not null,
    clinic_id uuid not null,
    person_id uuid not null,
    role text not null constraint audit_event_role_known check (role in ('admin', 'provider', 'front_desk', 'patient', 'system')),
    action text not null constraint audit_event_action_form check (action ~ '^[a-z_]+(\.[a-z_-]+)+$'),
    resource text not null,
    resource_id uuid,
    patient_ids uuid[] not null default '{}',
    purpose text not null constraint audit_event_purpose_known check (purpose in ('treatment', 'payment', 'operations', 'patient_request', 'emergency')),
    outcome text not null constraint audit_event_outcome_known check (outcome in ('done', 'refused')),
    door text not null,
    ip text,
    device_id uuid,
    agent text,
    language text,
    session_id uuid,
    trace_id text,
    constraint audit_event_pkey primary key (id, at)
) partition by range (at);
create index audit_event_at_idx on audit_event (at desc, id desc);
create index audit_event_patients_idx on audit_event using gin (patient_ids);
comment on table audit_event is 'Every read and write of this clinic''s data: written in the same transaction as what it tells of. Insert-only. PHI class: identifiers.';
comment on column audit_event.id is 'Key. No PHI.';
comment on column audit_event.at is 'When; also the partition. No PHI.';
comment on column audit_event.clinic_id is 'The clinic, so that a row moved to another schema shows. No PHI.';
comment on column audit_event.person_id is 'Who; the clinic''s own id for the program itself. No PHI.';
comment on column audit_event.role is 'As what. No PHI.';
comment on column audit_event.action is 'What, as noun.verb. No PHI.';
comment on column audit_event.resource is 'Kind of the thing. No PHI.';
comment on column audit_event.resource_id is 'The thing, where there is one. PHI class: identifier.';
comment on column audit_event.patient_ids is 'Every patient whose key was opened or who was shown. PHI class: identifier.';
comment on column audit_event.purpose is 'Why (45 CFR 164.528 asks for it in disclosures). No PHI.';
comment on column audit_event.outcome is 'refused: nothing was changed, but what it names may have been looked at. No PHI.';
comment on column audit_event.door is 'page, api, cli or job. No PHI.';
comment on column audit_event.ip is 'Address of the client. No PHI.';
comment on column audit_event.device_id is 'Long-lived id of the browser. No PHI.';
comment on column audit_event.agent is 'User-Agent: browser and system. No PHI.';
comment on column audit_event.language is 'Accept-Language. No PHI.';
comment on column audit_event.session_id is 'The session. No PHI.';
comment on column audit_event.trace_id is 'The request. No PHI.';

-- Months are added ahead by the program (AuditPartitions); the default takes what falls outside, so that no event is ever refused.
create table audit_event_default partition of audit_event default;
create function refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
$$ begin raise exception 'rows of % are never changed', tg_argv[0] using errcode = 'insufficient_privilege'; end $$;
comment on function refuse_change() is 'Trigger of insert-only tables; takes the table''s name.';
create trigger audit_event_insert_only before update or delete on audit_event for each row execute function refuse_change('audit_event');
create trigger audit_event_no_truncate before truncate on audit_event_default for each statement execute function refuse_change('audit_event');
create trigger audit_event_no_truncate before truncate on audit_event for each statement execute function refuse_change('audit_event');
grant insert on audit_event to {admin}, {provider}, {front_desk}, {patient}, {system};
grant select on audit_event to {admin}, {system};

create table outbox (
    id uuid constraint outbox_pkey primary key,
    patient_id uuid,
    channel text not null constraint outbox_channel_known check (channel in ('email')),
    content bytea not null,
    key_version int not null,
    state text not null default 'queued' constraint outbox_state_known check (state in ('queued', 'sending', 'sent', 'failed')),
    attempts int not null default 0 constraint outbox_attempts_sane check (attempts between 0 and 100),
    due_at timestamptz not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    last_error text
);
create index outbox_due_idx on outbox (due_at) where state in ('queued', 'sending');
comment on table outbox is 'Messages of this clinic that leave the building, written with their cause.';
comment on column outbox.id is 'Key, also the idempotency key towards the transport. No PHI.';
comment on column outbox.patient_id is 'The patient concerned, or null. PHI class: identifier.';
comment on column outbox.channel is 'How it leaves. No PHI.';
comment on column outbox.content is 'Recipient, subject and body, sealed under the clinic''s key. PHI class: encrypted.';
comment on column outbox.key_version is 'Version of the clinic''s data key. No PHI.';
comment on column outbox.state is 'queued, sending (taken by a worker), sent, or failed (parked after the last try). No PHI.';
comment on column outbox.attempts is 'Tries so far. No PHI.';
comment on column outbox.due_at is 'Not before. While sending: when another worker may take it over. No PHI.';
comment on column outbox.created_at is 'Time of its cause. No PHI.';
comment on column outbox.sent_at is 'When the transport accepted it. No PHI.';
comment on column outbox.last_error is 'Code of the last failure. No PHI.';
grant insert on outbox to {admin}, {provider}, {front_desk}, {patient};
grant select, insert, update on outbox to {system};

create table counter (
    name text constraint counter_pkey primary key,
    next bigint not null constraint counter_next_positive check (next > 0)
);
comment on table counter is 'Human numbers: medical record numbers, receipts. No PHI.';
comment on column counter.name is 'What is counted. No PHI.';
comment on column counter.next is 'The number the next one gets. No PHI.';
insert into counter (name, next) values ('mrn', 100001);
grant select, update on counter to {admin}, {provider}, {front_desk}, {system};

create table kept_answer (
    key text not null constraint kept_answer_key_length check (length(key) between 1 and 100),
    person_id uuid not null,
    request_hash bytea not null constraint kept_answer_request_hash_length check (length(request_hash) = 32),
    status int,
    content bytea,
    key_version int,
    created_at timestamptz not null,
    constraint kept_answer_pkey primary key (person_id, key)
);
comment on table kept_answer is 'Idempotency-Key: what was answered to a request, for 24 hours, so that its repetition has no second effect.';
comment on column kept_answer.key is 'The key the client sent. No PHI.';
comment on column kept_answer.person_id is 'Whose request. No PHI.';
comment on column kept_answer.request_hash is 'SHA-256 of method, path and body: another request under the same key is refused. No PHI.';
comment on column kept_answer.status is 'HTTP status; null from the commit of the effect until its answer is kept. No PHI.';
comment on column kept_answer.content is 'Headers and body, sealed under the clinic''s key, or null. PHI class: encrypted.';
comment on column kept_answer.key_version is 'Version of the clinic''s data key. No PHI.';
comment on column kept_answer.created_at is 'When the effect was committed. No PHI.';
create index kept_answer_created_idx on kept_answer (created_at);
grant select, insert, update on kept_answer to {admin}, {provider}, {front_desk}, {patient}, {system};
grant delete on kept_answer to {system};
