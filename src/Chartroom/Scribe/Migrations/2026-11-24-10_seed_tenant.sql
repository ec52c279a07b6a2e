-- Errors planted into drafts, which measure whether a review sees them; and what each decision was about, as figures that need no chart opened.
alter table decision
    drop constraint decision_kind_known,
    add constraint decision_kind_known check (kind in
        ('opened', 'accepted', 'edited', 'rejected', 'added', 'dismissed', 'caught', 'missed', 'signed', 'discarded')),
    drop constraint decision_worded,
    add constraint decision_worded check (content is not null or kind not in ('edited', 'rejected', 'added', 'discarded', 'caught', 'missed')),
    add column verdict text constraint decision_verdict_known check (verdict in ('supported', 'inferred', 'unsupported')),
    add column confidence int constraint decision_confidence_range check (confidence between 0 and 100),
    add column was_flagged boolean,
    add constraint decision_judged_whole check (num_nulls(verdict, confidence, was_flagged) in (0, 3));
create index decision_time_idx on decision (decided_at);
create index draft_time_idx on draft (created_at);
comment on column decision.kind is 'opened (looked at what was flagged), accepted, edited, rejected, added or dismissed (left out by the draft), caught or missed (a planted error, after which the true words wait), signed, discarded. No PHI.';
comment on column decision.verdict is 'What the verifier said of the words decided on: supported, inferred or unsupported; null for the draft as a whole. No PHI.';
comment on column decision.confidence is 'Its confidence in them, in percent. No PHI.';
comment on column decision.was_flagged is 'Whether they had to be opened first. No PHI.';

create table seed (
    id uuid constraint seed_pkey primary key,
    draft_id uuid not null constraint seed_draft_key unique constraint seed_draft_fkey references draft,
    statement int not null constraint seed_statement_range check (statement between 1 and 10000),
    class text not null constraint seed_class_known check (class in ('number', 'unit', 'drug', 'side', 'negation', 'person', 'date')),
    was_flagged boolean not null,
    content bytea not null,
    key_version int not null,
    planted_at timestamptz not null
);
comment on table seed is 'An error planted into one statement of a draft, to see whether the review finds it. Insert-only. PHI class: clinical.';
comment on column seed.id is 'Key. No PHI.';
comment on column seed.draft_id is 'The draft; one error at most. PHI class: identifier.';
comment on column seed.statement is 'Number of the statement. No PHI.';
comment on column seed.class is 'What is wrong: number, unit, drug, side, negation, person or date. No PHI.';
comment on column seed.was_flagged is 'Whether the verifier flags it. No PHI.';
comment on column seed.content is 'The statement as drafted and the verifier''s word on it as JSON, sealed under the patient''s key. PHI class: encrypted.';
comment on column seed.key_version is 'Version of the patient''s key. No PHI.';
comment on column seed.planted_at is 'When. PHI class: identifier (a date of service).';
create trigger seed_insert_only before update or delete on seed for each row execute function refuse_change_but_key();
create trigger seed_no_truncate before truncate on seed for each statement execute function refuse_change('seed');
alter table seed enable row level security;
alter table seed force row level security;
create policy seed_owner on seed to chartroom_owner using (true) with check (true);
create policy seed_program on seed to {system} using (true) with check (true);
create policy seed_care_team on seed to {admin}, {provider} using (exists (select from draft where draft.id = seed.draft_id));

create table seeding (
    is_only boolean not null default true constraint seeding_pkey primary key constraint seeding_only_one check (is_only),
    one_in int constraint seeding_one_in_range check (one_in between 1 and 100),
    version int not null default 1 constraint seeding_version_positive check (version > 0),
    changed_at timestamptz not null
);
insert into seeding (changed_at) values (now());
comment on table seeding is 'Whether errors are planted into drafts: one row. No PHI.';
comment on column seeding.is_only is 'Always true. No PHI.';
comment on column seeding.one_in is 'One draft in so many has one; null: none. No PHI.';
comment on column seeding.version is 'Counts up at each change. No PHI.';
comment on column seeding.changed_at is 'When it was last changed. No PHI.';

-- What was planted never reaches a chart: a draft is signed only when whoever reviewed it was told, and decided on the true words afterwards.
create or replace function refuse_undecided() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if new.key_version > old.key_version and length(new.content) = length(old.content)
        and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version' then return new; end if;
    if old.state <> 'open' then raise exception 'a closed draft is never changed' using errcode = 'insufficient_privilege'; end if;
    if new.state = 'signed' and exists (
        select from generate_series(1, new.statement_count) as drafted (number)
        where not exists (select from decision where decision.draft_id = new.id and decision.statement = drafted.number
            and decision.kind in ('accepted', 'edited', 'rejected')))
    then raise exception 'a statement of the draft is undecided' using errcode = 'check_violation', constraint = 'draft_signed_decided'; end if;
    if new.state = 'signed' and exists (
        select from seed
        where seed.draft_id = new.id and not exists (
            select from decision as told
            join decision as decided on decided.draft_id = told.draft_id and decided.statement = told.statement and decided.sequence > told.sequence
            where told.draft_id = new.id and told.statement = seed.statement and told.kind in ('caught', 'missed') and decided.kind in ('accepted', 'edited', 'rejected')))
    then raise exception 'a planted error of the draft is undecided' using errcode = 'check_violation', constraint = 'draft_signed_seed_told'; end if;
    return new;
end $$;

grant select, insert on seed to {provider};
grant select on seed to {admin}, {system};
grant update (content, key_version) on seed to {system};
grant select on seeding to {admin}, {provider}, {system};
grant update (one_in, version, changed_at) on seeding to {admin}, {system};
