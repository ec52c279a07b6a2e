-- Whoever knows a password must not keep its person out from elsewhere by giving wrong codes: those are counted by place, as wrong passwords are. Over all places that a
-- person is not known at, a hundred in a row are the most, of codes and of passwords (NIST SP 800-63B-4, 3.2.2).
create table platform.code_guard (
    person_id uuid not null constraint code_guard_person_fkey references platform.person,
    place text not null constraint code_guard_place_length check (length(place) between 1 and 64),
    failures int not null constraint code_guard_failures_positive check (failures > 0),
    last_failed_at timestamptz not null,
    blocked_until timestamptz not null,
    constraint code_guard_pkey primary key (person_id, place)
);
create index code_guard_age_idx on platform.code_guard (last_failed_at);
comment on table platform.code_guard is 'Wrong codes by person and place, so that a guesser locks out themselves and not the person. No PHI.';
comment on column platform.code_guard.person_id is 'Whose account. No PHI.';
comment on column platform.code_guard.place is 'A browser that the person has used (device and its id), else an open session (session and its id), else the network: /24 of IPv4, /64 of IPv6. No PHI.';
comment on column platform.code_guard.failures is 'Wrong codes in a row. No PHI.';
comment on column platform.code_guard.last_failed_at is 'The last of them. No PHI.';
comment on column platform.code_guard.blocked_until is 'No code of this pair is looked at before. No PHI.';

create table platform.sign_in_ceiling (
    account_hash bytea constraint sign_in_ceiling_pkey primary key constraint sign_in_ceiling_account_hash_length check (length(account_hash) = 32),
    failures int not null constraint sign_in_ceiling_failures_range check (failures between 1 and 100),
    last_failed_at timestamptz not null
);
create index sign_in_ceiling_age_idx on platform.sign_in_ceiling (last_failed_at);
comment on table platform.sign_in_ceiling is 'Wrong passwords in a row from all browsers and networks where nobody is known; at a hundred none is looked at there. No PHI.';
comment on column platform.sign_in_ceiling.account_hash is 'SHA-256 of the address typed, whether or not an account has it. No PHI.';
comment on column platform.sign_in_ceiling.failures is 'How many. No PHI.';
comment on column platform.sign_in_ceiling.last_failed_at is 'The last of them. No PHI.';

comment on table platform.sign_in_guard is 'Wrong passwords by account and place, so that a guesser locks out themselves and not the person. No PHI.';
comment on column platform.sign_in_guard.network is 'A browser that the person has used (device and its id), else an open session (session and its id), else the network: /24 of IPv4, /64 of IPv6. No PHI.';
comment on column platform.credential.code_failures is 'Wrong codes in a row from all browsers and networks where the person is not known; at a hundred none is looked at there. No PHI.';
comment on column platform.credential.code_blocked_until is 'No longer read; a program of the version before writes it while both serve. No PHI.';

do $$
declare name text;
begin
    foreach name in array array['code_guard', 'sign_in_ceiling'] loop
        execute format('alter table platform.%I enable row level security', name);
        execute format('alter table platform.%I force row level security', name);
        execute format('create policy %I on platform.%I to chartroom_identity using (true) with check (true)', name || '_identity', name);
        execute format('create policy %I on platform.%I to chartroom_worker using (true)', name || '_worker', name);
    end loop;
end $$;
grant select, insert, update, delete on platform.code_guard, platform.sign_in_ceiling to chartroom_identity;
grant select (last_failed_at, blocked_until), delete on platform.code_guard to chartroom_worker;
grant select (last_failed_at), delete on platform.sign_in_ceiling to chartroom_worker;

-- A browser at which a hundred were wrong in a row is a stranger's from then on.
grant delete on platform.known_device to chartroom_identity;
