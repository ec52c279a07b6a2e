-- The shared side: no PHI. Every table has forced row-level security; the owner itself sees nothing without a policy.
grant usage on schema platform to chartroom_identity, chartroom_worker,
    chartroom_admin, chartroom_provider, chartroom_front_desk, chartroom_patient, chartroom_system;

-- Who asks is told by the role of the transaction, which nobody can forge by a setting.
create function platform.current_clinic() returns uuid language sql stable
    set search_path = pg_catalog, pg_temp
    return case when current_user ~ '^clinic_[0-9a-f]{32}_' then substr(current_user, 8, 32)::uuid end;
comment on function platform.current_clinic() is 'The clinic whose role this transaction took, or null.';

create table platform.clinic (
    id uuid constraint clinic_pkey primary key,
    slug text not null constraint clinic_slug_key unique constraint clinic_slug_form check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name text not null constraint clinic_name_length check (length(name) between 1 and 200),
    region text not null default 'us' constraint clinic_region_known check (region in ('us', 'eu', 'ca')),
    time_zone text not null default 'America/New_York' constraint clinic_time_zone_length check (length(time_zone) between 1 and 64),
    state text not null constraint clinic_state_known check (state in ('provisioning', 'active', 'closed')),
    baa_signed_at timestamptz,
    created_at timestamptz not null default now(),
    provisioned_at timestamptz
);
comment on table platform.clinic is 'A clinic, that is, a tenant. No PHI.';
comment on column platform.clinic.id is 'Key; also names the schema and the roles. No PHI.';
comment on column platform.clinic.slug is 'Short name for the command line and addresses. No PHI.';
comment on column platform.clinic.name is 'Name of the practice. No PHI.';
comment on column platform.clinic.region is 'Where its data must stay. No PHI.';
comment on column platform.clinic.time_zone is 'IANA zone of the clinic; a location may have another. No PHI.';
comment on column platform.clinic.state is 'provisioning until schema, roles and keys exist. No PHI.';
comment on column platform.clinic.baa_signed_at is 'When the business associate agreement in force was signed; null closes every PHI route. No PHI.';
comment on column platform.clinic.created_at is 'Time of sign-up. No PHI.';
comment on column platform.clinic.provisioned_at is 'When it first became active. No PHI.';

create table platform.person (
    id uuid constraint person_pkey primary key,
    email text not null constraint person_email_length check (length(email) between 3 and 254),
    name text not null constraint person_name_length check (length(name) between 1 and 200),
    phone text,
    state text not null default 'active' constraint person_state_known check (state in ('active', 'closed')),
    email_verified_at timestamptz,
    created_at timestamptz not null default now()
);
create unique index person_email_key on platform.person (lower(email));
comment on table platform.person is 'A human being with an account, one each (ACC-1). Staff data, no PHI.';
comment on column platform.person.id is 'Key. No PHI.';
comment on column platform.person.email is 'Sign-in name, verified. No PHI.';
comment on column platform.person.name is 'Name as colleagues see it. No PHI.';
comment on column platform.person.phone is 'Business telephone, E.164. No PHI.';
comment on column platform.person.state is 'closed people cannot sign in. No PHI.';
comment on column platform.person.email_verified_at is 'When a link sent to the address was followed. No PHI.';
comment on column platform.person.created_at is 'Time of creation. No PHI.';

create table platform.membership (
    clinic_id uuid not null constraint membership_clinic_fkey references platform.clinic,
    person_id uuid not null constraint membership_person_fkey references platform.person,
    role text not null constraint membership_role_known check (role in ('admin', 'provider', 'front_desk')),
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    constraint membership_pkey primary key (clinic_id, person_id)
);
create index membership_person_idx on platform.membership (person_id);
comment on table platform.membership is 'Who works at which clinic as what. No PHI.';
comment on column platform.membership.clinic_id is 'The clinic. No PHI.';
comment on column platform.membership.person_id is 'The person. No PHI.';
comment on column platform.membership.role is 'One of the three strict roles. No PHI.';
comment on column platform.membership.created_at is 'Start. No PHI.';
comment on column platform.membership.ended_at is 'End; null while it lasts. No PHI.';

