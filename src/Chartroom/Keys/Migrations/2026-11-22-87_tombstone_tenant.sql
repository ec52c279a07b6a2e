-- Patients whose keys were destroyed. The list outside the database is the other half: it survives a restore.
create table patient_tombstone (
    patient_id uuid constraint patient_tombstone_pkey primary key,
    destroyed_at timestamptz not null
);
comment on table patient_tombstone is 'Patients whose keys were destroyed, so that their content can be read by nobody, in backups either. Insert-only.';
comment on column patient_tombstone.patient_id is 'Whose. PHI class: identifier.';
comment on column patient_tombstone.destroyed_at is 'When. No PHI.';
create trigger patient_tombstone_insert_only before update or delete on patient_tombstone for each row execute function refuse_change('patient_tombstone');
create trigger patient_tombstone_no_truncate before truncate on patient_tombstone for each statement execute function refuse_change('patient_tombstone');
grant select, insert on patient_tombstone to {system};
grant delete on outbox to {system};
