-- What people have to do, and whom to call back when it is time. A lost visit makes its task here, in the transaction that loses it: no act can forget it.

create table task (
    id uuid constraint task_pkey primary key,
    kind text not null constraint task_kind_known check (kind in ('general', 'call_back', 'rebook', 'results', 'paperwork')),
    words bytea,
    words_key_version int,
    own_words bytea,
    own_words_key_version int,
    patient_id uuid constraint task_patient_fkey references patient,
    appointment_id uuid constraint task_appointment_fkey references appointment,
    visit_type_id uuid constraint task_visit_type_fkey references visit_type,
    assignee_id uuid constraint task_assignee_fkey references staff,
    team text constraint task_team_known check (team in ('front_desk', 'provider', 'admin')),
    due_on date,
    priority text not null constraint task_priority_known check (priority in ('low', 'normal', 'high')),
    repeat_every int constraint task_repeat_every_range check (repeat_every between 1 and 365),
    repeat_unit text constraint task_repeat_unit_known check (repeat_unit in ('days', 'weeks', 'months')),
    repeat_from date,
    follows_id uuid constraint task_follows_fkey references task,
    state text not null default 'open' constraint task_state_known check (state in ('open', 'done', 'cancelled')),
    state_changed_at timestamptz not null,
    state_changed_by uuid,
    rebooked_as uuid constraint task_rebooked_as_fkey references appointment,
    is_by_program boolean not null default false,
    made_by uuid,
    version int not null default 1 constraint task_version_positive check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint task_for_somebody check (num_nonnulls(assignee_id, team) = 1),
    constraint task_words_key check ((words is null) = (words_key_version is null) and (own_words is null) = (own_words_key_version is null)),
    constraint task_words_under_one_key check (words is null or own_words is null),
    constraint task_words_of_patient check (words is null or patient_id is not null),
    constraint task_own_words_of_nobody check (own_words is null or patient_id is null),
    constraint task_says_something check (is_by_program or num_nonnulls(words, own_words) = 1),
    constraint task_repeats_whole check (num_nulls(repeat_every, repeat_unit, repeat_from) in (0, 3) and (repeat_from is null or due_on is not null)),
    constraint task_rebook_of_somebody check (not is_by_program or num_nulls(patient_id, visit_type_id) = 0)
);
create unique index task_one_rebooking on task (patient_id, visit_type_id) where is_by_program and kind = 'rebook' and state = 'open';
create unique index task_one_follower on task (follows_id) where state <> 'cancelled';
create index task_open_idx on task (due_on, id) where state = 'open';
create index task_closed_idx on task (state_changed_at desc, id desc) where state <> 'open';
create index task_patient_idx on task (patient_id) where patient_id is not null;
create index task_appointment_idx on task (appointment_id) where appointment_id is not null;
comment on table task is 'Something somebody has to do. Never deleted. PHI class: encrypted, with identifiers.';
comment on column task.id is 'Key. PHI class: identifier.';
comment on column task.kind is 'What kind of work. No PHI.';
comment on column task.words is 'What is to be done, for a task about a patient: sealed under the patient''s key. PHI class: encrypted.';
comment on column task.words_key_version is 'Version of the patient''s key that sealed the words. No PHI.';
comment on column task.own_words is 'What is to be done, for a task about nobody: sealed under the clinic''s key. PHI class: encrypted.';
comment on column task.own_words_key_version is 'Version of the clinic''s key that sealed them. No PHI.';
comment on column task.patient_id is 'About whom, or null. PHI class: identifier.';
comment on column task.appointment_id is 'About which visit, or null; of a rebook task the visit that was lost. PHI class: identifier.';
comment on column task.visit_type_id is 'Of a rebook task: what kind of visit was lost. PHI class: identifier, as it tells of a patient.';
comment on column task.assignee_id is 'Who is to do it; null while it is a team''s. No PHI.';
comment on column task.team is 'Which role is to do it, whoever comes first; null while it is one person''s. No PHI.';
comment on column task.due_on is 'By which calendar day of the clinic, or null. No PHI.';
comment on column task.priority is 'How much it matters. No PHI.';
comment on column task.repeat_every is 'It comes again every so many days, weeks or months; null: once. No PHI.';
comment on column task.repeat_unit is 'Of what. No PHI.';
comment on column task.repeat_from is 'The first day of the series, from which the days are counted: so the 31st stays the last of a month. No PHI.';
comment on column task.follows_id is 'The one before it in the series, whose completion made it. No PHI.';
comment on column task.state is 'Whether it is still to be done. No PHI.';
comment on column task.state_changed_at is 'Since when it is in that state. No PHI.';
comment on column task.state_changed_by is 'Who brought it there; null: the program. No PHI.';
comment on column task.rebooked_as is 'Of a rebook task: the booking that did it. PHI class: identifier.';
comment on column task.is_by_program is 'Made by the program, for a visit that was lost. No PHI.';
comment on column task.made_by is 'Who wrote it down; null: the program. No PHI.';
comment on column task.version is 'Counts up at each change; the ETag. No PHI.';
comment on column task.created_at is 'When it was written down. No PHI.';
comment on column task.updated_at is 'When it was last changed. No PHI.';