create table platform.session (
    id uuid constraint session_pkey primary key,
    token_hash bytea not null constraint session_token_hash_key unique constraint session_token_hash_length check (length(token_hash) = 32),
    person_id uuid not null constraint session_person_fkey references platform.person,
    clinic_id uuid constraint session_clinic_fkey references platform.clinic,
    is_mfa_done boolean not null default false,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    device_id uuid,
    ip text,
    agent text,
    language text,
    constraint session_expiry_after_start check (expires_at > created_at)
);
create index session_person_idx on platform.session (person_id) where ended_at is null;
comment on table platform.session is 'A signed-in browser or client. Read at every request, so ending it holds everywhere at once. No PHI.';
comment on column platform.session.id is 'Key, shown to the person. No PHI.';
comment on column platform.session.token_hash is 'SHA-256 of the cookie or bearer token. Secret class.';
comment on column platform.session.person_id is 'Whose it is. No PHI.';
comment on column platform.session.clinic_id is 'The clinic it acts for; null until one is chosen. No PHI.';
comment on column platform.session.is_mfa_done is 'False until the second factor was given: no PHI before. No PHI.';
comment on column platform.session.created_at is 'Sign-in. No PHI.';
comment on column platform.session.last_seen_at is 'Last request, to the minute. No PHI.';
comment on column platform.session.expires_at is 'Absolute end. No PHI.';
comment on column platform.session.ended_at is 'Sign-out or revocation; null while it lasts. No PHI.';
comment on column platform.session.device_id is 'Long-lived id of the browser. No PHI.';
comment on column platform.session.ip is 'Address at sign-in. No PHI.';
comment on column platform.session.agent is 'User-Agent at sign-in. No PHI.';
comment on column platform.session.language is 'Accept-Language at sign-in. No PHI.';

create table platform.outbox (
    id uuid constraint outbox_pkey primary key,
    clinic_id uuid,
    channel text not null constraint outbox_channel_known check (channel in ('email')),
    recipient text not null,
    subject text not null,
    body text not null,
    state text not null default 'queued' constraint outbox_state_known check (state in ('queued', 'sending', 'sent', 'failed')),
    attempts int not null default 0 constraint outbox_attempts_sane check (attempts between 0 and 100),
    due_at timestamptz not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    last_error text
);
create index outbox_due_idx on platform.outbox (due_at) where state in ('queued', 'sending');
comment on table platform.outbox is 'Messages that leave for people with accounts: sign-up, invitations, resets. No PHI; the body holds one-time links.';
comment on column platform.outbox.id is 'Key, also the idempotency key towards the transport. No PHI.';
comment on column platform.outbox.clinic_id is 'The clinic on whose behalf it leaves, or null. No PHI.';
comment on column platform.outbox.channel is 'How it leaves. No PHI.';
comment on column platform.outbox.recipient is 'Address of a person with an account or an invitation. No PHI.';
comment on column platform.outbox.subject is 'Subject line. No PHI.';
comment on column platform.outbox.body is 'Text; emptied once sent because it holds links. Secret class.';
comment on column platform.outbox.state is 'queued, sending (taken by a worker), sent, or failed (parked after the last try). No PHI.';
comment on column platform.outbox.attempts is 'Tries so far. No PHI.';
comment on column platform.outbox.due_at is 'Not before. While sending: when another worker may take it over. No PHI.';
comment on column platform.outbox.created_at is 'Time of its cause. No PHI.';
comment on column platform.outbox.sent_at is 'When the transport accepted it. No PHI.';
comment on column platform.outbox.last_error is 'Code of the last failure. No PHI.';

