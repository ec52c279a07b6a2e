-- Keys are rotated while the program runs: a new version first, everything sealed anew under it, then the old version is deleted.
alter table clinic_key add column data_version int generated always as (case purpose when 'data' then version end) stored;
alter table clinic_key add constraint clinic_key_data_version_key unique (data_version);
comment on column clinic_key.data_version is 'The version of a data key, for foreign keys: one under which a patient''s key is still wrapped cannot be deleted. No PHI.';
alter table patient_key add constraint patient_key_clinic_key_fkey foreign key (clinic_key_version) references clinic_key (data_version);

create table key_rotation (
    id uuid constraint key_rotation_pkey primary key,
    with_patients boolean not null,
    phase text not null default 'asked' constraint key_rotation_phase_known check (phase in
        ('asked', 'rewrap', 'renew', 'await_writers', 'reencrypt', 'await_readers', 'destroy', 'await_nodes', 'done')),
    phase_at timestamptz not null default clock_timestamp(),
    asked_by uuid not null,
    asked_at timestamptz not null,
    made_at timestamptz,
    data_version int,
    finished_at timestamptz,
    constraint key_rotation_finished check ((phase = 'done') = (finished_at is not null)),
    constraint key_rotation_made check ((phase = 'asked') = (made_at is null) and (made_at is null) = (data_version is null))
);
create unique index key_rotation_one_open_idx on key_rotation ((true)) where finished_at is null;
comment on table key_rotation is 'Rotations of the clinic''s keys and how far each has come; a node that dies leaves its part to another. No PHI.';
comment on column key_rotation.id is 'Key. No PHI.';
comment on column key_rotation.with_patients is 'Whether the patients'' keys get a new version too, and all content is sealed anew. No PHI.';
comment on column key_rotation.phase is 'What is being done; the order of the list is the order of work. No PHI.';
comment on column key_rotation.phase_at is 'When the phase began, by the database''s clock: transactions that began earlier are waited for. No PHI.';
comment on column key_rotation.asked_by is 'Who asked: a person, or the clinic''s own id for the program. No PHI.';
comment on column key_rotation.asked_at is 'When. No PHI.';
comment on column key_rotation.made_at is 'When the new version of the data key was made. No PHI.';
comment on column key_rotation.data_version is 'That version. No PHI.';
comment on column key_rotation.finished_at is 'When the old versions were deleted. No PHI.';

alter table patient_key add column rotation_id uuid, add column superseded_at timestamptz, add column emptied_at timestamptz;
alter table patient_key add constraint patient_key_emptied_after check (emptied_at is null or superseded_at is not null);
create index patient_key_superseded_idx on patient_key (patient_id, version) where superseded_at is not null;
comment on column patient_key.rotation_id is 'The rotation that made this version; null for the first. No PHI.';
comment on column patient_key.superseded_at is 'When a newer version took over. No PHI.';
comment on column patient_key.emptied_at is 'When the last content under this version had been sealed anew. No PHI.';

-- For insert-only tables: their rows are never changed, but their content may be sealed anew under a later key. Its length must stay.
create function refuse_change_but_key() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
$$ begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version'
        and new.key_version > old.key_version and length(new.content) = length(old.content) then return new; end if;
    raise exception 'rows of % are never changed', tg_table_name using errcode = 'insufficient_privilege';
end $$;
comment on function refuse_change_but_key() is 'Trigger of insert-only tables with sealed content.';

grant select, insert, update on key_rotation to {system};
grant select, insert on key_rotation to {admin};
grant insert, update, delete on clinic_key to {system};
grant update, delete on patient_key to {system};
revoke execute on function refuse_change_but_key() from public;
