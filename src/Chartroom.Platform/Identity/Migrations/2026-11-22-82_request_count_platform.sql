-- How often a session or a network asked in the present minute. Unlogged: a crash forgets the minute, and no commit waits for the disk.
create unlogged table platform.request_count (
    key bytea constraint request_count_pkey primary key constraint request_count_key_length check (length(key) = 16),
    started_at timestamptz not null,
    seen int not null constraint request_count_seen_positive check (seen > 0)
) with (fillfactor = 50);
comment on table platform.request_count is 'Requests in the present minute by session or network and class, for the limits that hold over all nodes (ACC-7). No PHI.';
comment on column platform.request_count.key is 'Beginning of the SHA-256 of class and session token or network. No PHI.';
comment on column platform.request_count.started_at is 'When the minute began. No PHI.';
comment on column platform.request_count.seen is 'Requests since. No PHI.';
alter table platform.request_count enable row level security;
alter table platform.request_count force row level security;
create policy request_count_identity on platform.request_count to chartroom_identity using (true) with check (true);
create policy request_count_worker on platform.request_count to chartroom_worker using (true);
grant select, insert, update on platform.request_count to chartroom_identity;
grant select (started_at), delete on platform.request_count to chartroom_worker;
