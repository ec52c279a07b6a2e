-- Once there was a list of destroyed keys outside the database, the program does not start without it: a restore would bring destroyed records back unseen.
create table platform.tombstone_list (
    id uuid constraint tombstone_list_pkey primary key,
    made_at timestamptz not null
);
create unique index tombstone_list_one_idx on platform.tombstone_list ((true));
comment on table platform.tombstone_list is 'That the list of destroyed keys outside the database was begun; one row at most. No PHI.';
comment on column platform.tombstone_list.id is 'Key. No PHI.';
comment on column platform.tombstone_list.made_at is 'When this database first met its list. No PHI.';
alter table platform.tombstone_list enable row level security;
alter table platform.tombstone_list force row level security;
create policy tombstone_list_identity on platform.tombstone_list to chartroom_identity using (true) with check (true);
grant select, insert on platform.tombstone_list to chartroom_identity;
