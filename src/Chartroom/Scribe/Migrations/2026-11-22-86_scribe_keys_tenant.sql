-- Transcripts, drafts and decisions take part in the rotation of keys.
drop trigger transcript_insert_only on transcript;
create trigger transcript_insert_only before update or delete on transcript for each row execute function refuse_change_but_key();
drop trigger decision_insert_only on decision;
create trigger decision_insert_only before update or delete on decision for each row execute function refuse_change_but_key();
create index draft_patient_idx on draft (patient_id);

-- A closed draft is never changed, but its content may be sealed anew under a later key.
create or replace function refuse_undecided() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if new.key_version > old.key_version and length(new.content) = length(old.content)
        and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version' then return new; end if;
    if old.state <> 'open' then raise exception 'a closed draft is never changed' using errcode = 'insufficient_privilege'; end if;
    if new.state = 'signed' and exists (
        select from generate_series(1, new.statement_count) as drafted (number)
        where not exists (select from decision where decision.draft_id = new.id and decision.statement = drafted.number
            and decision.kind in ('accepted', 'edited', 'rejected')))
    then raise exception 'a statement of the draft is undecided' using errcode = 'check_violation', constraint = 'draft_signed_decided'; end if;
    return new;
end $$;

grant update (content, key_version) on transcript, draft, decision to {system};
