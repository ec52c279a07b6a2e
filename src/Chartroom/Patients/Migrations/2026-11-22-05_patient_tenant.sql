-- Patients: who they are is sealed; in clear stand our own number, a state and times, and blind numbers to find them by.
create table patient (
    id uuid constraint patient_pkey primary key,
    mrn bigint not null constraint patient_mrn_key unique constraint patient_mrn_positive check (mrn > 0),
    state text not null default 'active' constraint patient_state_known check (state in ('active', 'inactive', 'merged')),
    merged_into uuid constraint patient_merged_into_fkey references patient,
    demographics bytea not null,
    key_version int not null constraint patient_key_version_positive check (key_version > 0),
    search bigint[] not null,
    version int not null default 1 constraint patient_version_positive check (version > 0),
    seen_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    constraint patient_merged_into_someone check ((state = 'merged') = (merged_into is not null)),
    constraint patient_not_merged_into_self check (merged_into <> id)
);
create index patient_search_idx on patient using gin (search) where deleted_at is null;
create index patient_seen_idx on patient (seen_at desc, id desc) where deleted_at is null;
comment on table patient is 'A patient of this clinic. PHI class: encrypted, with identifiers.';
comment on column patient.id is 'Key; also of the patient''s key in patient_key. PHI class: identifier.';
comment on column patient.mrn is 'Medical record number, given by this clinic from counter mrn. PHI class: identifier.';
comment on column patient.state is 'inactive: left the clinic; merged: a twin of merged_into. No PHI.';
comment on column patient.merged_into is 'The patient that lives on. PHI class: identifier.';
comment on column patient.demographics is 'Names, birth, contacts, insurance, numbers: one document under the patient''s key, sealed for row and version. PHI class: encrypted.';
comment on column patient.key_version is 'Version of the patient''s key that sealed it. No PHI.';
comment on column patient.search is 'Keyed hashes (HMAC-SHA256, 64 bits) of what the patient is found by: beginnings and sounds of names, birth date, telephone, record numbers, last four of the social security number. PHI class: blind index.';
comment on column patient.version is 'Counts up at each change; the ETag. No PHI.';
comment on column patient.seen_at is 'Last visit; before the first one, when the patient was entered. Puts search results in order. No PHI.';
comment on column patient.created_at is 'When entered. No PHI.';
comment on column patient.updated_at is 'Last change of the demographics or state. No PHI.';
comment on column patient.deleted_at is 'Soft deletion; null while the patient is in use. No PHI.';

create table patient_version (
    patient_id uuid not null constraint patient_version_patient_fkey references patient,
    version int not null constraint patient_version_version_positive check (version > 0),
    demographics bytea not null,
    key_version int not null,
    replaced_at timestamptz not null,
    replaced_by uuid not null,
    constraint patient_version_pkey primary key (patient_id, version)
);
comment on table patient_version is 'What a patient''s demographics were before each change. Insert-only. PHI class: encrypted.';
comment on column patient_version.patient_id is 'Whose. PHI class: identifier.';
comment on column patient_version.version is 'Version of the patient that this was. No PHI.';
comment on column patient_version.demographics is 'The document as it was, sealed for this version. PHI class: encrypted.';
comment on column patient_version.key_version is 'Version of the patient''s key that sealed it. No PHI.';
comment on column patient_version.replaced_at is 'When the change was made. No PHI.';
comment on column patient_version.replaced_by is 'Who made it. No PHI.';

create table patient_identifier (
    blind bigint constraint patient_identifier_pkey primary key,
    patient_id uuid not null constraint patient_identifier_patient_fkey references patient
);
create index patient_identifier_patient_idx on patient_identifier (patient_id);
comment on table patient_identifier is 'Record numbers that other systems gave the patient: the same number names the same patient, so that a second import finds the first.';
comment on column patient_identifier.blind is 'Keyed hash of system and number. PHI class: blind index.';
comment on column patient_identifier.patient_id is 'Whose. PHI class: identifier.';

grant select, insert, update on patient to {admin}, {provider}, {front_desk}, {system};
grant select, insert on patient_version to {admin}, {provider}, {front_desk}, {system};
grant select, insert, delete on patient_identifier to {admin}, {provider}, {front_desk}, {system};
