-- Signing up, signing in and what proves who somebody is. Staff data; no PHI.
alter table platform.clinic
    add column password_policy text not null default 'rotation'
        constraint clinic_password_policy_known check (password_policy in ('rotation', 'nist')),
    add column phone text constraint clinic_phone_form check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    add column version int not null default 1 constraint clinic_version_positive check (version > 0);
comment on column platform.clinic.password_policy is 'Rule for the passwords of its staff. No PHI.';
comment on column platform.clinic.phone is 'Telephone of the practice, E.164. No PHI.';
comment on column platform.clinic.version is 'Counts up at each change of the profile. No PHI.';

alter table platform.membership add column mirrored_at timestamptz;
comment on column platform.membership.mirrored_at is 'When staff of the clinic''s schema was brought in line; null asks for it. No PHI.';

create table platform.credential (
    person_id uuid constraint credential_pkey primary key constraint credential_person_fkey references platform.person,
    password_hash text not null constraint credential_password_hash_form check (password_hash like '$argon2id$%'),
    password_set_at timestamptz not null,
    totp_secret bytea not null,
    totp_confirmed_at timestamptz,
    totp_step bigint not null default 0,
    unread_codes bytea,
    code_failures int not null default 0 constraint credential_code_failures_sane check (code_failures >= 0),
    code_blocked_until timestamptz
);
comment on table platform.credential is 'What proves who somebody is. No PHI; secret class.';
comment on column platform.credential.person_id is 'Whose. No PHI.';
comment on column platform.credential.password_hash is 'Argon2id, PHC string. Secret class.';
comment on column platform.credential.password_set_at is 'When it was chosen. No PHI.';
comment on column platform.credential.totp_secret is 'Secret shared with the authenticator app, sealed by the key-management service. Secret class.';
comment on column platform.credential.totp_confirmed_at is 'When the app first gave a right code; null until then. No PHI.';
comment on column platform.credential.totp_step is 'Last half minute whose code was taken: no code is taken twice. No PHI.';
comment on column platform.credential.unread_codes is 'Recovery codes, sealed, until the person says that they are kept; then null. Secret class.';
comment on column platform.credential.code_failures is 'Wrong codes in a row, from anywhere. No PHI.';
comment on column platform.credential.code_blocked_until is 'No code is looked at before; null when free. No PHI.';

create table platform.password_history (
    id uuid constraint password_history_pkey primary key,
    person_id uuid not null constraint password_history_person_fkey references platform.person,
    password_hash text not null,
    set_at timestamptz not null
);
create index password_history_person_idx on platform.password_history (person_id, set_at desc);
comment on table platform.password_history is 'Passwords used so far, the present one included, so that the last 24 do not come back. No PHI; secret class.';
comment on column platform.password_history.id is 'Key. No PHI.';
comment on column platform.password_history.person_id is 'Whose. No PHI.';
comment on column platform.password_history.password_hash is 'Argon2id, PHC string. Secret class.';
comment on column platform.password_history.set_at is 'When it was chosen. No PHI.';

create table platform.recovery_code (
    id uuid constraint recovery_code_pkey primary key,
    person_id uuid not null constraint recovery_code_person_fkey references platform.person,
    code_hash bytea not null constraint recovery_code_hash_length check (length(code_hash) = 32),
    created_at timestamptz not null,
    used_at timestamptz
);
create index recovery_code_person_idx on platform.recovery_code (person_id) where used_at is null;
comment on table platform.recovery_code is 'Codes for the day the phone is lost, each good once. No PHI; secret class.';
comment on column platform.recovery_code.id is 'Key. No PHI.';
comment on column platform.recovery_code.person_id is 'Whose. No PHI.';
comment on column platform.recovery_code.code_hash is 'SHA-256 of 120 random bits. Secret class.';
comment on column platform.recovery_code.created_at is 'When it was given. No PHI.';
comment on column platform.recovery_code.used_at is 'When it was used, or replaced by new ones. No PHI.';

