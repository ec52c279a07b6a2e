-- Recordings of visits: who agreed to them, the audio under a key of its own, and how soon both are gone.
create table recording_consent (
    id uuid constraint recording_consent_pkey primary key,
    patient_id uuid not null,
    appointment_id uuid not null constraint recording_consent_appointment_fkey references appointment,
    kind text not null constraint recording_consent_kind_known check (kind in ('given', 'withdrawn')),
    given_by text not null constraint recording_consent_giver_known check (given_by in ('patient', 'representative')),
    manner text not null constraint recording_consent_manner_known check (manner in ('spoken', 'written')),
    everyone_agreed boolean not null,
    wording text not null,
    content bytea,
    key_version int,
    recorded_by uuid not null constraint recording_consent_person_fkey references staff,
    recorded_at timestamptz not null,
    constraint recording_consent_visit_key unique (patient_id, appointment_id, id),
    constraint recording_consent_content_key check ((content is null) = (key_version is null)),
    constraint recording_consent_whole check (kind = 'withdrawn' or everyone_agreed),
    constraint recording_consent_named check (given_by = 'patient' or kind = 'withdrawn' or content is not null)
);
create index recording_consent_visit_idx on recording_consent (appointment_id, recorded_at desc, id desc);
create index recording_consent_patient_idx on recording_consent (patient_id);
comment on table recording_consent is 'Whether a visit may be recorded: who agreed, how and when, and who took it back. The latest counts. Insert-only. PHI class: clinical.';
comment on column recording_consent.id is 'Key. No PHI.';
comment on column recording_consent.patient_id is 'Whose visit. PHI class: identifier.';
comment on column recording_consent.appointment_id is 'The visit. PHI class: identifier.';
comment on column recording_consent.kind is 'given or withdrawn. No PHI.';
comment on column recording_consent.given_by is 'The patient, or somebody who may decide for them. No PHI.';
comment on column recording_consent.manner is 'spoken or written. No PHI.';
comment on column recording_consent.everyone_agreed is 'That everybody else in the room was told and agreed. No PHI.';
comment on column recording_consent.wording is 'Version of the words that were read out. No PHI.';
comment on column recording_consent.content is 'Name of the representative, sealed under the patient''s key. PHI class: encrypted.';
comment on column recording_consent.key_version is 'Version of the patient''s key. No PHI.';
comment on column recording_consent.recorded_by is 'Who asked and wrote it down. No PHI.';
comment on column recording_consent.recorded_at is 'When. PHI class: identifier (a date of service).';
create trigger recording_consent_insert_only before update or delete on recording_consent for each row execute function refuse_change_but_key();
create trigger recording_consent_no_truncate before truncate on recording_consent for each statement execute function refuse_change('recording_consent');

