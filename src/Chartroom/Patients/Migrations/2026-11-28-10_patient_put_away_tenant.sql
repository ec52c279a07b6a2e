-- A patient entered by mistake is put away, with everything kept, and brought back. Whatever still needs the patient refers to (id, is_here) with a foreign key of its own
-- (appointment_patient_here_fkey, draft_patient_here_fkey, …): the database lets nobody be put away who is needed, nor anything be begun for who is put away, however close the race.
alter table patient
    add column put_away_by uuid constraint patient_put_away_by_fkey references staff,
    add column put_away_reason text constraint patient_put_away_reason_known check (put_away_reason in ('entered_by_mistake', 'duplicate', 'test_entry', 'never_came')),
    add column is_here boolean not null generated always as (put_away_by is null) stored,
    -- deleted_at says when; a destroyed patient has it too, who was put away by nobody.
    add constraint patient_put_away_whole check (num_nulls(put_away_by, put_away_reason) in (0, 2) and (put_away_by is null or deleted_at is not null)),
    add constraint patient_here_key unique (id, is_here);
create index patient_put_away_idx on patient (deleted_at desc, id desc) where put_away_by is not null;
create index patient_put_away_by_idx on patient (put_away_by) where put_away_by is not null;
comment on column patient.put_away_by is 'Who put the patient away; null while they are here. No PHI.';
comment on column patient.put_away_reason is 'entered_by_mistake, duplicate, test_entry or never_came; a word of ours. No PHI.';
comment on column patient.is_here is 'False once put away; foreign keys of what needs the patient refer to it. No PHI.';
