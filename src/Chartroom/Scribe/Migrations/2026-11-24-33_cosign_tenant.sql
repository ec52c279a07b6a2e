-- Notes of somebody who works under supervision wait for a second signature.
create table supervision (
    staff_id uuid constraint supervision_pkey primary key constraint supervision_staff_fkey references staff,
    supervisor_id uuid not null constraint supervision_supervisor_fkey references staff,
    changed_at timestamptz not null,
    constraint supervision_by_another check (supervisor_id <> staff_id)
);
create index supervision_supervisor_idx on supervision (supervisor_id);
comment on table supervision is 'Whose notes are co-signed, and by whom. No PHI.';
comment on column supervision.staff_id is 'Whose notes. No PHI.';
comment on column supervision.supervisor_id is 'Who co-signs them. No PHI.';
comment on column supervision.changed_at is 'Since when. No PHI.';
grant select on supervision to {admin}, {provider}, {system};
grant insert, update, delete on supervision to {admin};

create table cosign (
    id uuid constraint cosign_pkey primary key,
    note_id uuid not null,
    version int not null constraint cosign_version_positive check (version > 0),
    patient_id uuid not null,
    author_id uuid not null constraint cosign_author_fkey references staff,
    supervisor_id uuid not null constraint cosign_supervisor_fkey references staff,
    state text not null default 'waiting' constraint cosign_state_known check (state in ('waiting', 'cosigned', 'sent_back')),
    asked_at timestamptz not null,
    answered_by uuid constraint cosign_answerer_fkey references staff,
    answered_at timestamptz,
    content bytea,
    key_version int,
    constraint cosign_note_key unique (note_id, version),
    constraint cosign_note_fkey foreign key (patient_id, note_id) references entry (patient_id, id),
    constraint cosign_not_own check (supervisor_id <> author_id and answered_by <> author_id),
    constraint cosign_by_supervisor check (answered_by = supervisor_id),
    constraint cosign_answered_whole check (num_nulls(answered_by, answered_at) = case state when 'waiting' then 2 else 0 end),
    constraint cosign_reason_whole check ((state = 'sent_back') = (content is not null) and (content is null) = (key_version is null))
);
create index cosign_supervisor_idx on cosign (supervisor_id, state);
create index cosign_author_idx on cosign (author_id, state);
create index cosign_patient_idx on cosign (patient_id);
comment on table cosign is 'A version of a note that waits for a second signature, or has it, or was sent back. PHI class: clinical.';
comment on column cosign.id is 'Key. No PHI.';
comment on column cosign.note_id is 'The note. PHI class: identifier.';
comment on column cosign.version is 'Which version of it. No PHI.';
comment on column cosign.patient_id is 'Whose. PHI class: identifier.';
comment on column cosign.author_id is 'Whose note it is. No PHI.';
comment on column cosign.supervisor_id is 'Who co-signs it. No PHI.';
comment on column cosign.state is 'waiting, cosigned or sent_back. No PHI.';
comment on column cosign.asked_at is 'Since when it waits. PHI class: identifier (a date of service).';
comment on column cosign.answered_by is 'Who answered: the supervisor; null while it waits. No PHI.';
comment on column cosign.answered_at is 'When; null while it waits. PHI class: identifier (a date of service).';
comment on column cosign.content is 'Why it was sent back, sealed under the patient''s key; else null. PHI class: encrypted.';
comment on column cosign.key_version is 'Version of the patient''s key. No PHI.';

-- Answered once, by the person of the transaction and nobody in their name.
create function refuse_second_answer() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if tg_op = 'UPDATE' and old.content is not null and new.key_version > old.key_version and length(new.content) = length(old.content)
        and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version' then return new; end if;
    if tg_op = 'UPDATE' and old.state = 'waiting' and new.answered_by = nullif(current_setting('app.person_id', true), '')::uuid
        and to_jsonb(new) - array['state', 'answered_by', 'answered_at', 'content', 'key_version'] = to_jsonb(old) - array['state', 'answered_by', 'answered_at', 'content', 'key_version'] then return new; end if;
    raise exception 'a second signature is given once, by its supervisor' using errcode = 'insufficient_privilege';
end $$;
comment on function refuse_second_answer() is 'Trigger of cosign.';
create trigger cosign_answered_once before update or delete on cosign for each row execute function refuse_second_answer();
create trigger cosign_no_truncate before truncate on cosign for each statement execute function refuse_change('cosign');
alter table cosign enable row level security;
alter table cosign force row level security;
create policy cosign_owner on cosign to chartroom_owner using (true) with check (true);
create policy cosign_program on cosign to {system} using (true) with check (true);
create policy cosign_care_team on cosign to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
grant select, insert on cosign to {provider};
grant update (state, answered_by, answered_at, content, key_version) on cosign to {provider};
grant select on cosign to {admin}, {system};
grant update (content, key_version) on cosign to {system};
