-- An entry is somebody's: the register of patients came after the first charts.
alter table entry add constraint entry_patient_fkey foreign key (patient_id) references patient;
alter table entry_version add constraint entry_version_patient_fkey foreign key (patient_id) references patient;
