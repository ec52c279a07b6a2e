-- A draft that was discarded by mistake comes back as it was. The word that brings it back is a decision like the one that discarded it, and both stay.
alter table decision
    drop constraint decision_kind_known,
    add constraint decision_kind_known check (kind in
        ('opened', 'accepted', 'edited', 'rejected', 'added', 'dismissed', 'caught', 'missed', 'signed', 'discarded', 'restored')),
    drop constraint decision_whole,
    add constraint decision_whole check ((kind in ('signed', 'discarded', 'restored')) = (statement = 0));
comment on column decision.kind is 'opened (looked at what was flagged), accepted, edited, rejected, added or dismissed (left out by the draft), caught or missed (a planted error, after which the true words wait), signed, discarded, restored. No PHI.';

create or replace function refuse_undecided() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if new.key_version > old.key_version and length(new.content) = length(old.content)
        and to_jsonb(new) - 'content' - 'key_version' = to_jsonb(old) - 'content' - 'key_version' then return new; end if;
    if old.state = 'discarded' and new.state = 'open' and new.version = old.version + 1
        and to_jsonb(new) - '{state,version,closing_id,closed_at,needs_patient}'::text[] = to_jsonb(old) - '{state,version,closing_id,closed_at,needs_patient}'::text[]
        and (select kind from decision where draft_id = old.id and statement = 0 order by sequence desc limit 1) = 'restored'
    then return new; end if;
    if old.state <> 'open' then raise exception 'a closed draft is never changed' using errcode = 'insufficient_privilege'; end if;
    if new.state = 'signed' and exists (
        select from generate_series(1, new.statement_count) as drafted (number)
        where not exists (select from decision where decision.draft_id = new.id and decision.statement = drafted.number
            and decision.kind in ('accepted', 'edited', 'rejected')))
    then raise exception 'a statement of the draft is undecided' using errcode = 'check_violation', constraint = 'draft_signed_decided'; end if;
    if new.state = 'signed' and exists (
        select from seed
        where seed.draft_id = new.id and not exists (
            select from decision as told
            join decision as decided on decided.draft_id = told.draft_id and decided.statement = told.statement and decided.sequence > told.sequence
            where told.draft_id = new.id and told.statement = seed.statement and told.kind in ('caught', 'missed') and decided.kind in ('accepted', 'edited', 'rejected')))
    then raise exception 'a planted error of the draft is undecided' using errcode = 'check_violation', constraint = 'draft_signed_seed_told'; end if;
    return new;
end $$;
