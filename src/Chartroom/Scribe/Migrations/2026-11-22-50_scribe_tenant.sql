-- From what was said to a signed note: transcripts, drafts, and every decision somebody took on them.
create table transcript (
    id uuid constraint transcript_pkey primary key,
    patient_id uuid not null,
    appointment_id uuid not null constraint transcript_appointment_fkey references appointment,
    source text not null constraint transcript_source_known check (source in ('pasted', 'uploaded')),
    content bytea not null,
    key_version int not null,
    created_by uuid not null constraint transcript_creator_fkey references staff,
    created_at timestamptz not null,
    constraint transcript_patient_key unique (patient_id, id)
);
create index transcript_visit_idx on transcript (appointment_id, created_at desc);
comment on table transcript is 'What was said at a visit. Insert-only. PHI class: clinical.';
comment on column transcript.id is 'Key. PHI class: identifier.';
comment on column transcript.patient_id is 'Whose visit. PHI class: identifier.';
comment on column transcript.appointment_id is 'The visit. PHI class: identifier.';
comment on column transcript.source is 'How it came: pasted or uploaded. No PHI.';
comment on column transcript.content is 'Turns and spans as JSON, sealed under the patient''s key. PHI class: encrypted.';
comment on column transcript.key_version is 'Version of the patient''s key. No PHI.';
comment on column transcript.created_by is 'Who brought it in. No PHI.';
comment on column transcript.created_at is 'When it came in. PHI class: identifier (a date of service).';
create trigger transcript_insert_only before update or delete on transcript for each row execute function refuse_change('transcript');
create trigger transcript_no_truncate before truncate on transcript for each statement execute function refuse_change('transcript');

create table draft (
    id uuid constraint draft_pkey primary key,
    patient_id uuid not null,
    appointment_id uuid not null constraint draft_appointment_fkey references appointment,
    transcript_id uuid not null,
    content bytea not null,
    key_version int not null,
    statement_count int not null constraint draft_statement_count_range check (statement_count between 1 and 10000),
    drafter text not null,
    drafter_version text not null,
    policy_version text not null,
    state text not null default 'open' constraint draft_state_known check (state in ('open', 'signed', 'discarded')),
    version int not null default 1 constraint draft_version_positive check (version > 0),
    created_by uuid not null constraint draft_creator_fkey references staff,
    created_at timestamptz not null,
    closing_id uuid,
    closed_at timestamptz,
    note_id uuid,
    constraint draft_transcript_fkey foreign key (patient_id, transcript_id) references transcript (patient_id, id),
    constraint draft_note_fkey foreign key (patient_id, note_id) references entry (patient_id, id),
    -- A draft is closed by a decision of somebody, and a signed one has its note; nothing between.
    constraint draft_closed_whole check (num_nulls(closing_id, closed_at) = case state when 'open' then 2 else 0 end),
    constraint draft_signed_note check ((state = 'signed') = (note_id is not null))
);
-- One visit, one note: a second draft waits until the first is discarded, and a signed note is amended.
create unique index draft_one_live_idx on draft (appointment_id) where state <> 'discarded';
create unique index draft_note_idx on draft (note_id) where note_id is not null;
create index draft_visit_idx on draft (appointment_id, created_at desc);
comment on table draft is 'A drafted note with what the verifier said of it. Its content never changes; decisions stand beside it. PHI class: clinical.';
comment on column draft.id is 'Key. PHI class: identifier.';
comment on column draft.patient_id is 'Whose note. PHI class: identifier.';
comment on column draft.appointment_id is 'The visit. PHI class: identifier.';
comment on column draft.transcript_id is 'What it was drafted from. PHI class: identifier.';
comment on column draft.content is 'Statements, citations, verdicts, confidence, omissions and the chart''s facts of that moment as JSON, sealed under the patient''s key. PHI class: encrypted.';
comment on column draft.key_version is 'Version of the patient''s key. No PHI.';
comment on column draft.statement_count is 'Drafted statements, numbered from one: each needs a decision before signing. No PHI.';
comment on column draft.drafter is 'Who drafted: name of the drafter. No PHI.';
comment on column draft.drafter_version is 'Its version. No PHI.';
comment on column draft.policy_version is 'Version of the rules of review. No PHI.';
comment on column draft.state is 'open, signed or discarded. No PHI.';
comment on column draft.version is 'Counts up at each decision; the ETag. No PHI.';
comment on column draft.created_by is 'Who had it drafted. No PHI.';
comment on column draft.created_at is 'When it was drafted. PHI class: identifier (a date of service).';
comment on column draft.closing_id is 'The decision that signed or discarded it; null while open. No PHI.';
comment on column draft.closed_at is 'When; null while open. No PHI.';
comment on column draft.note_id is 'The chart''s entry it became, once signed. PHI class: identifier.';

