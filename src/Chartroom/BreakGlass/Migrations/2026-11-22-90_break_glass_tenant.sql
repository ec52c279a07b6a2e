-- Charts that open for their care team only, and the way past that in an emergency (45 CFR 164.312(a)(2)(ii)): docs/decisions/0010.
create table chart_restriction (
    patient_id uuid constraint chart_restriction_pkey primary key constraint chart_restriction_patient_fkey references patient,
    version int not null constraint chart_restriction_version_positive check (version > 0),
    changed_by uuid not null constraint chart_restriction_changer_fkey references staff,
    changed_at timestamptz not null
);
comment on table chart_restriction is 'Patients whose chart opens for its care team only. PHI class: identifiers.';
comment on column chart_restriction.patient_id is 'Whose. PHI class: identifier.';
comment on column chart_restriction.version is 'Counts up at each change of the team. No PHI.';
comment on column chart_restriction.changed_by is 'Who restricted it or changed the team last. No PHI.';
comment on column chart_restriction.changed_at is 'When. No PHI.';

create table care_team (
    patient_id uuid not null constraint care_team_restriction_fkey references chart_restriction on delete cascade,
    staff_id uuid not null constraint care_team_staff_fkey references staff,
    constraint care_team_pkey primary key (patient_id, staff_id)
);
create index care_team_staff_idx on care_team (staff_id);
comment on table care_team is 'For whom a restricted chart opens. PHI class: identifiers.';
comment on column care_team.patient_id is 'Whose chart. PHI class: identifier.';
comment on column care_team.staff_id is 'For whom. No PHI.';

create table break_glass (
    id uuid constraint break_glass_pkey primary key,
    patient_id uuid not null constraint break_glass_patient_fkey references patient,
    person_id uuid not null constraint break_glass_person_fkey references staff,
    role text not null constraint break_glass_role_known check (role in ('admin', 'provider', 'front_desk')),
    session_id uuid not null,
    content bytea not null,
    key_version int not null,
    opened_at timestamptz not null,
    ends_at timestamptz not null,
    constraint break_glass_sixty_minutes check (ends_at = opened_at + interval '60 minutes'),
    constraint break_glass_person_key unique (id, person_id)
);
create index break_glass_person_idx on break_glass (person_id, ends_at desc);
create index break_glass_patient_idx on break_glass (patient_id);
comment on table break_glass is 'Each time somebody opened a chart in an emergency. Insert-only. PHI class: encrypted, with identifiers.';
comment on column break_glass.id is 'Key. No PHI.';
comment on column break_glass.patient_id is 'Whose chart; no other is open by it. PHI class: identifier.';
comment on column break_glass.person_id is 'Who. No PHI.';
comment on column break_glass.role is 'As what. No PHI.';
comment on column break_glass.session_id is 'The session that may use it. No PHI.';
comment on column break_glass.content is 'The reason they gave, sealed under the patient''s key. PHI class: encrypted.';
comment on column break_glass.key_version is 'Version of the patient''s key. No PHI.';
comment on column break_glass.opened_at is 'When. PHI class: identifier (a date of service).';
comment on column break_glass.ends_at is '60 minutes later, by constraint; the last moment is out. PHI class: identifier (a date of service).';

create table break_glass_end (
    break_glass_id uuid constraint break_glass_end_pkey primary key,
    person_id uuid not null,
    ended_at timestamptz not null,
    constraint break_glass_end_own_fkey foreign key (break_glass_id, person_id) references break_glass (id, person_id)
);
comment on table break_glass_end is 'That somebody ended their emergency access before its time. Insert-only. No PHI.';
comment on column break_glass_end.break_glass_id is 'Which. No PHI.';
comment on column break_glass_end.person_id is 'Who: the one who opened it. No PHI.';
comment on column break_glass_end.ended_at is 'When. No PHI.';

create table break_glass_review (
    break_glass_id uuid constraint break_glass_review_pkey primary key,
    patient_id uuid not null constraint break_glass_review_patient_fkey references patient,
    person_id uuid not null,
    reviewed_by uuid not null constraint break_glass_review_reviewer_fkey references staff,
    is_justified boolean not null,
    content bytea not null,
    key_version int not null,
    reviewed_at timestamptz not null,
    constraint break_glass_review_reviewed_fkey foreign key (break_glass_id, person_id) references break_glass (id, person_id),
    constraint break_glass_review_by_another check (reviewed_by <> person_id)
);
create index break_glass_review_patient_idx on break_glass_review (patient_id);
comment on table break_glass_review is 'What an administrator found of an emergency access, once. Insert-only. PHI class: encrypted, with identifiers.';
comment on column break_glass_review.break_glass_id is 'Which. No PHI.';
comment on column break_glass_review.patient_id is 'Whose chart it was. PHI class: identifier.';
comment on column break_glass_review.person_id is 'Whose access it was. No PHI.';
comment on column break_glass_review.reviewed_by is 'Who judged it; nobody judges their own. No PHI.';
comment on column break_glass_review.is_justified is 'Whether it was right. No PHI.';
comment on column break_glass_review.content is 'Why they think so, sealed under the patient''s key. PHI class: encrypted.';
comment on column break_glass_review.key_version is 'Version of the patient''s key. No PHI.';
comment on column break_glass_review.reviewed_at is 'When. No PHI.';