create table recall (
    id uuid constraint recall_pkey primary key,
    patient_id uuid not null constraint recall_patient_fkey references patient,
    visit_type_id uuid not null constraint recall_visit_type_fkey references visit_type,
    provider_id uuid constraint recall_provider_fkey references staff,
    due_on date not null,
    is_month boolean not null default false,
    reason bytea,
    reason_key_version int,
    state text not null default 'due' constraint recall_state_known check (state in ('due', 'booked', 'declined', 'unreachable', 'cancelled')),
    state_changed_at timestamptz not null,
    state_changed_by uuid,
    appointment_id uuid constraint recall_appointment_fkey references appointment,
    made_by uuid not null,
    version int not null default 1 constraint recall_version_positive check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint recall_reason_key check ((reason is null) = (reason_key_version is null)),
    constraint recall_booked_as check (appointment_id is null or state = 'booked'),
    constraint recall_month_begins check (not is_month or extract(day from due_on) = 1)
);
create unique index recall_one_due on recall (patient_id, visit_type_id, due_on) where state = 'due';
create index recall_due_idx on recall (due_on, id) where state = 'due';
create index recall_closed_idx on recall (state_changed_at desc, id desc) where state <> 'due';
create index recall_patient_idx on recall (patient_id);
create index recall_appointment_idx on recall (appointment_id) where appointment_id is not null;
comment on table recall is 'A patient to be asked in again. Never deleted. PHI class: encrypted, with identifiers.';
comment on column recall.id is 'Key. PHI class: identifier.';
comment on column recall.patient_id is 'Whom. PHI class: identifier.';
comment on column recall.visit_type_id is 'For what kind of visit; a booking of that kind closes the recall. PHI class: identifier, as it tells of a patient.';
comment on column recall.provider_id is 'With whom, or null: anybody. No PHI.';
comment on column recall.due_on is 'From which calendar day on; the first of the month when only the month matters. No PHI.';
comment on column recall.is_month is 'Some time in that month rather than on that day. No PHI.';
comment on column recall.reason is 'Why, in words, sealed under the patient''s key; or null. PHI class: encrypted.';
comment on column recall.reason_key_version is 'Version of the patient''s key that sealed the reason. No PHI.';
comment on column recall.state is 'Due until booked or given up. No PHI.';
comment on column recall.state_changed_at is 'Since when in that state. No PHI.';
comment on column recall.state_changed_by is 'Who brought it there; null: the program. No PHI.';
comment on column recall.appointment_id is 'The booking that closed it. PHI class: identifier.';
comment on column recall.made_by is 'Who wrote it down. No PHI.';
comment on column recall.version is 'Counts up at each change; the ETag. No PHI.';
comment on column recall.created_at is 'When it was written down. No PHI.';
comment on column recall.updated_at is 'When it was last changed. No PHI.';

