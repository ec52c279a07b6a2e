-- A patient's chart is a list of entries. Clear columns only for what must be sorted or filtered without opening the chart.
create table entry (
    id uuid constraint entry_pkey primary key,
    patient_id uuid not null,
    kind text not null constraint entry_kind_known check (kind in
        ('encounter', 'problem', 'allergy', 'medication', 'vital', 'result', 'immunization', 'procedure', 'report', 'document', 'note')),
    encounter_id uuid,
    effective_at timestamptz,
    state text not null constraint entry_state_known check (state in ('draft', 'final', 'entered_in_error')),
    author_id uuid constraint entry_author_fkey references staff,
    version int not null default 1 constraint entry_version_positive check (version > 0),
    source_key bigint,
    content_hash bigint,
    content bytea not null,
    key_version int not null,
    recorded_at timestamptz not null,
    deleted_at timestamptz,
    -- One patient's entry never lies in another's encounter, whatever a file or a form says.
    constraint entry_patient_key unique (patient_id, id),
    constraint entry_encounter_fkey foreign key (patient_id, encounter_id) references entry (patient_id, id),
    constraint entry_encounter_not_itself check (encounter_id <> id),
    -- A resource of another system comes into a chart once, however often its file is sent.
    constraint entry_source_key unique (patient_id, source_key),
    constraint entry_source_whole check ((source_key is null) = (content_hash is null))
);
create index entry_chart_idx on entry (patient_id, kind, effective_at desc, id desc);
create index entry_encounter_idx on entry (patient_id, encounter_id) where encounter_id is not null;
create index entry_author_idx on entry (author_id) where author_id is not null;
comment on table entry is 'The chart: one row an entry, in its newest version. PHI class: clinical.';
comment on column entry.id is 'Key. PHI class: identifier.';
comment on column entry.patient_id is 'Whose chart. PHI class: identifier.';
comment on column entry.kind is 'What the sealed content is about; agrees with the content''s own discriminator. PHI class: clinical.';
comment on column entry.encounter_id is 'The encounter it belongs to, itself an entry of the same patient, or null. PHI class: identifier.';
comment on column entry.effective_at is 'When it was so, UTC; days, months and years by their first instant; null when nobody knows. PHI class: clinical.';
comment on column entry.state is 'draft, final, or entered_in_error: kept, shown nowhere by default. PHI class: clinical.';
comment on column entry.author_id is 'Who wrote this version here; null when it came from another system. No PHI.';
comment on column entry.version is 'Counts up at each amendment. No PHI.';
comment on column entry.source_key is 'Blind index of the other system''s name for it; null for what was made here. PHI class: blind index.';
comment on column entry.content_hash is 'Blind index of the content as it last came from the other system, to see whether it changed. PHI class: blind index.';
comment on column entry.content is 'The typed record as JSON, sealed under the patient''s key for this row and version. PHI class: encrypted.';
comment on column entry.key_version is 'Version of the patient''s key. No PHI.';
comment on column entry.recorded_at is 'When this version was written. PHI class: clinical.';
comment on column entry.deleted_at is 'When it was put away; null while it counts. Restored by an admin. No PHI.';

create table entry_version (
    entry_id uuid not null,
    version int not null constraint entry_version_version_positive check (version > 0),
    patient_id uuid not null,
    encounter_id uuid,
    effective_at timestamptz,
    state text not null constraint entry_version_state_known check (state in ('draft', 'final', 'entered_in_error')),
    author_id uuid constraint entry_version_author_fkey references staff,
    content bytea not null,
    key_version int not null,
    recorded_at timestamptz not null,
    constraint entry_version_pkey primary key (entry_id, version),
    constraint entry_version_entry_fkey foreign key (patient_id, entry_id) references entry (patient_id, id)
);
comment on table entry_version is 'What an entry said before it was amended. Insert-only. PHI class: clinical.';
comment on column entry_version.entry_id is 'The entry. PHI class: identifier.';
comment on column entry_version.version is 'Which of its versions. No PHI.';
comment on column entry_version.patient_id is 'Whose chart. PHI class: identifier.';
comment on column entry_version.encounter_id is 'As it was. PHI class: identifier.';
comment on column entry_version.effective_at is 'As it was. PHI class: clinical.';
comment on column entry_version.state is 'As it was. PHI class: clinical.';
comment on column entry_version.author_id is 'Who wrote that version here; null when it came from another system. No PHI.';
comment on column entry_version.content is 'As it was, sealed for that entry and version. PHI class: encrypted.';
comment on column entry_version.key_version is 'Version of the patient''s key. No PHI.';
comment on column entry_version.recorded_at is 'When that version was written. PHI class: clinical.';
create index entry_version_patient_idx on entry_version (patient_id, entry_id);
create trigger entry_version_insert_only before update or delete on entry_version for each row execute function refuse_change('entry_version');
create trigger entry_version_no_truncate before truncate on entry_version for each statement execute function refuse_change('entry_version');

grant select, insert, update on entry to {admin}, {provider}, {system};
grant select, insert on entry_version to {admin}, {provider}, {system};