create trigger break_glass_insert_only before update or delete on break_glass for each row execute function refuse_change_but_key();
create trigger break_glass_no_truncate before truncate on break_glass for each statement execute function refuse_change('break_glass');
create trigger break_glass_end_insert_only before update or delete or truncate on break_glass_end for each statement execute function refuse_change('break_glass_end');
create trigger break_glass_review_insert_only before update or delete on break_glass_review for each row execute function refuse_change_but_key();
create trigger break_glass_review_no_truncate before truncate on break_glass_review for each statement execute function refuse_change('break_glass_review');

-- Whom the glass is broken for, by the transaction's own person and time. Both are set by the program at its beginning, as constants of its own (0009).
create function charts_open_in_emergency() returns uuid[] language sql stable set search_path = {schema}, pg_temp as $$
    select coalesce(array_agg(break_glass.patient_id), '{}')
    from break_glass
    where break_glass.person_id = nullif(current_setting('app.person_id', true), '')::uuid
        and break_glass.opened_at <= nullif(current_setting('app.now', true), '')::timestamptz
        and break_glass.ends_at > nullif(current_setting('app.now', true), '')::timestamptz
        and not exists (select from break_glass_end where break_glass_end.break_glass_id = break_glass.id)
$$;
comment on function charts_open_in_emergency() is 'The patients whose charts the person of this transaction has open by break-glass.';

-- Nearly always there is none, and then nothing else is asked.
create function shut_charts() returns uuid[] language plpgsql stable set search_path = {schema}, pg_temp as $$
begin
    if current_user = '{system}' or current_setting('app.whole_clinic', true) = 'on' or not exists (select from chart_restriction) then return '{}'; end if;
    return (
        select coalesce(array_agg(chart_restriction.patient_id), '{}')
        from chart_restriction
        where not exists (select from care_team
                where care_team.patient_id = chart_restriction.patient_id and care_team.staff_id = nullif(current_setting('app.person_id', true), '')::uuid)
            and chart_restriction.patient_id <> all (charts_open_in_emergency())
    );
end $$;
comment on function shut_charts() is 'The patients whose charts are restricted and not open to the person of this transaction. The program itself and an export of the whole clinic leave nobody out.';

grant select on chart_restriction, care_team, break_glass, break_glass_end to {admin}, {provider}, {front_desk}, {system}, {emergency};
grant insert, delete on chart_restriction, care_team to {admin};
grant update (version, changed_by, changed_at) on chart_restriction to {admin};
grant insert on break_glass, break_glass_end to {admin}, {provider}, {front_desk};
grant select, insert on break_glass_review to {admin};
grant select on break_glass_review to {system};
grant update (content, key_version) on break_glass, break_glass_review to {system};
grant execute on function shut_charts(), charts_open_in_emergency() to {admin}, {provider}, {system}, {emergency};

-- The line is held here, whatever the application asks: clinical rows of a restricted patient are not there for others. The owner keeps its sight for later migrations.
alter table entry enable row level security;
alter table entry force row level security;
create policy entry_owner on entry to chartroom_owner using (true) with check (true);
create policy entry_program on entry to {system} using (true) with check (true);
create policy entry_care_team on entry to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
create policy entry_emergency on entry for select to {emergency} using (patient_id = any ((select charts_open_in_emergency())::uuid[]));

alter table entry_version enable row level security;
alter table entry_version force row level security;
create policy entry_version_owner on entry_version to chartroom_owner using (true) with check (true);
create policy entry_version_program on entry_version to {system} using (true) with check (true);
create policy entry_version_care_team on entry_version to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
create policy entry_version_emergency on entry_version for select to {emergency} using (patient_id = any ((select charts_open_in_emergency())::uuid[]));

alter table transcript enable row level security;
alter table transcript force row level security;
create policy transcript_owner on transcript to chartroom_owner using (true) with check (true);
create policy transcript_program on transcript to {system} using (true) with check (true);
create policy transcript_care_team on transcript to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));

alter table draft enable row level security;
alter table draft force row level security;
create policy draft_owner on draft to chartroom_owner using (true) with check (true);
create policy draft_program on draft to {system} using (true) with check (true);
create policy draft_care_team on draft to {admin}, {provider} using (patient_id <> all ((select shut_charts())::uuid[]));
create policy draft_emergency on draft for select to {emergency} using (patient_id = any ((select charts_open_in_emergency())::uuid[]));

alter table decision enable row level security;
alter table decision force row level security;
create policy decision_owner on decision to chartroom_owner using (true) with check (true);
create policy decision_program on decision to {system} using (true) with check (true);
create policy decision_care_team on decision to {admin}, {provider} using (exists (select from draft where draft.id = decision.draft_id));

-- Whoever breaks the glass without a role for charts reads the one chart and its notes, and writes that they did.
grant select on patient, patient_key, clinic_key, entry, entry_version, staff, location, room to {emergency};
grant select (id, patient_id, appointment_id, note_id) on draft to {emergency};
grant select (id, patient_id, time_zone) on appointment to {emergency};
grant insert on audit_event to {emergency};
