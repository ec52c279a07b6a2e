-- Papers that a clinic wants of its patients, what was received of them, and which are missing at a visit: one rule, in one place, for board, calendar, visit and patient.

create table paper (
    id uuid constraint paper_pkey primary key,
    name text not null constraint paper_name_length check (length(name) between 1 and 60),
    asked text not null constraint paper_asked_known check (asked in ('once', 'months', 'visit')),
    months int constraint paper_months_range check (months between 1 and 60),
    patients text not null constraint paper_patients_known check (patients in ('all', 'new')),
    is_for_all_types boolean not null,
    is_active boolean not null default true,
    version int not null default 1 constraint paper_version_positive check (version > 0),
    constraint paper_months_given check ((asked = 'months') = (months is not null))
);
create unique index paper_name_key on paper (lower(name)) where is_active;
comment on table paper is 'A paper that the clinic wants of its patients. Never deleted: receipts name it. No PHI.';
comment on column paper.id is 'Key. No PHI.';
comment on column paper.name is 'What people read, 1 to 60 characters. No PHI.';
comment on column paper.asked is 'once: for good; months: good for so many; visit: at every visit anew. No PHI.';
comment on column paper.months is 'How many calendar months one is good for, 1 to 60; only of those asked by months. No PHI.';
comment on column paper.patients is 'all, or new: patients without a completed visit before. No PHI.';
comment on column paper.is_for_all_types is 'False: only at visits of the types in paper_visit_type. No PHI.';
comment on column paper.is_active is 'False once it is not asked for any more. No PHI.';
comment on column paper.version is 'Counts up at each change. No PHI.';

create table paper_visit_type (
    paper_id uuid not null constraint paper_visit_type_paper_fkey references paper,
    visit_type_id uuid not null constraint paper_visit_type_type_fkey references visit_type,
    constraint paper_visit_type_pkey primary key (paper_id, visit_type_id)
);
comment on table paper_visit_type is 'At which kinds of visits a paper is asked for that is not asked for at all. No PHI.';
comment on column paper_visit_type.paper_id is 'The paper. No PHI.';
comment on column paper_visit_type.visit_type_id is 'A kind of visit. No PHI.';

create table paper_receipt (
    id uuid constraint paper_receipt_pkey primary key,
    patient_id uuid not null constraint paper_receipt_patient_fkey references patient,
    paper_id uuid not null constraint paper_receipt_paper_fkey references paper,
    appointment_id uuid constraint paper_receipt_appointment_fkey references appointment,
    received_on date not null,
    how text not null constraint paper_receipt_how_known check (how in ('signed', 'seen', 'declined')),
    source text not null constraint paper_receipt_source_known check (source in ('paper')),
    note bytea,
    note_key_version int,
    received_by uuid not null,
    received_at timestamptz not null,
    taken_back_by uuid,
    taken_back_at timestamptz,
    constraint paper_receipt_taken_back_whole check ((taken_back_by is null) = (taken_back_at is null)),
    constraint paper_receipt_note_key check ((note is null) = (note_key_version is null))
);
create index paper_receipt_patient_idx on paper_receipt (patient_id, paper_id, received_on desc);
create index paper_receipt_visit_idx on paper_receipt (appointment_id) where appointment_id is not null;
comment on table paper_receipt is 'A paper that was received of a patient, or that the patient would not sign. What it says never changes; an error is taken back once, and stays. PHI class: encrypted, with identifiers.';
comment on column paper_receipt.id is 'Key. PHI class: identifier.';
comment on column paper_receipt.patient_id is 'Whose. PHI class: identifier.';
comment on column paper_receipt.paper_id is 'Which paper. No PHI.';
comment on column paper_receipt.appointment_id is 'At which visit; null: outside of any. PHI class: identifier.';
comment on column paper_receipt.received_on is 'The calendar day from which it is good. PHI class: identifier (a date of service).';
comment on column paper_receipt.how is 'signed, seen, or declined: the patient was asked and would not sign. No PHI.';
comment on column paper_receipt.source is 'By which way it came: paper, over the desk. No PHI.';
comment on column paper_receipt.note is 'More of it in words, sealed under the patient''s key; or null. PHI class: encrypted.';
comment on column paper_receipt.note_key_version is 'Version of the patient''s key that sealed the note. No PHI.';
comment on column paper_receipt.received_by is 'Who took it. No PHI.';
comment on column paper_receipt.received_at is 'When that was written down. PHI class: identifier (a date of service).';
comment on column paper_receipt.taken_back_by is 'Who said that it was an error; null: it holds. No PHI.';
comment on column paper_receipt.taken_back_at is 'When. PHI class: identifier (a date of service).';

