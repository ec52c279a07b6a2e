-- Off means off: nothing is drafted for a feature that the clinic switched off, whatever code asks for it.
create function refuse_drafting_off() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if exists (select from assist_choice where drafts_with = 'off'
        and feature = case new.kind when 'note' then 'visit_notes' when 'orders' then 'orders' when 'summary' then 'chart_summary' end)
    then raise exception 'drafting of this kind is off at this clinic' using errcode = 'check_violation', constraint = 'draft_feature_on'; end if;
    return new;
end $$;
create trigger draft_feature_on before insert on draft for each row execute function refuse_drafting_off();

-- What an outside model drafts in the background: a visit's note from its transcript, or a summary of a chart, which has neither.
alter table drafting
    alter column appointment_id drop not null,
    alter column transcript_id drop not null,
    add column kind text not null default 'note' constraint drafting_kind_known check (kind in ('note', 'summary')),
    add constraint drafting_patient_fkey foreign key (patient_id) references patient,
    add constraint drafting_source_given check (num_nulls(appointment_id, transcript_id) = case kind when 'note' then 0 else 2 end);
create unique index drafting_one_summary_idx on drafting (patient_id) where kind = 'summary' and state in ('queued', 'drafting');
comment on table drafting is 'A note or a summary that is drafted in the background, by an outside model or in its place by what is built in. PHI class: clinical.';
comment on column drafting.patient_id is 'Whose note or chart. PHI class: identifier.';
comment on column drafting.appointment_id is 'The visit; null for a summary. PHI class: identifier.';
comment on column drafting.transcript_id is 'What it is drafted from; null for a summary, which is drafted from the chart. PHI class: identifier.';
comment on column drafting.kind is 'What it is to become: note or summary. No PHI.';