create table platform.audit_event (
    id uuid not null,
    at timestamptz not null,
    clinic_id uuid,
    person_id uuid,
    action text not null constraint audit_event_action_form check (action ~ '^[a-z_]+(\.[a-z_-]+)+$'),
    resource text not null,
    resource_id uuid,
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
create index audit_event_person_idx on platform.audit_event (person_id, at);
comment on table platform.audit_event is 'What happened to accounts, sessions and clinics themselves. Insert-only. No PHI.';
comment on column platform.audit_event.id is 'Key. No PHI.';
comment on column platform.audit_event.at is 'When; also the partition. No PHI.';
comment on column platform.audit_event.clinic_id is 'The clinic concerned, or null. No PHI.';
comment on column platform.audit_event.person_id is 'Who, or null when nobody was known yet. No PHI.';
comment on column platform.audit_event.action is 'What, as noun.verb. No PHI.';
comment on column platform.audit_event.resource is 'Kind of the thing. No PHI.';
comment on column platform.audit_event.resource_id is 'The thing. No PHI.';
comment on column platform.audit_event.outcome is 'done or refused. No PHI.';
comment on column platform.audit_event.door is 'page, api, cli or job. No PHI.';
comment on column platform.audit_event.ip is 'Address of the client. No PHI.';
comment on column platform.audit_event.device_id is 'Long-lived id of the browser. No PHI.';
comment on column platform.audit_event.agent is 'User-Agent. No PHI.';
comment on column platform.audit_event.language is 'Accept-Language. No PHI.';
comment on column platform.audit_event.session_id is 'The session. No PHI.';
comment on column platform.audit_event.trace_id is 'The request. No PHI.';

create function platform.refuse_change() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as
$$ begin raise exception 'rows of % are never changed', tg_argv[0] using errcode = 'insufficient_privilege'; end $$;
comment on function platform.refuse_change() is 'Trigger of insert-only tables; takes the table''s name.';

-- Months are added ahead by the program (AuditPartitions); the default takes what falls outside, so that no event is ever refused.
create table platform.audit_event_default partition of platform.audit_event default;
alter table platform.audit_event_default enable row level security;
alter table platform.audit_event_default force row level security;
create trigger audit_event_insert_only before update or delete on platform.audit_event
    for each row execute function platform.refuse_change('audit_event');
create trigger audit_event_no_truncate before truncate on platform.audit_event_default
    for each statement execute function platform.refuse_change('audit_event');
create trigger audit_event_no_truncate before truncate on platform.audit_event
    for each statement execute function platform.refuse_change('audit_event');

do $$
declare name text;
begin
    foreach name in array array['clinic', 'person', 'membership', 'session', 'outbox', 'audit_event', 'migration_journal'] loop
        execute format('alter table platform.%I enable row level security', name);
        execute format('alter table platform.%I force row level security', name);
    end loop;
end $$;
create policy migration_journal_owner on platform.migration_journal to chartroom_owner using (true) with check (true);

-- Signing people in reaches across clinics by nature: it has a role of its own, used by no clinic transaction.
create policy clinic_identity on platform.clinic to chartroom_identity using (true) with check (true);
create policy person_identity on platform.person to chartroom_identity using (true) with check (true);
create policy membership_identity on platform.membership to chartroom_identity using (true) with check (true);
create policy session_identity on platform.session to chartroom_identity using (true) with check (true);
create policy outbox_identity on platform.outbox to chartroom_identity using (true) with check (true);
create policy audit_event_identity on platform.audit_event to chartroom_identity using (true) with check (true);
grant select, insert, update on platform.clinic, platform.person, platform.membership, platform.session to chartroom_identity;
grant insert on platform.outbox, platform.audit_event to chartroom_identity;

-- Jobs: finish provisioning, send what is queued.
create policy clinic_worker on platform.clinic to chartroom_worker using (true) with check (true);
create policy outbox_worker on platform.outbox to chartroom_worker using (true) with check (true);
grant select, update on platform.clinic to chartroom_worker;
grant select, update on platform.outbox to chartroom_worker;

-- A clinic's own roles see its own rows.
create policy clinic_own on platform.clinic for select
    to chartroom_admin, chartroom_provider, chartroom_front_desk, chartroom_patient, chartroom_system using (id = platform.current_clinic());
create policy membership_own on platform.membership for select to chartroom_admin, chartroom_system using (clinic_id = platform.current_clinic());
create policy audit_event_own on platform.audit_event for select to chartroom_admin, chartroom_system using (clinic_id = platform.current_clinic());
grant select on platform.clinic to chartroom_admin, chartroom_provider, chartroom_front_desk, chartroom_patient, chartroom_system;
grant select on platform.membership, platform.audit_event to chartroom_admin, chartroom_system;
