-- Passkeys beside the authenticator app (WebAuthn). The private key never leaves the person's device: nothing here opens anything.
create table platform.passkey (
    id uuid constraint passkey_pkey primary key,
    person_id uuid not null constraint passkey_person_fkey references platform.person,
    credential_id bytea not null constraint passkey_credential_id_key unique constraint passkey_credential_id_length check (length(credential_id) between 1 and 1023),
    public_key bytea not null constraint passkey_public_key_length check (length(public_key) between 1 and 4096),
    sign_count bigint not null constraint passkey_sign_count_range check (sign_count between 0 and 4294967295),
    transports text[] not null,
    is_backup_eligible boolean not null,
    is_backed_up boolean not null,
    name text not null constraint passkey_name_length check (length(name) between 1 and 60),
    created_at timestamptz not null,
    last_used_at timestamptz
);
create index passkey_person_idx on platform.passkey (person_id);
comment on table platform.passkey is 'Passkeys of people: what proves who somebody is beside the authenticator app. No PHI.';
comment on column platform.passkey.id is 'Key. No PHI.';
comment on column platform.passkey.person_id is 'Whose. No PHI.';
comment on column platform.passkey.credential_id is 'Name that the device gave it. No PHI.';
comment on column platform.passkey.public_key is 'COSE key that its signatures are checked with. No PHI.';
comment on column platform.passkey.sign_count is 'Counter of the device at the last use; a lower one betrays a copy. No PHI.';
comment on column platform.passkey.transports is 'How the device is reached, as it says itself. No PHI.';
comment on column platform.passkey.is_backup_eligible is 'Whether it may be copied to other devices of the person. No PHI.';
comment on column platform.passkey.is_backed_up is 'Whether it was, at the last use. No PHI.';
comment on column platform.passkey.name is 'What the person calls it. No PHI.';
comment on column platform.passkey.created_at is 'When it was added. No PHI.';
comment on column platform.passkey.last_used_at is 'When it was last used; null until then. No PHI.';
alter table platform.passkey enable row level security;
alter table platform.passkey force row level security;
create policy passkey_identity on platform.passkey to chartroom_identity using (true) with check (true);
grant select, insert, update, delete on platform.passkey to chartroom_identity;

-- A challenge belongs to one session, is good for five minutes and once.
alter table platform.session
    add column passkey_challenge text,
    add column passkey_challenge_at timestamptz,
    add constraint session_challenge_with_time check ((passkey_challenge is null) = (passkey_challenge_at is null));
comment on column platform.session.passkey_challenge is 'What a passkey was asked to sign last, until it is answered. No PHI.';
comment on column platform.session.passkey_challenge_at is 'When it was asked. No PHI.';