create table decision (
    id uuid constraint decision_pkey primary key,
    draft_id uuid not null constraint decision_draft_fkey references draft,
    statement int not null constraint decision_statement_range check (statement between 0 and 20000),
    sequence int not null constraint decision_sequence_positive check (sequence > 0),
    kind text not null constraint decision_kind_known check (kind in
        ('opened', 'accepted', 'edited', 'rejected', 'added', 'dismissed', 'signed', 'discarded')),
    content bytea,
    key_version int,
    edit_distance int constraint decision_edit_distance_range check (edit_distance >= 0),
    seconds_spent int constraint decision_seconds_spent_range check (seconds_spent between 0 and 86400),
    decided_by uuid not null constraint decision_person_fkey references staff,
    decided_at timestamptz not null,
    -- Two people who saw the same state cannot both decide on it.
    constraint decision_once unique (draft_id, statement, sequence),
    constraint decision_of_draft unique (draft_id, id),
    constraint decision_whole check ((kind in ('signed', 'discarded')) = (statement = 0)),
    constraint decision_content_key check ((content is null) = (key_version is null)),
    constraint decision_worded check (content is not null or kind not in ('edited', 'rejected', 'added', 'discarded'))
);
alter table draft add constraint draft_closing_fkey foreign key (id, closing_id) references decision (draft_id, id);
comment on table decision is 'Who decided what on a drafted statement. Insert-only. PHI class: clinical.';
comment on column decision.id is 'Key. No PHI.';
comment on column decision.draft_id is 'The draft. PHI class: identifier.';
comment on column decision.statement is 'Number of the statement; those said but left out are numbered after the drafted ones; 0 for the draft as a whole. No PHI.';
comment on column decision.sequence is 'Counts the decisions on that statement from one. No PHI.';
comment on column decision.kind is 'opened (looked at what was flagged), accepted, edited, rejected, added or dismissed (left out by the draft), signed, discarded. No PHI.';
comment on column decision.content is 'Words written, reason given, verdict on them as JSON, sealed under the patient''s key; or null. PHI class: encrypted.';
comment on column decision.key_version is 'Version of the patient''s key. No PHI.';
comment on column decision.edit_distance is 'Characters changed (Levenshtein), for edits. No PHI.';
comment on column decision.seconds_spent is 'Seconds the page was at that statement, as the browser counted. No PHI.';
comment on column decision.decided_by is 'Who. No PHI.';
comment on column decision.decided_at is 'When. No PHI.';
create trigger decision_insert_only before update or delete on decision for each row execute function refuse_change('decision');
create trigger decision_no_truncate before truncate on decision for each statement execute function refuse_change('decision');

-- Law 3, held where no program can step around it: a note is signed only when somebody decided on every statement of its draft.
create function refuse_undecided() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if old.state <> 'open' then raise exception 'a closed draft is never changed' using errcode = 'insufficient_privilege'; end if;
    if new.state = 'signed' and exists (
        select from generate_series(1, new.statement_count) as drafted (number)
        where not exists (select from decision where decision.draft_id = new.id and decision.statement = drafted.number
            and decision.kind in ('accepted', 'edited', 'rejected')))
    then raise exception 'a statement of the draft is undecided' using errcode = 'check_violation', constraint = 'draft_signed_decided'; end if;
    return new;
end $$;
comment on function refuse_undecided() is 'Trigger of draft.';
create trigger draft_signed_decided before update on draft for each row execute function refuse_undecided();

grant select, insert on transcript, draft, decision to {provider};
grant update (state, version, closing_id, closed_at, note_id) on draft to {provider};
grant select on transcript, draft, decision to {admin}, {system};