create table recording (
    id uuid constraint recording_pkey primary key,
    patient_id uuid not null,
    appointment_id uuid not null,
    consent_id uuid not null,
    source text not null constraint recording_source_known check (source in ('recorded', 'uploaded')),
    state text not null default 'recording' constraint recording_state_known check (state in ('recording', 'queued', 'transcribing', 'transcribed', 'silent', 'failed', 'discarded')),
    size_bytes bigint not null default 0 constraint recording_size_bytes_range check (size_bytes between 0 and 1073741824),
    seconds int constraint recording_seconds_range check (seconds >= 0),
    attempts int not null default 0 constraint recording_attempts_range check (attempts between 0 and 100),
    due_at timestamptz not null,
    recogniser text,
    failed_with text constraint recording_failed_with_code check (failed_with ~ '^[a-z_]{1,40}$'),
    transcript_id uuid,
    created_by uuid not null constraint recording_creator_fkey references staff,
    created_at timestamptz not null,
    ended_at timestamptz,
    transcribed_at timestamptz,
    keep_until timestamptz not null,
    destroyed_at timestamptz,
    destroyed_why text constraint recording_destroyed_why_known check (destroyed_why in ('signed', 'kept_long_enough', 'never_transcribed', 'silent', 'discarded', 'withdrawn')),
    constraint recording_consent_fkey foreign key (patient_id, appointment_id, consent_id) references recording_consent (patient_id, appointment_id, id),
    constraint recording_transcript_fkey foreign key (patient_id, transcript_id) references transcript (patient_id, id),
    -- Nobody can have audio kept for longer, whatever a clinic's settings or a program say.
    constraint recording_kept_a_day check (keep_until - coalesce(transcribed_at, created_at) <= interval '24 hours'),
    constraint recording_transcribed_whole check (num_nulls(transcript_id, transcribed_at) = case state when 'transcribed' then 0 else 2 end),
    constraint recording_destroyed_whole check (num_nulls(destroyed_at, destroyed_why) in (0, 2)),
    constraint recording_discarded_destroyed check (state <> 'discarded' or destroyed_at is not null),
    constraint recording_live_not_destroyed check (destroyed_at is null or state not in ('recording', 'queued', 'transcribing'))
);
create unique index recording_one_live_idx on recording (appointment_id) where state in ('recording', 'queued', 'transcribing');
create index recording_visit_idx on recording (appointment_id, created_at desc, id desc);
create index recording_due_idx on recording (due_at) where state in ('queued', 'transcribing');
create index recording_kept_idx on recording (keep_until) where destroyed_at is null;
create index recording_patient_idx on recording (patient_id);
comment on table recording is 'A recording of a visit: how it came, what became of it, until when its audio is kept and when it was destroyed. PHI class: clinical.';
comment on column recording.id is 'Key; the job under which requests and their cost are kept. No PHI.';
comment on column recording.patient_id is 'Whose visit. PHI class: identifier.';
comment on column recording.appointment_id is 'The visit. PHI class: identifier.';
comment on column recording.consent_id is 'The consent it stands on. PHI class: identifier.';
comment on column recording.source is 'recorded in the browser, or uploaded as a file. No PHI.';
comment on column recording.state is 'recording (still coming in), queued, transcribing, transcribed, silent (no words in it), failed, discarded. No PHI.';
comment on column recording.size_bytes is 'Bytes of audio so far. No PHI.';
comment on column recording.seconds is 'Length in seconds; null before it was looked at. No PHI.';
comment on column recording.attempts is 'How often transcribing was taken up. No PHI.';
comment on column recording.due_at is 'When it is taken up next; while under way, when another node may take it over. No PHI.';
comment on column recording.recogniser is 'What recognised the words, as people know it; null before. No PHI.';
comment on column recording.failed_with is 'Code of what went wrong last. No PHI.';
comment on column recording.transcript_id is 'The transcript it became. PHI class: identifier.';
comment on column recording.created_by is 'Who recorded or uploaded it. No PHI.';
comment on column recording.created_at is 'When it began to come in. PHI class: identifier (a date of service).';
comment on column recording.ended_at is 'When all of it was here. PHI class: identifier (a date of service).';
comment on column recording.transcribed_at is 'When its transcript was kept. PHI class: identifier (a date of service).';
comment on column recording.keep_until is 'The audio is destroyed at this time at the latest: never over 24 hours after transcription, or after it began to come in. PHI class: identifier (a date of service).';
comment on column recording.destroyed_at is 'When audio and key were deleted. PHI class: identifier (a date of service).';
comment on column recording.destroyed_why is 'signed, kept_long_enough, never_transcribed, silent, discarded or withdrawn. No PHI.';

create table recording_key (
    recording_id uuid constraint recording_key_pkey primary key constraint recording_key_recording_fkey references recording,
    patient_id uuid not null,
    wrapped bytea not null,
    key_version int not null
) with (autovacuum_vacuum_threshold = 20, autovacuum_vacuum_scale_factor = 0);
create index recording_key_patient_idx on recording_key (patient_id);
comment on table recording_key is 'The key of one recording''s audio. Its row is deleted with the audio. Backups treat it apart, as patient_key. PHI class: clinical; secret class.';
comment on column recording_key.recording_id is 'Whose key. PHI class: identifier.';
comment on column recording_key.patient_id is 'Whose recording. PHI class: identifier.';
comment on column recording_key.wrapped is 'The key, sealed under the patient''s. PHI class: encrypted (a secret).';
comment on column recording_key.key_version is 'Version of the patient''s key. No PHI.';

create table recording_chunk (
    recording_id uuid not null constraint recording_chunk_recording_fkey references recording,
    part int not null constraint recording_chunk_part_range check (part between 1 and 100),
    number int not null constraint recording_chunk_number_range check (number between 0 and 100000),
    patient_id uuid not null,
    content bytea not null,
    constraint recording_chunk_pkey primary key (recording_id, part, number)
) with (autovacuum_vacuum_threshold = 20, autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20, toast.autovacuum_vacuum_scale_factor = 0);
alter table recording_chunk alter column content set storage external;   -- sealed bytes do not compress
create index recording_chunk_patient_idx on recording_chunk (patient_id);
comment on table recording_chunk is 'Audio of a recording, piece by piece as it came in. Deleted with its key. PHI class: clinical.';
comment on column recording_chunk.recording_id is 'Of which recording. PHI class: identifier.';
comment on column recording_chunk.part is 'Stretch of recording between two breaks; each is a stream of its own. No PHI.';
comment on column recording_chunk.number is 'Place in its part, from 0. No PHI.';
comment on column recording_chunk.patient_id is 'Whose recording. PHI class: identifier.';
comment on column recording_chunk.content is 'Bytes of audio, sealed under the recording''s own key, which no rotation touches. PHI class: clinical (sealed).';

