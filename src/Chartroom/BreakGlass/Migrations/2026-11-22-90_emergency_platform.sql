-- What the shared side knows of an emergency access: that there is one, so that every page can say so and the administrators are told. Whose chart it is, it does not know.
grant usage on schema platform to chartroom_emergency;
grant execute on function platform.current_clinic() to chartroom_emergency;
grant select on platform.clinic to chartroom_emergency;
create policy clinic_own_in_emergency on platform.clinic for select to chartroom_emergency using (id = platform.current_clinic());

create table platform.emergency (
    id uuid constraint emergency_pkey primary key,
    clinic_id uuid not null constraint emergency_clinic_fkey references platform.clinic,
    person_id uuid not null constraint emergency_person_fkey references platform.person,
    session_id uuid not null,
    opened_at timestamptz not null,
    ends_at timestamptz not null,
    ended_at timestamptz,
    reviewed_at timestamptz,
    constraint emergency_sixty_minutes check (ends_at = opened_at + interval '60 minutes'),
    constraint emergency_ended_in_time check (ended_at >= opened_at and ended_at < ends_at)
);
create index emergency_session_idx on platform.emergency (session_id) where ended_at is null;
create index emergency_waiting_idx on platform.emergency (clinic_id) where reviewed_at is null;
comment on table platform.emergency is 'Emergency accesses to charts, for the banner and the notice; the record itself lies with the clinic. No PHI.';
comment on column platform.emergency.id is 'Key: that of the clinic''s record. No PHI.';
comment on column platform.emergency.clinic_id is 'Where. No PHI.';
comment on column platform.emergency.person_id is 'Who. No PHI.';
comment on column platform.emergency.session_id is 'The session that may use it; no other of that person may. No PHI.';
comment on column platform.emergency.opened_at is 'When. No PHI.';
comment on column platform.emergency.ends_at is '60 minutes later. No PHI.';
comment on column platform.emergency.ended_at is 'When it was ended before that; null otherwise. No PHI.';
comment on column platform.emergency.reviewed_at is 'When an administrator judged it; null while it waits. No PHI.';
alter table platform.emergency enable row level security;
alter table platform.emergency force row level security;
create policy emergency_identity on platform.emergency to chartroom_identity using (true) with check (true);
grant select, insert, update (ended_at, reviewed_at) on platform.emergency to chartroom_identity;
