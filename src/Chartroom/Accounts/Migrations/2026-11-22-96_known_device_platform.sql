-- Browsers that a person has signed in with, so that the first time of another one is told (ASVS 6.3.5, ACC-1).
create table platform.known_device (
    person_id uuid not null constraint known_device_person_fkey references platform.person,
    device_id uuid not null,
    last_seen_at timestamptz not null,
    constraint known_device_pkey primary key (person_id, device_id)
);
create index known_device_age_idx on platform.known_device (last_seen_at);
comment on table platform.known_device is 'Browsers that a person has signed in with. No PHI.';
comment on column platform.known_device.person_id is 'Whose. No PHI.';
comment on column platform.known_device.device_id is 'Long-lived id of the browser, as its cookie has it. No PHI.';
comment on column platform.known_device.last_seen_at is 'Last sign-in with it. No PHI.';
alter table platform.known_device enable row level security;
alter table platform.known_device force row level security;
create policy known_device_identity on platform.known_device to chartroom_identity using (true) with check (true);
create policy known_device_worker on platform.known_device to chartroom_worker using (true);
grant select, insert, update on platform.known_device to chartroom_identity;
grant select (last_seen_at), delete on platform.known_device to chartroom_worker;
