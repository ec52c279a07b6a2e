-- A patient's record ends for good by two people: one asks, another, an administrator, confirms. Only of who is put away, so of nobody with a visit ahead or something unsigned.
create table patient_destruction (
    patient_id uuid constraint patient_destruction_pkey primary key,
    reason text not null constraint patient_destruction_reason_known check (reason in ('patient_request', 'kept_long_enough', 'nobody_real', 'legal')),
    asked_by uuid not null constraint patient_destruction_asked_by_fkey references staff,
    asked_at timestamptz not null,
    confirmed_by uuid constraint patient_destruction_confirmed_by_fkey references staff,
    confirmed_at timestamptz,
    is_here boolean not null generated always as (false) stored,
    constraint patient_destruction_away_fkey foreign key (patient_id, is_here) references patient (id, is_here),
    constraint patient_destruction_two_people check (confirmed_by <> asked_by),
    constraint patient_destruction_whole check ((confirmed_by is null) = (confirmed_at is null))
);
create index patient_destruction_asked_idx on patient_destruction (asked_at desc, patient_id desc);
create index patient_destruction_asked_by_idx on patient_destruction (asked_by);
create index patient_destruction_confirmed_by_idx on patient_destruction (confirmed_by) where confirmed_by is not null;
comment on table patient_destruction is 'Who asked for the end of a put-away patient''s record and who confirmed it. PHI class: identifier.';
comment on column patient_destruction.patient_id is 'Whose. PHI class: identifier.';
comment on column patient_destruction.reason is 'patient_request, kept_long_enough, nobody_real or legal; a word of ours. No PHI.';
comment on column patient_destruction.asked_by is 'Who asked. No PHI.';
comment on column patient_destruction.asked_at is 'When. No PHI.';
comment on column patient_destruction.confirmed_by is 'Who confirmed, another than who asked; null while it is only asked for. No PHI.';
comment on column patient_destruction.confirmed_at is 'When. The key is destroyed right after it; patient_tombstone says that it was. No PHI.';
comment on column patient_destruction.is_here is 'Always false: the foreign key with it lets nobody be brought back meanwhile. No PHI.';

create trigger patient_destruction_kept before update or delete on patient_destruction for each row execute function keep_destruction();
create trigger patient_destruction_no_truncate before truncate on patient_destruction for each statement execute function refuse_change('patient_destruction');

grant select, insert (patient_id, reason, asked_by, asked_at), delete on patient_destruction to {admin}, {provider}, {front_desk};
grant update (confirmed_by, confirmed_at) on patient_destruction to {admin};
grant select on patient_destruction to {system};
grant select on patient_tombstone to {admin}, {provider}, {front_desk};
