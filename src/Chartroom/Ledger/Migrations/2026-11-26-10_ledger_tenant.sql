-- What patients owe, in double entry. Nothing is ever changed or deleted: a mistake is corrected by a reversal, which is a posting too. What holds the books together stands here: whoever
-- writes past the program meets the same walls. No deferred constraint: a posting and its lines come in one statement, and are judged at its end (Citus forwards no deferred one).

create table ledger_rules (
    only_row boolean not null default true constraint ledger_rules_pkey primary key constraint ledger_rules_one_row check (only_row),
    currency text not null default 'USD' constraint ledger_rules_currency_key unique
        constraint ledger_rules_currency_known check (currency in ('USD', 'CAD', 'EUR', 'GBP', 'AUD', 'NZD', 'CHF', 'MXN')),
    version int not null default 1 constraint ledger_rules_version_positive check (version > 0)
);
insert into ledger_rules default values;
comment on table ledger_rules is 'The clinic''s rules of money; one row. No PHI.';
comment on column ledger_rules.only_row is 'Holds the table to one row. No PHI.';
comment on column ledger_rules.currency is 'ISO 4217; all of them have cents. Fixed once something is posted, by posting_currency_fkey. No PHI.';
comment on column ledger_rules.version is 'Counts up at each change, of the usual charges too. No PHI.';

create table usual_charge (
    visit_type_id uuid constraint usual_charge_pkey primary key constraint usual_charge_visit_type_fkey references visit_type,
    cents bigint not null constraint usual_charge_cents_range check (cents between 1 and 1000000000)
);
comment on table usual_charge is 'What a kind of visit usually costs: offered at the desk, never posted by itself. No PHI.';
comment on column usual_charge.visit_type_id is 'Which kind of visit. No PHI.';
comment on column usual_charge.cents is 'How much, in cents of the clinic''s currency. No PHI.';

create table posting (
    id uuid constraint posting_pkey primary key,
    number bigint not null constraint posting_number_key unique constraint posting_number_positive check (number > 0),
    patient_id uuid not null constraint posting_patient_fkey references patient,
    kind text not null constraint posting_kind_known check (kind in ('charge', 'payment', 'adjustment', 'refund', 'reversal')),
    method text constraint posting_method_known check (method in ('cash', 'check', 'card', 'other')),
    currency text not null constraint posting_currency_fkey references ledger_rules (currency),
    appointment_id uuid constraint posting_appointment_fkey references appointment,
    content bytea,
    key_version int,
    reverses_id uuid constraint posting_one_reversal unique,
    reverses_kind text constraint posting_reverses_kind_known check (reverses_kind in ('charge', 'payment', 'adjustment', 'refund')),
    posted_at timestamptz not null,
    posted_on date not null,
    posted_by uuid not null,
    constraint posting_whole_key unique (id, patient_id, number),
    constraint posting_kind_key unique (id, patient_id, kind),
    constraint posting_reverses_fkey foreign key (reverses_id, patient_id, reverses_kind) references posting (id, patient_id, kind),
    constraint posting_reverses_whole check (num_nulls(reverses_id, reverses_kind) = case kind when 'reversal' then 0 else 2 end),
    constraint posting_method_of_money check ((method is not null) = (kind in ('payment', 'refund'))),
    constraint posting_content_key check ((content is null) = (key_version is null))
);
create index posting_day_idx on posting (posted_on, number);
create index posting_patient_idx on posting (patient_id, number);
create index posting_appointment_idx on posting (appointment_id) where appointment_id is not null;
comment on table posting is 'Something that happened to what a patient owes. Insert-only, but for the rotation of keys. PHI class: encrypted, with identifiers.';
comment on column posting.id is 'Key. PHI class: identifier.';
comment on column posting.number is 'From counter posting, without a gap: a missing row shows. PHI class: identifier.';
comment on column posting.patient_id is 'Whose account. PHI class: identifier.';
comment on column posting.kind is 'charge, payment, adjustment (written off), refund, or the reversal of one of them. No PHI.';
comment on column posting.method is 'How the money came or went: cash, check, card (the clinic''s own terminal), other. No PHI.';
comment on column posting.currency is 'That of its cents. No PHI.';
comment on column posting.appointment_id is 'The visit it is for, of that very patient; or null. PHI class: identifier.';
comment on column posting.content is 'What for, reference, reason, as JSON, sealed under the patient''s key; null when nothing was said. PHI class: encrypted.';
comment on column posting.key_version is 'Version of the patient''s key. No PHI.';
comment on column posting.reverses_id is 'Of a reversal: what it takes back, of the same patient; once at most. PHI class: identifier.';
comment on column posting.reverses_kind is 'Of a reversal: the kind of what it takes back, which decides who may. No PHI.';
comment on column posting.posted_at is 'When. PHI class: identifier (a date of service).';
comment on column posting.posted_on is 'On which calendar day of the clinic: the day whose takings it belongs to. PHI class: identifier (a date of service).';
comment on column posting.posted_by is 'Who posted it. No PHI.';

