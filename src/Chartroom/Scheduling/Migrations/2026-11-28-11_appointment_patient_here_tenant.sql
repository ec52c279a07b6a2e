-- A visit that is not over keeps its patient from being put away, and who was put away gets none.
alter table appointment
    add column needs_patient boolean generated always as
        (case when status not in ('completed', 'cancelled', 'no_show', 'left_without_being_seen') then true end) stored,
    add constraint appointment_patient_here_fkey foreign key (patient_id, needs_patient) references patient (id, is_here);
comment on column appointment.needs_patient is 'True until the visit is over, then null: the patient may be put away. No PHI.';
