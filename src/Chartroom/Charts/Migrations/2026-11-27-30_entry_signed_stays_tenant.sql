-- What was signed here is amended and never taken out; what came from another system by mistake can be.
alter table entry add constraint entry_signed_stays check (deleted_at is null or kind not in ('note', 'encounter') or source_key is not null);
