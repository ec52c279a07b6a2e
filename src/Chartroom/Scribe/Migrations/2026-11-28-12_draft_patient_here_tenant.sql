-- What is not signed yet keeps its patient from being put away, also from those who may not see it, such as the front desk.
alter table draft
    add column needs_patient boolean generated always as (case when state = 'open' then true end) stored,
    add constraint draft_patient_here_fkey foreign key (patient_id, needs_patient) references patient (id, is_here);
alter table written_note
    add column needs_patient boolean generated always as (case when state = 'open' then true end) stored,
    add constraint written_note_patient_here_fkey foreign key (patient_id, needs_patient) references patient (id, is_here);
alter table drafting
    add column needs_patient boolean generated always as (case when state in ('queued', 'drafting') then true end) stored,
    add constraint drafting_patient_here_fkey foreign key (patient_id, needs_patient) references patient (id, is_here);
alter table recording
    add column needs_patient boolean generated always as (case when state in ('recording', 'queued', 'transcribing') then true end) stored,
    add constraint recording_patient_here_fkey foreign key (patient_id, needs_patient) references patient (id, is_here);
comment on column draft.needs_patient is 'True while it is open, then null: the patient may be put away. No PHI.';
comment on column written_note.needs_patient is 'True while it is open, then null: the patient may be put away. No PHI.';
comment on column drafting.needs_patient is 'True while it is under way, then null: the patient may be put away. No PHI.';
comment on column recording.needs_patient is 'True while it is under way, then null: the patient may be put away. No PHI.';
