-- A result is written by hand too, answers an order, and waits until a provider has seen it.
alter table visit_order add constraint visit_order_of_patient_key unique (patient_id, id);
alter table entry
    add column order_id uuid,
    add column to_see text constraint entry_to_see_known check (to_see in ('abnormal', 'normal')),
    add column seen_version int,
    -- The order is the same patient's, whatever a form says; only a result answers one.
    add constraint entry_order_fkey foreign key (patient_id, order_id) references visit_order (patient_id, id),
    add constraint entry_order_of_result check (order_id is null or kind = 'result'),
    add constraint entry_to_see_of_result check (to_see is null or kind = 'result'),
    add constraint entry_seen_known check (seen_version is null or (to_see is not null and seen_version between 1 and version));
create index entry_order_idx on entry (patient_id, order_id) where order_id is not null;
-- What waits, in the order in which it is looked at; what was seen leaves the index.
create index entry_waiting_idx on entry (to_see, recorded_at, id) where to_see is not null and seen_version is distinct from version and deleted_at is null and state <> 'entered_in_error';
comment on column entry.order_id is 'Of a result, the order it answers; null for none. PHI class: identifier.';
comment on column entry.to_see is 'Of a result that a provider has to see: abnormal or normal; null where nobody waits for it. PHI class: clinical.';
comment on column entry.seen_version is 'The version a provider has seen; a later one waits again. No PHI.';

create table result_seen (
    id uuid constraint result_seen_pkey primary key,
    patient_id uuid not null constraint result_seen_patient_fkey references patient,
    entry_id uuid not null,
    version int not null constraint result_seen_version_positive check (version > 0),
    act text not null constraint result_seen_act_known check (act in ('seen', 'taken_back')),
    content bytea not null,
    key_version int not null,
    by_id uuid not null constraint result_seen_by_fkey references staff,
    at timestamptz not null,
    constraint result_seen_entry_fkey foreign key (patient_id, entry_id) references entry (patient_id, id)
);
create index result_seen_entry_idx on result_seen (patient_id, entry_id, id);
create index result_seen_by_idx on result_seen (by_id);
comment on table result_seen is 'Who has seen a result, or taken that back, and when. Insert-only; it ends with its result, by two people. PHI class: clinical.';
comment on column result_seen.id is 'Key, in the order of time. No PHI.';
comment on column result_seen.patient_id is 'Whose result. PHI class: identifier.';
comment on column result_seen.entry_id is 'The result. PHI class: identifier.';
comment on column result_seen.version is 'Which of its versions was seen. No PHI.';
comment on column result_seen.act is 'seen or taken_back. PHI class: clinical.';
comment on column result_seen.content is 'A short word on what follows, as JSON, sealed under the patient''s key. PHI class: encrypted.';
comment on column result_seen.key_version is 'Version of the patient''s key. No PHI.';
comment on column result_seen.by_id is 'Who. No PHI.';
comment on column result_seen.at is 'When. PHI class: identifier (a date of service).';
create trigger result_seen_insert_only before update on result_seen for each row execute function refuse_change_but_key();
create trigger result_seen_two_people before delete on result_seen for each row execute function refuse_deletion_by_one('entry_id');
create trigger result_seen_no_truncate before truncate on result_seen for each statement execute function refuse_change('result_seen');

-- Nobody says in another's name that they have seen a result.
create function result_seen_by_oneself() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if new.by_id is distinct from nullif(current_setting('app.person_id', true), '')::uuid then
        raise exception 'a result is seen by the person of the transaction' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
comment on function result_seen_by_oneself() is 'Trigger of result_seen.';
revoke execute on function result_seen_by_oneself() from public;
create trigger result_seen_by_oneself before insert on result_seen for each row execute function result_seen_by_oneself();

alter table result_seen enable row level security;
alter table result_seen force row level security;
create policy result_seen_owner on result_seen to chartroom_owner using (true) with check (true);
create policy result_seen_program on result_seen to {system} using (true) with check (true);
create policy result_seen_care_team on result_seen to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
create policy result_seen_emergency on result_seen for select to {emergency} using (patient_id = any ((select charts_open_in_emergency())::uuid[]));
grant select, insert on result_seen to {provider};
grant select on result_seen to {admin}, {system}, {emergency};
grant delete on result_seen to {admin};
grant update (content, key_version) on result_seen to {system};
-- Who writes a result into the chart closes the order it answers, and who puts the result away opens it again.
grant update (state, version, ended_by, ended_at) on visit_order to {admin};