create table recall_attempt (
    id uuid constraint recall_attempt_pkey primary key,
    recall_id uuid not null constraint recall_attempt_recall_fkey references recall,
    patient_id uuid not null constraint recall_attempt_patient_fkey references patient,
    made_at timestamptz not null,
    made_by uuid not null,
    how text not null constraint recall_attempt_how_known check (how in ('call', 'text', 'email', 'letter')),
    outcome text not null constraint recall_attempt_outcome_known check (outcome in ('no_answer', 'left_message', 'sent', 'reached', 'wrong_number', 'declined')),
    note bytea,
    note_key_version int,
    constraint recall_attempt_note_key check ((note is null) = (note_key_version is null))
);
create index recall_attempt_recall_idx on recall_attempt (recall_id, made_at);
create index recall_attempt_patient_idx on recall_attempt (patient_id);
comment on table recall_attempt is 'Each time somebody tried to reach a patient to ask them in. Insert-only, but for the rotation of keys. PHI class: encrypted, with identifiers.';
comment on column recall_attempt.id is 'Key. PHI class: identifier.';
comment on column recall_attempt.recall_id is 'For which recall. PHI class: identifier.';
comment on column recall_attempt.patient_id is 'Whom. PHI class: identifier.';
comment on column recall_attempt.made_at is 'When. No PHI.';
comment on column recall_attempt.made_by is 'Who. No PHI.';
comment on column recall_attempt.how is 'By what means. No PHI.';
comment on column recall_attempt.outcome is 'What came of it, by code. No PHI.';
comment on column recall_attempt.note is 'More of it in words, sealed under the patient''s key; or null. PHI class: encrypted.';
comment on column recall_attempt.note_key_version is 'Version of the patient''s key that sealed the note. No PHI.';

grant select, insert, update on task, recall to {admin}, {provider}, {front_desk}, {system};
grant select, insert on recall_attempt to {admin}, {provider}, {front_desk}, {system};
grant update (note, note_key_version) on recall_attempt to {system};

-- A visit that is lost without anybody having meant the patient to go without one.
create function is_lost(status text, cancel_reason text) returns boolean language sql immutable set search_path = {schema}, pg_temp as $$
    select status in ('no_show', 'left_without_being_seen')
        or (status = 'cancelled' and cancel_reason not in ('booked_in_error', 'hold_ended', 'rescheduled'))
$$;
comment on function is_lost(text, text) is 'Whether the patient of such a visit is to be booked again.';

grant execute on function is_lost(text, text) to {admin}, {provider}, {front_desk}, {system};

-- By whole statements, so that a million visits brought in at once cost one question. Keys made here sort by nothing; nobody orders tasks by key alone.
create function visits_were_booked() returns trigger language plpgsql set search_path = {schema}, pg_temp as $$
begin
    if exists (select from task where is_by_program and kind = 'rebook' and state = 'open') then
        update task
        set state = 'done', state_changed_at = fresh.updated_at, state_changed_by = null, rebooked_as = fresh.id, version = task.version + 1, updated_at = fresh.updated_at
        from fresh
        where fresh.status in ('requested', 'booked', 'confirmed', 'arrived') and fresh.ends_at > fresh.updated_at
            and task.id = (
                select waiting.id
                from task as waiting
                where waiting.patient_id = fresh.patient_id and waiting.is_by_program and waiting.kind = 'rebook' and waiting.state = 'open'
                order by (waiting.visit_type_id = fresh.visit_type_id) desc, waiting.created_at, waiting.id
                limit 1);
    end if;
    if exists (select from recall where state = 'due') then
        update recall
        set state = 'booked', state_changed_at = fresh.updated_at, state_changed_by = null, appointment_id = fresh.id, version = recall.version + 1, updated_at = fresh.updated_at
        from fresh
        where fresh.status in ('requested', 'booked', 'confirmed', 'arrived') and fresh.ends_at > fresh.updated_at
            and recall.id = (
                select waiting.id
                from recall as waiting
                where waiting.patient_id = fresh.patient_id and waiting.visit_type_id = fresh.visit_type_id and waiting.state = 'due'
                order by waiting.due_on, waiting.id
                limit 1);
    end if;
    return null;
end $$;
comment on function visits_were_booked() is 'A patient who is booked need not be called any more.';

