-- An installation has one home: its database, files and keys lie in one region, and a clinic of another cannot be written into it (TEN-6).
create table platform.residency (
    region text constraint residency_pkey primary key constraint residency_region_known check (region in ('us', 'eu', 'ca')),
    is_only boolean not null default true constraint residency_only_key unique constraint residency_only check (is_only)
);
comment on table platform.residency is 'The region in which this database lies; one row. No PHI.';
comment on column platform.residency.region is 'us, eu or ca. No PHI.';
comment on column platform.residency.is_only is 'Always true: there is one row. No PHI.';
insert into platform.residency (region) values ('us');   -- until now nothing else could be written
alter table platform.residency enable row level security;
alter table platform.residency force row level security;
create policy residency_read on platform.residency for select to chartroom_identity using (true);
create policy residency_owner on platform.residency to chartroom_owner using (true) with check (true);
grant select on platform.residency to chartroom_identity;

create function platform.home_region() returns text language sql stable set search_path = pg_catalog, pg_temp
    as 'select region from platform.residency';
revoke execute on function platform.home_region() from public;
grant execute on function platform.home_region() to chartroom_identity;
alter table platform.clinic
    alter column region set default platform.home_region(),
    add constraint clinic_region_is_home foreign key (region) references platform.residency (region);