create table posting_line (
    posting_id uuid not null constraint posting_line_posting_fkey references posting,
    account text not null constraint posting_line_account_known check (account in ('receivable', 'cash', 'check', 'card', 'other', 'income', 'write_off')),
    patient_id uuid,
    number bigint,
    cents bigint not null constraint posting_line_cents_range check (cents <> 0 and cents between -1000000000 and 1000000000),
    constraint posting_line_pkey primary key (posting_id, account),
    constraint posting_line_names_patient check (num_nulls(patient_id, number) = case account when 'receivable' then 0 else 2 end),
    constraint posting_line_whole_fkey foreign key (posting_id, patient_id, number) references posting (id, patient_id, number)
);
-- A patient's balance is the sum of these, read out of the index alone: there is no second truth to keep.
create index posting_line_receivable_idx on posting_line (patient_id, number) include (cents) where account = 'receivable';
comment on table posting_line is 'One side of a posting: so many cents into (above zero) or out of (below) an account. Insert-only. PHI class: identifier.';
comment on column posting_line.posting_id is 'Of which posting. PHI class: identifier.';
comment on column posting_line.account is 'receivable (what the patient owes), cash, check, card, other, income, write_off. No PHI.';
comment on column posting_line.patient_id is 'Whose account, on the line of what is owed; else null. PHI class: identifier.';
comment on column posting_line.number is 'The posting''s number, on that line; else null. PHI class: identifier.';
comment on column posting_line.cents is 'How much; never zero. PHI class: identifier, as it tells of a patient.';

create table ledger_check (
    checked_on date constraint ledger_check_pkey primary key,
    checked_at timestamptz not null,
    postings bigint not null,
    faults bigint not null,
    missing bigint not null,
    total_cents numeric not null
);
comment on table ledger_check is 'What the check of each night found: all but the count of postings is to be zero. No PHI.';
comment on column ledger_check.checked_on is 'Which day, UTC. No PHI.';
comment on column ledger_check.checked_at is 'When. No PHI.';
comment on column ledger_check.postings is 'How many postings there are. No PHI.';
comment on column ledger_check.faults is 'How many of them are not as their kind is to be, or not in balance. No PHI.';
comment on column ledger_check.missing is 'How many numbers were given out that no posting has. No PHI.';
comment on column ledger_check.total_cents is 'The sum of all lines. No PHI.';

insert into counter (name, next) values ('posting', 1);

-- Postings that are not what their kind says, or whose two sides differ. Asked by the triggers for what was just written, by the check for all.
create view posting_fault with (security_invoker = true) as
select posting.id as posting_id
from posting
left join lateral (
    select count(*) as sides, sum(line.cents) as total, max(line.cents) filter (where line.account = 'receivable') as owed,
        max(line.account) filter (where line.account <> 'receivable') as against
    from posting_line as line
    where line.posting_id = posting.id) as lines on true
