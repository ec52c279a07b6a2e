-- Whoever asked to be forgotten, or was kept long enough, is put away first; two people then end the record (patient_destruction).
alter table patient drop constraint patient_put_away_reason_known;
alter table patient add constraint patient_put_away_reason_known check (put_away_reason in ('entered_by_mistake', 'duplicate', 'test_entry', 'never_came', 'to_be_destroyed'));
comment on column patient.put_away_reason is 'entered_by_mistake, duplicate, test_entry, never_came or to_be_destroyed; a word of ours. No PHI.';
