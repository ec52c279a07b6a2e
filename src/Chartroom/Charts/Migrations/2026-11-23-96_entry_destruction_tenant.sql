-- An entry ends for good by two people: one asks, another, an administrator, confirms. Not even the roles that may delete can do it otherwise.
create table entry_destruction (
    entry_id uuid constraint entry_destruction_pkey primary key,
    patient_id uuid not null constraint entry_destruction_patient_fkey references patient,
    reason text not null constraint entry_destruction_reason_known check (reason in ('wrong_patient', 'patient_request', 'duplicate', 'legal')),
    asked_by uuid not null constraint entry_destruction_asked_by_fkey references staff,
    asked_at timestamptz not null,
    confirmed_by uuid constraint entry_destruction_confirmed_by_fkey references staff,
    confirmed_at timestamptz,
    constraint entry_destruction_two_people check (confirmed_by <> asked_by),
    constraint entry_destruction_whole check ((confirmed_by is null) = (confirmed_at is null))
);
create index entry_destruction_patient_idx on entry_destruction (patient_id);
create index entry_destruction_asked_by_idx on entry_destruction (asked_by);
create index entry_destruction_confirmed_by_idx on entry_destruction (confirmed_by) where confirmed_by is not null;
comment on table entry_destruction is 'Who asked for the end of a put-away entry and who confirmed it. Nothing of what it said. PHI class: identifier.';
comment on column entry_destruction.entry_id is 'The entry; gone once confirmed. PHI class: identifier.';
comment on column entry_destruction.patient_id is 'Whose chart it stood in. PHI class: identifier.';
comment on column entry_destruction.reason is 'wrong_patient, patient_request, duplicate or legal; a word of ours, so that no words of anybody stay. No PHI.';
comment on column entry_destruction.asked_by is 'Who asked. No PHI.';
comment on column entry_destruction.asked_at is 'When. No PHI.';
comment on column entry_destruction.confirmed_by is 'Who confirmed, another than who asked; null while it is only asked for. No PHI.';
comment on column entry_destruction.confirmed_at is 'When, and when the entry ended. No PHI.';

create function refuse_deletion_by_one() returns trigger language plpgsql set search_path = {schema}, pg_temp as $$
begin
    if not exists (
        select from entry_destruction
        where entry_destruction.entry_id = (to_jsonb(old) ->> tg_argv[0])::uuid and entry_destruction.patient_id = old.patient_id and entry_destruction.confirmed_by is not null
    ) then
        raise exception 'An entry ends by two people only.' using errcode = 'insufficient_privilege';
    end if;
    return old;
end $$;
comment on function refuse_deletion_by_one() is 'Trigger of entries and their versions: no deletion without the confirmation of a second person. Takes the column with the entry''s id.';
create trigger entry_two_people before delete on entry for each row execute function refuse_deletion_by_one('id');
drop trigger entry_version_insert_only on entry_version;
create trigger entry_version_insert_only before update on entry_version for each row execute function refuse_change_but_key();
create trigger entry_version_two_people before delete on entry_version for each row execute function refuse_deletion_by_one('entry_id');
create trigger entry_destruction_no_truncate before truncate on entry_destruction for each statement execute function refuse_change('entry_destruction');

create function keep_destruction() returns trigger language plpgsql set search_path = {schema}, pg_temp as $$
begin
    if old.confirmed_by is not null then
        raise exception 'What was confirmed is kept.' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end $$;
comment on function keep_destruction() is 'Trigger: who ended an entry stays on record; only what was merely asked for is withdrawn or confirmed.';
create trigger entry_destruction_kept before update or delete on entry_destruction for each row execute function keep_destruction();

grant select, insert (entry_id, patient_id, reason, asked_by, asked_at), delete on entry_destruction to {admin}, {provider};
grant select on entry_destruction to {system};
grant update (confirmed_by, confirmed_at) on entry_destruction to {admin};
grant delete on entry, entry_version to {admin};