create table platform.sign_up (
    id uuid constraint sign_up_pkey primary key,
    token_hash bytea not null constraint sign_up_token_hash_key unique,
    practice text not null constraint sign_up_practice_length check (length(practice) between 1 and 200),
    name text not null constraint sign_up_name_length check (length(name) between 1 and 200),
    email text not null constraint sign_up_email_length check (length(email) between 3 and 254),
    phone text not null constraint sign_up_phone_form check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index sign_up_email_idx on platform.sign_up (email, created_at);
comment on table platform.sign_up is 'A practice that asked for an account and has yet to prove its e-mail address. No PHI.';
comment on column platform.sign_up.id is 'Key. No PHI.';
comment on column platform.sign_up.token_hash is 'SHA-256 of the token in the link. Secret class.';
comment on column platform.sign_up.practice is 'Name of the practice. No PHI.';
comment on column platform.sign_up.name is 'Name of the person. No PHI.';
comment on column platform.sign_up.email is 'Address the link went to. No PHI.';
comment on column platform.sign_up.phone is 'Telephone of the practice, E.164. No PHI.';
comment on column platform.sign_up.created_at is 'When it was asked for. No PHI.';
comment on column platform.sign_up.expires_at is 'The link is good before. No PHI.';
comment on column platform.sign_up.used_at is 'When the link was used. No PHI.';

create table platform.invite (
    id uuid constraint invite_pkey primary key,
    token_hash bytea not null constraint invite_token_hash_key unique,
    clinic_id uuid not null constraint invite_clinic_fkey references platform.clinic,
    staff_id uuid not null,
    email text not null constraint invite_email_length check (length(email) between 3 and 254),
    name text not null constraint invite_name_length check (length(name) between 1 and 200),
    role text not null constraint invite_role_known check (role in ('admin', 'provider', 'front_desk')),
    invited_by uuid not null constraint invite_invited_by_fkey references platform.person,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz
);
create unique index invite_open_key on platform.invite (clinic_id, email) where accepted_at is null and revoked_at is null;
comment on table platform.invite is 'Somebody asked to join a clinic as staff. No PHI.';
comment on column platform.invite.id is 'Key. No PHI.';
comment on column platform.invite.token_hash is 'SHA-256 of the token in the link. Secret class.';
comment on column platform.invite.clinic_id is 'The clinic. No PHI.';
comment on column platform.invite.staff_id is 'Key the person has, or will have, as person and as staff. No PHI.';
comment on column platform.invite.email is 'Address the link went to. No PHI.';
comment on column platform.invite.name is 'Name of the person. No PHI.';
comment on column platform.invite.role is 'Role they will have. No PHI.';
comment on column platform.invite.invited_by is 'Who asked. No PHI.';
comment on column platform.invite.created_at is 'When. No PHI.';
comment on column platform.invite.expires_at is 'The link is good before. No PHI.';
comment on column platform.invite.accepted_at is 'When it was taken up. No PHI.';
comment on column platform.invite.revoked_at is 'When it was taken back or replaced. No PHI.';

create table platform.password_reset (
    id uuid constraint password_reset_pkey primary key,
    token_hash bytea not null constraint password_reset_token_hash_key unique,
    person_id uuid not null constraint password_reset_person_fkey references platform.person,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index password_reset_person_idx on platform.password_reset (person_id) where used_at is null;
comment on table platform.password_reset is 'Links to choose a new password; they never replace the second factor. No PHI.';
comment on column platform.password_reset.id is 'Key. No PHI.';
comment on column platform.password_reset.token_hash is 'SHA-256 of the token in the link. Secret class.';
comment on column platform.password_reset.person_id is 'Whose. No PHI.';
comment on column platform.password_reset.created_at is 'When it was asked for. No PHI.';
comment on column platform.password_reset.expires_at is 'The link is good before. No PHI.';
comment on column platform.password_reset.used_at is 'When it was used or made void. No PHI.';

create table platform.sign_in_guard (
    account_hash bytea not null constraint sign_in_guard_account_hash_length check (length(account_hash) = 32),
    network text not null constraint sign_in_guard_network_length check (length(network) between 1 and 64),
    failures int not null constraint sign_in_guard_failures_positive check (failures > 0),
    last_failed_at timestamptz not null,
    blocked_until timestamptz not null,
    constraint sign_in_guard_pkey primary key (account_hash, network)
);
create index sign_in_guard_age_idx on platform.sign_in_guard (last_failed_at);
comment on table platform.sign_in_guard is 'Wrong passwords by account and network, so that a guesser locks out themselves and not the person. No PHI.';
comment on column platform.sign_in_guard.account_hash is 'SHA-256 of the address typed, whether or not an account has it. No PHI.';
comment on column platform.sign_in_guard.network is 'The /24 of an IPv4 address, the /64 of an IPv6 one. No PHI.';
comment on column platform.sign_in_guard.failures is 'Wrong passwords in a row. No PHI.';
comment on column platform.sign_in_guard.last_failed_at is 'The last of them. No PHI.';
comment on column platform.sign_in_guard.blocked_until is 'No password of this pair is looked at before. No PHI.';

create table platform.agreement (
    id uuid constraint agreement_pkey primary key,
    clinic_id uuid not null constraint agreement_clinic_fkey references platform.clinic,
    kind text not null constraint agreement_kind_known check (kind in ('baa')),
    text_version text not null constraint agreement_text_version_length check (length(text_version) between 1 and 40),
    text_hash bytea not null constraint agreement_text_hash_length check (length(text_hash) = 32),
    person_id uuid not null constraint agreement_person_fkey references platform.person,
    signed_name text not null constraint agreement_signed_name_length check (length(signed_name) between 1 and 200),
    signed_at timestamptz not null,
    ip text,
    agent text,
    constraint agreement_once unique (clinic_id, kind, text_version)
);
create trigger agreement_insert_only before update or delete on platform.agreement
    for each row execute function platform.refuse_change('agreement');
create trigger agreement_no_truncate before truncate on platform.agreement
    for each statement execute function platform.refuse_change('agreement');
comment on table platform.agreement is 'Agreements a clinic signed; never changed (45 CFR 164.504(e)). No PHI.';
comment on column platform.agreement.id is 'Key. No PHI.';
comment on column platform.agreement.clinic_id is 'The clinic. No PHI.';
comment on column platform.agreement.kind is 'baa: business associate agreement. No PHI.';
comment on column platform.agreement.text_version is 'Version of the text shown. No PHI.';
comment on column platform.agreement.text_hash is 'SHA-256 of the text shown, UTF-8. No PHI.';
comment on column platform.agreement.person_id is 'Who signed. No PHI.';
comment on column platform.agreement.signed_name is 'Name as typed in signing. No PHI.';
comment on column platform.agreement.signed_at is 'When. No PHI.';
comment on column platform.agreement.ip is 'Address of the client. No PHI.';
comment on column platform.agreement.agent is 'User-Agent. No PHI.';

do $$
declare name text;
begin
    foreach name in array array['credential', 'password_history', 'recovery_code', 'sign_up', 'invite', 'password_reset', 'sign_in_guard', 'agreement'] loop
        execute format('alter table platform.%I enable row level security', name);
        execute format('alter table platform.%I force row level security', name);
        execute format('create policy %I on platform.%I to chartroom_identity using (true) with check (true)', name || '_identity', name);
    end loop;
end $$;
grant select, insert, update on platform.credential, platform.recovery_code, platform.sign_up, platform.invite, platform.password_reset,
    platform.sign_in_guard to chartroom_identity;
grant select, insert on platform.password_history, platform.agreement to chartroom_identity;
grant delete on platform.sign_in_guard to chartroom_identity;

-- A clinic's admin sees its own invitations and agreements.
create policy invite_own on platform.invite for select to chartroom_admin, chartroom_system using (clinic_id = platform.current_clinic());
create policy agreement_own on platform.agreement for select to chartroom_admin, chartroom_system using (clinic_id = platform.current_clinic());
grant select on platform.invite, platform.agreement to chartroom_admin, chartroom_system;
