-- Notes that an outside model drafts in the background: what waits, what is under way, how it ended.
create table drafting (
    id uuid constraint drafting_pkey primary key,
    patient_id uuid not null,
    appointment_id uuid not null constraint drafting_appointment_fkey references appointment,
    transcript_id uuid not null,
    state text not null default 'queued' constraint drafting_state_known check (state in ('queued', 'drafting', 'done', 'failed')),
    attempts int not null default 0 constraint drafting_attempts_range check (attempts between 0 and 100),
    due_at timestamptz not null,
    drafter text,
    failed_with text constraint drafting_failed_with_code check (failed_with ~ '^[a-z_]{1,40}$'),
    draft_id uuid constraint drafting_draft_fkey references draft,
    created_by uuid not null constraint drafting_creator_fkey references staff,
    created_at timestamptz not null,
    ended_at timestamptz,
    constraint drafting_transcript_fkey foreign key (patient_id, transcript_id) references transcript (patient_id, id),
    constraint drafting_done_drafted check ((state = 'done') = (draft_id is not null)),
    constraint drafting_ended_whole check ((state in ('done', 'failed')) = (ended_at is not null)),
    constraint drafting_failed_told check (state <> 'failed' or failed_with is not null)
);
create unique index drafting_one_live_idx on drafting (appointment_id) where state in ('queued', 'drafting');
create unique index drafting_draft_idx on drafting (draft_id) where draft_id is not null;
create index drafting_visit_idx on drafting (appointment_id, created_at desc);
create index drafting_due_idx on drafting (due_at) where state in ('queued', 'drafting');
create index drafting_patient_idx on drafting (patient_id);
comment on table drafting is 'A note that is drafted in the background, by an outside model or in its place by what is built in. PHI class: clinical.';
comment on column drafting.id is 'Key; the job under which requests and their cost are kept. No PHI.';
comment on column drafting.patient_id is 'Whose note. PHI class: identifier.';
comment on column drafting.appointment_id is 'The visit. PHI class: identifier.';
comment on column drafting.transcript_id is 'What it is drafted from. PHI class: identifier.';
comment on column drafting.state is 'queued, drafting, done or failed. No PHI.';
comment on column drafting.attempts is 'How often it was taken up. No PHI.';
comment on column drafting.due_at is 'When it is taken up next; while it is under way, when another node may take it over. No PHI.';
comment on column drafting.drafter is 'The outside model that was asked, as people know it; null before. No PHI.';
comment on column drafting.failed_with is 'Code of what went wrong last; with state done, why the built-in drafter wrote it instead. No PHI.';
comment on column drafting.draft_id is 'The draft it became. PHI class: identifier.';
comment on column drafting.created_by is 'Who had it drafted. No PHI.';
comment on column drafting.created_at is 'When. PHI class: identifier (a date of service).';
comment on column drafting.ended_at is 'When it ended; null before. PHI class: identifier (a date of service).';

alter table drafting enable row level security;
alter table drafting force row level security;
create policy drafting_owner on drafting to chartroom_owner using (true) with check (true);
create policy drafting_program on drafting to {system} using (true) with check (true);
create policy drafting_care_team on drafting to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));

grant select, insert on drafting to {provider};
grant update (state, failed_with, draft_id, ended_at) on drafting to {provider};
grant select on drafting to {admin}, {system};
grant update (state, attempts, due_at, drafter, failed_with, ended_at) on drafting to {system};