create table recording_rules (
    is_only boolean not null default true constraint recording_rules_pkey primary key constraint recording_rules_only_one check (is_only),
    keep_hours int not null default 24 constraint recording_rules_keep_hours_range check (keep_hours between 0 and 24),
    is_local_on boolean not null default false,
    version int not null default 1 constraint recording_rules_version_positive check (version > 0),
    changed_at timestamptz not null
);
insert into recording_rules (changed_at) values (now());
comment on table recording_rules is 'How long the clinic keeps audio, and whether the server''s own recogniser transcribes it: one row. No PHI.';
comment on column recording_rules.is_only is 'Always true. No PHI.';
comment on column recording_rules.keep_hours is 'Hours after transcription at the longest; 0: destroyed as soon as the transcript is there. No PHI.';
comment on column recording_rules.is_local_on is 'True: where no outside model is on, the recogniser of the server transcribes. No PHI.';
comment on column recording_rules.version is 'Counts up at each change. No PHI.';
comment on column recording_rules.changed_at is 'When it was last changed. No PHI.';

-- A recording is called destroyed only when neither audio nor key is here, its end is never put off, and what was destroyed stays so.
create function refuse_kept_audio() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if old.destroyed_at is not null then raise exception 'a destroyed recording is never changed' using errcode = 'insufficient_privilege'; end if;
    if new.created_at <> old.created_at or (old.transcribed_at is not null and new.transcribed_at is distinct from old.transcribed_at)
        or (new.keep_until > old.keep_until and (old.transcribed_at is not null or new.transcribed_at is null))
    then raise exception 'a recording is not kept for longer' using errcode = 'check_violation', constraint = 'recording_not_put_off'; end if;
    if new.destroyed_at is not null and (exists (select from recording_key where recording_id = new.id) or exists (select from recording_chunk where recording_id = new.id))
    then raise exception 'audio or key of a destroyed recording is still here' using errcode = 'check_violation', constraint = 'recording_destroyed_whole'; end if;
    return new;
end $$;
create trigger recording_destroyed_wholly before update on recording for each row execute function refuse_kept_audio();

-- Audio comes in only while its recording does, so none can follow its destruction.
create function refuse_late_audio() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    perform from recording where id = new.recording_id and patient_id = new.patient_id and state = 'recording' and destroyed_at is null for update;
    if not found then raise exception 'the recording takes no audio' using errcode = 'check_violation', constraint = 'recording_takes_audio'; end if;
    return new;
end $$;
create trigger recording_chunk_in_time before insert on recording_chunk for each row execute function refuse_late_audio();
create trigger recording_key_in_time before insert on recording_key for each row execute function refuse_late_audio();
revoke execute on function refuse_kept_audio(), refuse_late_audio() from public;

alter table recording_consent enable row level security;
alter table recording_consent force row level security;
create policy recording_consent_owner on recording_consent to chartroom_owner using (true) with check (true);
create policy recording_consent_program on recording_consent to {system} using (true) with check (true);
create policy recording_consent_care_team on recording_consent to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
alter table recording enable row level security;
alter table recording force row level security;
create policy recording_owner on recording to chartroom_owner using (true) with check (true);
create policy recording_program on recording to {system} using (true) with check (true);
create policy recording_care_team on recording to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
alter table recording_key enable row level security;
alter table recording_key force row level security;
create policy recording_key_owner on recording_key to chartroom_owner using (true) with check (true);
create policy recording_key_program on recording_key to {system} using (true) with check (true);
create policy recording_key_care_team on recording_key to {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
alter table recording_chunk enable row level security;
alter table recording_chunk force row level security;
create policy recording_chunk_owner on recording_chunk to chartroom_owner using (true) with check (true);
create policy recording_chunk_program on recording_chunk to {system} using (true) with check (true);
create policy recording_chunk_care_team on recording_chunk to {provider} using (patient_id <> all ((select shut_charts())::uuid[]));

grant select, insert on recording_consent, recording to {provider};
grant update (state, attempts, size_bytes, seconds, due_at, failed_with, transcript_id, recogniser, ended_at, transcribed_at, keep_until, destroyed_at, destroyed_why) on recording to {provider};
grant select, insert, delete on recording_key, recording_chunk to {provider};
grant select on recording_consent, recording to {admin}, {system};
grant update (content, key_version) on recording_consent to {system};
grant update (state, attempts, due_at, seconds, recogniser, failed_with, keep_until, destroyed_at, destroyed_why) on recording to {system};
grant select, delete on recording_key, recording_chunk to {system};
grant update (wrapped, key_version) on recording_key to {system};
grant select on recording_rules to {admin}, {provider}, {system};
grant update (keep_hours, is_local_on, version, changed_at) on recording_rules to {admin};

-- What was recorded becomes a transcript like any other.
alter table transcript drop constraint transcript_source_known;
alter table transcript add constraint transcript_source_known check (source in ('pasted', 'uploaded', 'recorded'));
comment on column transcript.source is 'How it came: pasted, uploaded or recorded. No PHI.';
