-- Shifts are set from the settings: each change is kept with what stood before it, so that it is undone exactly, and numbers the state that the next change is made from.
create table shift_change (
    staff_id uuid constraint shift_change_staff_fkey references staff,
    number int constraint shift_change_number_positive check (number > 0),
    made_by uuid not null,
    made_at timestamptz not null,
    days date[] not null constraint shift_change_days_count check (cardinality(days) between 1 and 366),
    before jsonb not null constraint shift_change_before_list check (jsonb_typeof(before) = 'array'),
    constraint shift_change_pkey primary key (staff_id, number)
);
comment on table shift_change is 'Each change of somebody''s shifts; insert-only. No PHI.';
comment on column shift_change.staff_id is 'Whose shifts. No PHI.';
comment on column shift_change.number is 'Counts the changes of this person''s shifts from 1. No PHI.';
comment on column shift_change.made_by is 'Who made it. No PHI.';
comment on column shift_change.made_at is 'When. No PHI.';
comment on column shift_change.days is 'The days that were set. No PHI.';
comment on column shift_change.before is 'The shifts those days had until then. No PHI.';
create trigger shift_change_insert_only before update or delete or truncate on shift_change for each statement execute function refuse_change('shift_change');
grant select, insert on shift_change to {admin}, {provider}, {front_desk}, {system};
grant insert, delete on shift to {provider};
