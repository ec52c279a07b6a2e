-- A draft belongs to a patient. What becomes a visit's note or orders has that visit; a summary of the chart has none, and neither has what comes later from documents or messages.
alter table draft
    alter column appointment_id drop not null,
    add constraint draft_patient_fkey foreign key (patient_id) references patient,
    add constraint draft_visit_given check (appointment_id is not null or kind not in ('note', 'orders'));
-- One summary of a patient is reviewed at a time; signed ones stay, and others may follow.
create unique index draft_one_summary_idx on draft (patient_id) where kind = 'summary' and state = 'open';
comment on column draft.appointment_id is 'The visit; null for a summary of the chart, which belongs to none. PHI class: identifier.';