create function visits_were_moved() returns trigger language plpgsql set search_path = {schema}, pg_temp as $$
begin
    -- Lost: somebody calls them tomorrow. A second lost visit of the kind finds the task of the first.
    insert into task (id, kind, patient_id, appointment_id, visit_type_id, team, due_on, priority, state, state_changed_at, is_by_program, created_at, updated_at)
    select gen_random_uuid(), 'rebook', now_is.patient_id, now_is.id, now_is.visit_type_id, 'front_desk', (now_is.updated_at at time zone now_is.time_zone)::date + 1, 'normal', 'open',
        now_is.updated_at, true, now_is.updated_at, now_is.updated_at
    from now_is
    join was on was.id = now_is.id
    where now_is.patient_id is not null and is_lost(now_is.status, now_is.cancel_reason) and not is_lost(was.status, was.cancel_reason)
    on conflict do nothing;

    -- Taken back: the task is for another lost visit of the kind, or for none.
    if exists (select from now_is join was on was.id = now_is.id where is_lost(was.status, was.cancel_reason) and not is_lost(now_is.status, now_is.cancel_reason)) then
        update task
        set appointment_id = other.id, version = task.version + 1, updated_at = now_is.updated_at
        from now_is
        join was on was.id = now_is.id
        join appointment as other on other.patient_id = now_is.patient_id and other.visit_type_id = now_is.visit_type_id and other.id <> now_is.id
        where task.appointment_id = now_is.id and task.is_by_program and task.kind = 'rebook' and task.state = 'open'
            and is_lost(was.status, was.cancel_reason) and not is_lost(now_is.status, now_is.cancel_reason)
            and is_lost(other.status, other.cancel_reason) and other.status_changed_at >= task.created_at;
        update task
        set state = 'cancelled', state_changed_at = now_is.updated_at, state_changed_by = null, version = task.version + 1, updated_at = now_is.updated_at
        from now_is
        join was on was.id = now_is.id
        where task.appointment_id = now_is.id and task.is_by_program and task.kind = 'rebook' and task.state = 'open'
            and is_lost(was.status, was.cancel_reason) and not is_lost(now_is.status, now_is.cancel_reason);
    end if;

    -- A booking that was an error did nothing for its patient: what it closed is open again.
    if exists (select from now_is join was on was.id = now_is.id where now_is.cancel_reason = 'booked_in_error' and was.cancel_reason is distinct from 'booked_in_error') then
        update task
        set state = 'open', state_changed_at = now_is.updated_at, state_changed_by = null, rebooked_as = null, version = task.version + 1, updated_at = now_is.updated_at
        from now_is
        where task.rebooked_as = now_is.id and task.state = 'done' and now_is.cancel_reason = 'booked_in_error'
            and not exists (select from task as same where same.patient_id = task.patient_id and same.visit_type_id = task.visit_type_id
                and same.is_by_program and same.kind = 'rebook' and same.state = 'open');
        update recall
        set state = 'due', state_changed_at = now_is.updated_at, state_changed_by = null, appointment_id = null, version = recall.version + 1, updated_at = now_is.updated_at
        from now_is
        where recall.appointment_id = now_is.id and recall.state = 'booked' and now_is.cancel_reason = 'booked_in_error'
            and not exists (select from recall as same where same.patient_id = recall.patient_id and same.visit_type_id = recall.visit_type_id and same.due_on = recall.due_on
                and same.state = 'due');
    end if;

    -- A hold that got its patient is a booking.
    if exists (select from now_is join was on was.id = now_is.id where was.status = 'held' and now_is.status in ('requested', 'booked')) then
        update task
        set state = 'done', state_changed_at = now_is.updated_at, state_changed_by = null, rebooked_as = now_is.id, version = task.version + 1, updated_at = now_is.updated_at
        from now_is
        join was on was.id = now_is.id
        where was.status = 'held' and now_is.status in ('requested', 'booked')
            and task.id = (
                select waiting.id
                from task as waiting
                where waiting.patient_id = now_is.patient_id and waiting.is_by_program and waiting.kind = 'rebook' and waiting.state = 'open'
                order by (waiting.visit_type_id = now_is.visit_type_id) desc, waiting.created_at, waiting.id
                limit 1);
        update recall
        set state = 'booked', state_changed_at = now_is.updated_at, state_changed_by = null, appointment_id = now_is.id, version = recall.version + 1, updated_at = now_is.updated_at
        from now_is
        join was on was.id = now_is.id
        where was.status = 'held' and now_is.status in ('requested', 'booked')
            and recall.id = (
                select waiting.id
                from recall as waiting
                where waiting.patient_id = now_is.patient_id and waiting.visit_type_id = now_is.visit_type_id and waiting.state = 'due'
                order by waiting.due_on, waiting.id
                limit 1);
    end if;
    return null;
end $$;
comment on function visits_were_moved() is 'A lost visit makes one task to book the patient again; what takes the loss back closes it.';

create trigger appointment_was_booked after insert on appointment referencing new table as fresh for each statement execute function visits_were_booked();
create trigger appointment_was_moved after update on appointment referencing old table as was new table as now_is for each statement execute function visits_were_moved();

comment on column outside_calendar.address is 'The address, sealed under the clinic''s key: who knows it can read the calendar. PHI class: encrypted.';
