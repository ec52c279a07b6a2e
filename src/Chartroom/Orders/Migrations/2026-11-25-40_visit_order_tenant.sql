-- A draft is of a kind: a visit's note, the orders spoken of at a visit, a summary of the chart. And orders: what a clinician has decided to have done, told by whom and when.
alter table draft
    add column kind text not null default 'note' constraint draft_kind_known check (kind in ('note', 'orders', 'summary')),
    alter column transcript_id drop not null,
    -- A summary stands on the chart; its sources are in its sealed content.
    add constraint draft_transcript_given check ((kind = 'summary') = (transcript_id is null)),
    drop constraint draft_signed_note,
    add constraint draft_signed_note check ((state = 'signed' and kind <> 'orders') = (note_id is not null));
alter table draft alter column kind drop default;
drop index draft_one_live_idx;
-- One visit, one of each kind: a second draft waits until the first is discarded, and a signed note is amended.
create unique index draft_one_live_idx on draft (appointment_id, kind) where state <> 'discarded';
comment on column draft.kind is 'note, orders or summary. No PHI.';
comment on column draft.transcript_id is 'What it was drafted from; null for a summary, which stands on the chart. PHI class: identifier.';
comment on column draft.state is 'open, signed (a person stands for it: the note is in the chart, the orders are placed) or discarded. No PHI.';
comment on column draft.note_id is 'The note it became; null while open, and for orders. PHI class: identifier.';

create table visit_order (
    id uuid constraint visit_order_pkey primary key,
    patient_id uuid not null constraint visit_order_patient_fkey references patient,
    appointment_id uuid not null constraint visit_order_appointment_fkey references appointment,
    kind text not null constraint visit_order_kind_known check (kind in ('medicine', 'test', 'imaging', 'follow_up')),
    content bytea not null,
    key_version int not null,
    draft_id uuid constraint visit_order_draft_fkey references draft,
    statement int constraint visit_order_statement_range check (statement between 1 and 10000),
    state text not null default 'open' constraint visit_order_state_known check (state in ('open', 'done', 'cancelled')),
    version int not null default 1 constraint visit_order_version_positive check (version > 0),
    placed_by uuid not null constraint visit_order_placer_fkey references staff,
    placed_at timestamptz not null,
    ended_by uuid constraint visit_order_ender_fkey references staff,
    ended_at timestamptz,
    constraint visit_order_proposal_whole check (num_nulls(draft_id, statement) in (0, 2)),
    constraint visit_order_ended_whole check (num_nulls(ended_by, ended_at) = case state when 'open' then 2 else 0 end)
);
create unique index visit_order_proposal_key on visit_order (draft_id, statement) where draft_id is not null;
create index visit_order_patient_idx on visit_order (patient_id, placed_at desc);
create index visit_order_visit_idx on visit_order (appointment_id);
comment on table visit_order is 'Something a clinician has decided to have done: a medicine, a test, imaging, a follow-up. What it says never changes. PHI class: clinical.';
comment on column visit_order.id is 'Key. PHI class: identifier.';
comment on column visit_order.patient_id is 'For whom. PHI class: identifier.';
comment on column visit_order.appointment_id is 'The visit at which it was decided. PHI class: identifier.';
comment on column visit_order.kind is 'medicine, test, imaging or follow_up. PHI class: clinical.';
comment on column visit_order.content is 'Words, what for, warnings it was placed in spite of, as JSON, sealed under the patient''s key. PHI class: encrypted.';
comment on column visit_order.key_version is 'Version of the patient''s key. No PHI.';
comment on column visit_order.draft_id is 'The draft that proposed it; null for one written by hand. PHI class: identifier.';
comment on column visit_order.statement is 'Its number in that draft. No PHI.';
comment on column visit_order.state is 'open, done or cancelled. No PHI.';
comment on column visit_order.version is 'Counts up at each change of state; the ETag. No PHI.';
comment on column visit_order.placed_by is 'Who placed it. No PHI.';
comment on column visit_order.placed_at is 'When. PHI class: identifier (a date of service).';
comment on column visit_order.ended_by is 'Who said that it is done or cancelled; null while open. No PHI.';
comment on column visit_order.ended_at is 'When; null while open. PHI class: identifier (a date of service).';

create function guard_visit_order() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if tg_op <> 'INSERT' then
        if tg_op = 'UPDATE' then
            if to_jsonb(new) - 'state' - 'version' - 'ended_by' - 'ended_at' = to_jsonb(old) - 'state' - 'version' - 'ended_by' - 'ended_at' then return new; end if;
            if new.key_version > old.key_version and length(new.content) = length(old.content)
                and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version' then return new; end if;
        end if;
        raise exception 'an order says what it said' using errcode = 'insufficient_privilege';
    end if;
    if not exists (select from appointment where appointment.id = new.appointment_id and appointment.patient_id = new.patient_id)
    then raise exception 'the visit is another patient''s' using errcode = 'foreign_key_violation', constraint = 'visit_order_of_patient'; end if;
    -- Nothing proposed is ordered but by the decision of a person on that very line.
    if new.draft_id is not null and not exists (
        select from draft
        where draft.id = new.draft_id and draft.kind = 'orders' and draft.appointment_id = new.appointment_id
            and (select decision.kind from decision where decision.draft_id = draft.id and decision.statement = new.statement
                and decision.kind in ('accepted', 'edited', 'rejected') order by decision.sequence desc limit 1) in ('accepted', 'edited'))
    then raise exception 'nobody decided on the proposed order' using errcode = 'check_violation', constraint = 'visit_order_decided'; end if;
    return new;
end $$;
comment on function guard_visit_order() is 'Trigger of visit_order.';
create trigger visit_order_decided before insert or update or delete on visit_order for each row execute function guard_visit_order();
create trigger visit_order_no_truncate before truncate on visit_order for each statement execute function refuse_change('visit_order');

alter table visit_order enable row level security;
alter table visit_order force row level security;
create policy visit_order_owner on visit_order to chartroom_owner using (true) with check (true);
create policy visit_order_program on visit_order to {system} using (true) with check (true);
create policy visit_order_care_team on visit_order to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
create policy visit_order_emergency on visit_order for select to {emergency} using (patient_id = any ((select charts_open_in_emergency())::uuid[]));

grant select, insert on visit_order to {provider};
grant update (state, version, ended_by, ended_at) on visit_order to {provider};
grant select on visit_order to {admin}, {system}, {emergency};
grant update (content, key_version) on visit_order to {system};
