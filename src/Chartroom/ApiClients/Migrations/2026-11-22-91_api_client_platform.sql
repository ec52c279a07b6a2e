-- Programs of a clinic: client credentials (RFC 6749, 4.4). Secrets and tokens are kept as hashes and looked up at every request, so a revocation holds everywhere at once.
create table platform.api_client (
    id uuid constraint api_client_pkey primary key,
    clinic_id uuid not null constraint api_client_clinic_fkey references platform.clinic,
    name text not null constraint api_client_name_length check (length(name) between 1 and 100),
    role text not null constraint api_client_role_known check (role in ('admin', 'provider', 'front_desk')),
    scopes text[] not null constraint api_client_scopes_known check (scopes <@ array['clinic.read', 'patients.read', 'patients.write',
        'appointments.read', 'appointments.write', 'charts.read', 'audit.read'] and cardinality(scopes) > 0),
    per_minute int not null constraint api_client_per_minute_range check (per_minute between 1 and 6000),
    created_by uuid not null constraint api_client_creator_fkey references platform.person,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint api_client_of_clinic_key unique (clinic_id, id),
    constraint api_client_at_most_a_year check (expires_at > created_at and expires_at <= created_at + interval '366 days')
);
comment on table platform.api_client is 'A program that a clinic lets in by its own credentials. No PHI.';
comment on column platform.api_client.id is 'Key, and the client_id; the audit log knows the program by it. No PHI.';
comment on column platform.api_client.clinic_id is 'The one clinic it reaches. No PHI.';
comment on column platform.api_client.name is 'As administrators call it. No PHI.';
comment on column platform.api_client.role is 'The database role of its transactions: the least that its scopes need. No PHI.';
comment on column platform.api_client.scopes is 'What it may, held at the route and again when a transaction opens. No PHI.';
comment on column platform.api_client.per_minute is 'Requests a minute over all nodes and all its tokens. No PHI.';
comment on column platform.api_client.created_by is 'Who made it. No PHI.';
comment on column platform.api_client.created_at is 'When. No PHI.';
comment on column platform.api_client.expires_at is 'It is good before, a year at most. No PHI.';
comment on column platform.api_client.revoked_at is 'When it was shut out; null while it is let in. No PHI.';
comment on column platform.api_client.last_used_at is 'Its last request, to the minute. No PHI.';

create table platform.api_client_secret (
    id uuid constraint api_client_secret_pkey primary key,
    client_id uuid not null constraint api_client_secret_client_fkey references platform.api_client,
    hash bytea not null constraint api_client_secret_hash_key unique constraint api_client_secret_hash_length check (length(hash) = 32),
    created_at timestamptz not null,
    ends_at timestamptz,
    constraint api_client_secret_ends_after_start check (ends_at >= created_at)
);
create index api_client_secret_client_idx on platform.api_client_secret (client_id);
create unique index api_client_secret_newest_idx on platform.api_client_secret (client_id) where ends_at is null;
comment on table platform.api_client_secret is 'Secrets of API clients: the newest, and one before it that overlaps for a while. No PHI.';
comment on column platform.api_client_secret.id is 'Key. No PHI.';
comment on column platform.api_client_secret.client_id is 'Whose. No PHI.';
comment on column platform.api_client_secret.hash is 'SHA-256 of 256 random bits, shown once. Secret class.';
comment on column platform.api_client_secret.created_at is 'When it was made. No PHI.';
comment on column platform.api_client_secret.ends_at is 'Good before this; null for the newest, which ends with the client. No PHI.';

create table platform.api_token (
    hash bytea constraint api_token_pkey primary key constraint api_token_hash_length check (length(hash) = 32),
    client_id uuid not null constraint api_token_client_fkey references platform.api_client,
    secret_id uuid not null constraint api_token_secret_fkey references platform.api_client_secret,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint api_token_fifteen_minutes check (expires_at = created_at + interval '15 minutes')
);
create index api_token_expiry_idx on platform.api_token (expires_at);
comment on table platform.api_token is 'Access tokens of API clients; each falls with its secret and its client. No PHI.';
comment on column platform.api_token.hash is 'SHA-256 of the token. Secret class.';
comment on column platform.api_token.client_id is 'Whose. No PHI.';
comment on column platform.api_token.secret_id is 'The secret it was given for. No PHI.';
comment on column platform.api_token.scopes is 'What was asked for, of what the client may. No PHI.';
comment on column platform.api_token.created_at is 'When it was given. No PHI.';
comment on column platform.api_token.expires_at is '15 minutes later. No PHI.';

do $$
declare name text;
begin
    foreach name in array array['api_client', 'api_client_secret', 'api_token'] loop
        execute format('alter table platform.%I enable row level security', name);
        execute format('alter table platform.%I force row level security', name);
        execute format('create policy %I on platform.%I to chartroom_identity using (true) with check (true)', name || '_identity', name);
    end loop;
end $$;
create policy api_client_own on platform.api_client for select to chartroom_admin, chartroom_system using (clinic_id = platform.current_clinic());
create policy api_token_worker on platform.api_token to chartroom_worker using (true);
grant select, insert, update (revoked_at, last_used_at) on platform.api_client to chartroom_identity;
grant select, insert, update (ends_at) on platform.api_client_secret to chartroom_identity;
grant select, insert on platform.api_token to chartroom_identity;
grant select on platform.api_client to chartroom_admin, chartroom_system;
grant select (expires_at), delete on platform.api_token to chartroom_worker;
