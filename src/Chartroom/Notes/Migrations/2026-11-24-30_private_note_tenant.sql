-- Notes that their author alone reads, kept apart from the chart (45 CFR 164.501, psychotherapy notes): docs/decisions/0016.
create table private_note (
    id uuid constraint private_note_pkey primary key,
    patient_id uuid not null constraint private_note_patient_fkey references patient,
    author_id uuid not null constraint private_note_author_fkey references staff,
    started_at timestamptz not null,
    constraint private_note_author_key unique (id, patient_id, author_id)
);
create index private_note_patient_idx on private_note (patient_id, author_id);
create index private_note_author_idx on private_note (author_id);
comment on table private_note is 'A note about a patient that its author alone reads. Insert-only. PHI class: clinical.';
comment on column private_note.id is 'Key. PHI class: identifier.';
comment on column private_note.patient_id is 'About whom. PHI class: identifier.';
comment on column private_note.author_id is 'Who wrote it, and alone reads it. No PHI.';
comment on column private_note.started_at is 'When it was begun. PHI class: identifier (a date of service).';

create table private_note_version (
    note_id uuid not null,
    version int not null constraint private_note_version_positive check (version > 0),
    patient_id uuid not null,
    author_id uuid not null,
    is_put_away boolean not null default false,
    content bytea not null,
    key_version int not null,
    written_at timestamptz not null,
    constraint private_note_version_pkey primary key (note_id, version),
    -- Whoever writes a version is the note's own author, and it stays with its patient.
    constraint private_note_version_note_fkey foreign key (note_id, patient_id, author_id) references private_note (id, patient_id, author_id)
);
create index private_note_version_patient_idx on private_note_version (patient_id, author_id);
comment on table private_note_version is 'What a private note says, and said; the highest version is the one that counts. Insert-only. PHI class: clinical.';
comment on column private_note_version.note_id is 'The note. PHI class: identifier.';
comment on column private_note_version.version is 'Counts from one. No PHI.';
comment on column private_note_version.patient_id is 'About whom. PHI class: identifier.';
comment on column private_note_version.author_id is 'The note''s author. No PHI.';
comment on column private_note_version.is_put_away is 'Whether it was put away by this version. No PHI.';
comment on column private_note_version.content is 'Its words as JSON, sealed under the patient''s key for that note and version. PHI class: encrypted.';
comment on column private_note_version.key_version is 'Version of the patient''s key. No PHI.';
comment on column private_note_version.written_at is 'When. PHI class: identifier (a date of service).';
create trigger private_note_insert_only before update or delete on private_note for each row execute function refuse_change('private_note');
create trigger private_note_no_truncate before truncate on private_note for each statement execute function refuse_change('private_note');
create trigger private_note_version_insert_only before update or delete on private_note_version for each row execute function refuse_change_but_key();
create trigger private_note_version_no_truncate before truncate on private_note_version for each statement execute function refuse_change('private_note_version');

-- No policy for administrators, exports, emergencies or the owner: to them there is no row. The program reaches the sealed words while it rotates keys, and then alone.
alter table private_note enable row level security;
alter table private_note force row level security;
create policy private_note_author on private_note to {provider}
    using (author_id = nullif(current_setting('app.person_id', true), '')::uuid and patient_id <> all ((select shut_charts())::uuid[]));

alter table private_note_version enable row level security;
alter table private_note_version force row level security;
create policy private_note_version_author on private_note_version to {provider}
    using (author_id = nullif(current_setting('app.person_id', true), '')::uuid and patient_id <> all ((select shut_charts())::uuid[]));
create policy private_note_version_rotation on private_note_version to {system} using (current_setting('app.rotates_keys', true) = 'on');

grant select, insert on private_note, private_note_version to {provider};
grant select, update (content, key_version) on private_note_version to {system};
