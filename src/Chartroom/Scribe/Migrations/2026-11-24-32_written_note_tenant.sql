-- A visit's signed note, however it was made; and notes that are written by hand.
create table visit_note (
    appointment_id uuid constraint visit_note_pkey primary key constraint visit_note_appointment_fkey references appointment,
    patient_id uuid not null,
    note_id uuid not null constraint visit_note_note_key unique,
    constraint visit_note_note_fkey foreign key (patient_id, note_id) references entry (patient_id, id)
);
create index visit_note_patient_idx on visit_note (patient_id);
comment on table visit_note is 'The one signed note of a visit, drafted or written by hand. Insert-only. PHI class: clinical.';
comment on column visit_note.appointment_id is 'The visit. PHI class: identifier.';
comment on column visit_note.patient_id is 'Whose. PHI class: identifier.';
comment on column visit_note.note_id is 'The chart''s entry. PHI class: identifier.';
insert into visit_note (appointment_id, patient_id, note_id) select appointment_id, patient_id, note_id from draft where note_id is not null;
create trigger visit_note_insert_only before update or delete or truncate on visit_note for each statement execute function refuse_change('visit_note');
alter table visit_note enable row level security;
alter table visit_note force row level security;
create policy visit_note_owner on visit_note to chartroom_owner using (true) with check (true);
create policy visit_note_program on visit_note to {system} using (true) with check (true);
create policy visit_note_care_team on visit_note to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
create policy visit_note_emergency on visit_note for select to {emergency} using (patient_id = any ((select charts_open_in_emergency())::uuid[]));
grant select on visit_note to {admin}, {provider}, {system}, {emergency};
grant insert on visit_note to {provider};

create table written_note (
    id uuid constraint written_note_pkey primary key,
    patient_id uuid not null constraint written_note_patient_fkey references patient,
    appointment_id uuid not null constraint written_note_appointment_fkey references appointment,
    state text not null default 'open' constraint written_note_state_known check (state in ('open', 'signed', 'discarded')),
    version int not null default 1 constraint written_note_version_positive check (version > 0),
    content bytea not null,
    key_version int not null,
    author_id uuid not null constraint written_note_author_fkey references staff,
    started_at timestamptz not null,
    saved_at timestamptz not null,
    note_id uuid constraint written_note_note_fkey references visit_note (note_id),
    constraint written_note_signed_note check ((state = 'signed') = (note_id is not null))
);
create unique index written_note_one_live_idx on written_note (appointment_id) where state <> 'discarded';
create unique index written_note_note_idx on written_note (note_id) where note_id is not null;
create index written_note_patient_idx on written_note (patient_id);
create index written_note_author_idx on written_note (author_id);
comment on table written_note is 'A note that is being written by hand, or was. PHI class: clinical.';
comment on column written_note.id is 'Key. PHI class: identifier.';
comment on column written_note.patient_id is 'Whose. PHI class: identifier.';
comment on column written_note.appointment_id is 'The visit. PHI class: identifier.';
comment on column written_note.state is 'open, signed or discarded. No PHI.';
comment on column written_note.version is 'Counts up at each saving; the ETag. No PHI.';
comment on column written_note.content is 'Sections with their words and what was copied into them, as JSON, sealed under the patient''s key. PHI class: encrypted.';
comment on column written_note.key_version is 'Version of the patient''s key. No PHI.';
comment on column written_note.author_id is 'Who saved it last. No PHI.';
comment on column written_note.started_at is 'When it was begun. PHI class: identifier (a date of service).';
comment on column written_note.saved_at is 'When it was saved last. PHI class: identifier (a date of service).';
comment on column written_note.note_id is 'The chart''s entry it became, once signed. PHI class: identifier.';

create function refuse_change_of_signed() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if tg_op = 'UPDATE' and (old.state <> 'signed' or (new.key_version > old.key_version and length(new.content) = length(old.content)
        and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version')) then return new; end if;
    raise exception 'a signed note is never changed, and none is deleted' using errcode = 'insufficient_privilege';
end $$;
comment on function refuse_change_of_signed() is 'Trigger of written_note.';
create trigger written_note_signed_kept before update or delete on written_note for each row execute function refuse_change_of_signed();
create trigger written_note_no_truncate before truncate on written_note for each statement execute function refuse_change('written_note');
alter table written_note enable row level security;
alter table written_note force row level security;
create policy written_note_owner on written_note to chartroom_owner using (true) with check (true);
create policy written_note_program on written_note to {system} using (true) with check (true);
create policy written_note_care_team on written_note to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
grant select, insert on written_note to {provider};
grant update (state, version, content, key_version, author_id, saved_at, note_id) on written_note to {provider};
grant select on written_note to {admin}, {system};
grant update (content, key_version) on written_note to {system};
