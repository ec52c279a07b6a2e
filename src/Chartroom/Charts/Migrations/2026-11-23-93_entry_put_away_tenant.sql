-- Who puts an entry away may bring it back.
alter table entry add column put_away_by uuid constraint entry_put_away_by_fkey references staff;
alter table entry add constraint entry_put_away_whole check ((deleted_at is null) = (put_away_by is null));
create index entry_put_away_by_idx on entry (put_away_by) where put_away_by is not null;
comment on column entry.put_away_by is 'Who put it away; null while it counts. No PHI.';