where not coalesce(lines.sides = 2 and lines.total = 0 and case posting.kind
    when 'charge' then lines.owed > 0 and lines.against = 'income'
    when 'payment' then lines.owed < 0 and lines.against = posting.method
    when 'adjustment' then lines.owed < 0 and lines.against = 'write_off'
    when 'refund' then lines.owed > 0 and lines.against = posting.method
    when 'reversal' then (
        select count(*) = 2
        from posting_line as mine
        join posting_line as was on was.posting_id = posting.reverses_id and was.account = mine.account and was.cents = -mine.cents
        where mine.posting_id = posting.id)
    end, false);
comment on view posting_fault is 'Postings that do not balance or are not what their kind says; to be empty.';

create function judge_postings() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if exists (select from fresh join posting_fault on posting_fault.posting_id = fresh.id) then
        raise exception 'the two sides of a posting are equal' using errcode = 'check_violation', constraint = 'posting_balances'; end if;
    if exists (select from fresh join appointment on appointment.id = fresh.appointment_id where appointment.patient_id is distinct from fresh.patient_id) then
        raise exception 'the visit is another patient''s' using errcode = 'foreign_key_violation', constraint = 'posting_visit_of_patient'; end if;
    return null;
end $$;
comment on function judge_postings() is 'Trigger of posting, at the end of each statement.';

create function judge_posting_lines() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if exists (select from fresh join posting_fault on posting_fault.posting_id = fresh.posting_id) then
        raise exception 'the two sides of a posting are equal' using errcode = 'check_violation', constraint = 'posting_balances'; end if;
    return null;
end $$;
comment on function judge_posting_lines() is 'Trigger of posting_line, at the end of each statement.';

create function guard_posting() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if tg_op = 'UPDATE' and new.key_version > old.key_version and length(new.content) = length(old.content)
        and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version' then return new; end if;
    raise exception 'a posting is never changed' using errcode = 'insufficient_privilege';
end $$;
comment on function guard_posting() is 'Trigger of posting: what was posted stays, but for the rotation of keys.';

create trigger posting_judged after insert on posting referencing new table as fresh for each statement execute function judge_postings();
create trigger posting_line_judged after insert on posting_line referencing new table as fresh for each statement execute function judge_posting_lines();
create trigger posting_kept before update or delete on posting for each row execute function guard_posting();
create trigger posting_no_truncate before truncate on posting for each statement execute function refuse_change('posting');
create trigger posting_line_kept before update or delete or truncate on posting_line for each statement execute function refuse_change('posting_line');

alter table posting enable row level security;
alter table posting force row level security;
create policy posting_owner on posting to chartroom_owner using (true) with check (true);
create policy posting_program on posting to {system} using (true) with check (true);
create policy posting_read on posting for select to {admin}, {provider}, {front_desk} using (true);
create policy posting_admin on posting for insert to {admin} with check (true);
-- What is written off or given back, and taking that back, is an administrator's.
create policy posting_desk on posting for insert to {front_desk} with check (kind in ('charge', 'payment') or reverses_kind in ('charge', 'payment'));
alter table posting_line enable row level security;
alter table posting_line force row level security;
create policy posting_line_owner on posting_line to chartroom_owner using (true) with check (true);
create policy posting_line_program on posting_line to {system} using (true) with check (true);
create policy posting_line_read on posting_line for select to {admin}, {provider}, {front_desk} using (true);
create policy posting_line_write on posting_line for insert to {admin}, {front_desk} with check (true);

grant select on posting, posting_line, posting_fault, ledger_rules, usual_charge to {admin}, {provider}, {front_desk}, {system};
grant insert on posting, posting_line to {admin}, {front_desk}, {system};
grant update (content, key_version) on posting to {system};
grant update on ledger_rules to {admin}, {system};
grant insert, delete on usual_charge to {admin}, {system};
grant select on ledger_check to {admin}, {system};
grant insert on ledger_check to {system};
