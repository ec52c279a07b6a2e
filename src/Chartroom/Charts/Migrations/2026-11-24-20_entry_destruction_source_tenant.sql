-- What came from another system and ended for good does not come back with its next file.
alter table entry_destruction add column source_key bigint;
create index entry_destruction_source_idx on entry_destruction (patient_id, source_key) where source_key is not null;
comment on column entry_destruction.source_key is 'Blind index of the other system''s name for the entry, so that an import leaves it out; null for what was made here and while its end is only asked for. PHI class: blind index.';
grant update (source_key) on entry_destruction to {admin};