-- What is received at a visit is its patient's. A receipt says what it said; it is taken back once, and for good.
create function guard_paper_receipt() returns trigger language plpgsql set search_path = {schema}, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        if old.taken_back_at is null and to_jsonb(new) - 'taken_back_by' - 'taken_back_at' = to_jsonb(old) - 'taken_back_by' - 'taken_back_at' then return new; end if;
        if new.note_key_version > old.note_key_version and length(new.note) = length(old.note)
            and to_jsonb(new) - 'note' - 'note_key_version' = to_jsonb(old) - 'note' - 'note_key_version' then return new; end if;
    end if;
    if tg_op <> 'INSERT' then raise exception 'a receipt says what it said' using errcode = 'insufficient_privilege'; end if;
    if new.appointment_id is not null and not exists (select from appointment where appointment.id = new.appointment_id and appointment.patient_id = new.patient_id)
    then raise exception 'the visit is another patient''s' using errcode = 'foreign_key_violation', constraint = 'paper_receipt_of_patient'; end if;
    return new;
end $$;
comment on function guard_paper_receipt() is 'Trigger of paper_receipt.';
create trigger paper_receipt_guarded before insert or update or delete on paper_receipt for each row execute function guard_paper_receipt();
create trigger paper_receipt_no_truncate before truncate on paper_receipt for each statement execute function refuse_change('paper_receipt');

create view paper_in_hand with (security_invoker = true) as
select paper_receipt.id, paper_receipt.patient_id, paper_receipt.paper_id, paper_receipt.appointment_id, paper_receipt.received_on, paper_receipt.received_at, paper.asked,
    case when paper.asked = 'months' then (paper_receipt.received_on + make_interval(months => paper.months))::date end as good_until
from paper_receipt
join paper on paper.id = paper_receipt.paper_id
where paper_receipt.taken_back_at is null;
comment on view paper_in_hand is 'Receipts that hold, with the calendar day on which they are good no more.';

-- "New" is what the rules of booking call so: no visit was completed before. A patient's receipts are looked at once for each visit, not for each paper: a day of 480 visits
-- is asked whenever somebody opens it.
create view visit_paper with (security_invoker = true) as
select appointment.id as appointment_id, appointment.patient_id, paper.id as paper_id, hand.receipts[array_position(hand.papers, paper.id)] as receipt_id
from appointment
cross join lateral (
    select array_agg(good.paper_id) as papers, array_agg(good.id) as receipts
    from (
        select paper_in_hand.paper_id, paper_in_hand.id
        from paper_in_hand
        where paper_in_hand.patient_id = appointment.patient_id
            and case paper_in_hand.asked
                when 'once' then true
                when 'months' then paper_in_hand.good_until > appointment.local_start::date
                else paper_in_hand.appointment_id = appointment.id end
        order by paper_in_hand.paper_id, paper_in_hand.received_on desc, paper_in_hand.received_at desc) as good) as hand
join paper on paper.is_active
    and (paper.is_for_all_types or exists (
        select from paper_visit_type
        where paper_visit_type.paper_id = paper.id and paper_visit_type.visit_type_id = appointment.visit_type_id))
    and (paper.patients = 'all' or not exists (
        select from appointment as earlier
        where earlier.patient_id = appointment.patient_id and earlier.starts_at < appointment.starts_at and earlier.status = 'completed'))
where appointment.patient_id is not null;
comment on view visit_paper is 'Each paper that a visit asks for, with the receipt that answers it; none: it is missing.';

grant select on paper, paper_visit_type, paper_receipt, paper_in_hand, visit_paper to {admin}, {provider}, {front_desk}, {system};
grant insert, update on paper to {admin}, {system};
grant insert, delete on paper_visit_type to {admin}, {system};
grant insert, update (taken_back_by, taken_back_at) on paper_receipt to {admin}, {provider}, {front_desk}, {system};
grant update (note, note_key_version) on paper_receipt to {system};
