-- Audio that was destroyed before it became words is told to who recorded it, once: until they say that they have seen it.
alter table recording
    add column loss_seen_at timestamptz,
    add constraint recording_loss_seen_of_loss check (loss_seen_at is null or destroyed_why is not distinct from 'never_transcribed');
comment on column recording.loss_seen_at is 'When who recorded it had seen that its audio was destroyed before it became words; null: not yet, or no such loss. No PHI.';
create index recording_loss_idx on recording (created_by, destroyed_at) where destroyed_why = 'never_transcribed' and loss_seen_at is null;
create index recording_unfinished_idx on recording (created_by, keep_until) where destroyed_at is null and state in ('recording', 'failed');

create or replace function refuse_kept_audio() returns trigger language plpgsql set search_path = {schema}, pg_temp as
$$ begin
    if old.destroyed_at is not null and new.loss_seen_at is not null and new.loss_seen_at = coalesce(old.loss_seen_at, new.loss_seen_at)
        and to_jsonb(new) - 'loss_seen_at' = to_jsonb(old) - 'loss_seen_at' then return new; end if;
    if old.destroyed_at is not null then raise exception 'a destroyed recording is never changed' using errcode = 'insufficient_privilege'; end if;
    if new.created_at <> old.created_at or (old.transcribed_at is not null and new.transcribed_at is distinct from old.transcribed_at)
        or (new.keep_until > old.keep_until and (old.transcribed_at is not null or new.transcribed_at is null))
    then raise exception 'a recording is not kept for longer' using errcode = 'check_violation', constraint = 'recording_not_put_off'; end if;
    if new.destroyed_at is not null and (exists (select from recording_key where recording_id = new.id) or exists (select from recording_chunk where recording_id = new.id))
    then raise exception 'audio or key of a destroyed recording is still here' using errcode = 'check_violation', constraint = 'recording_destroyed_whole'; end if;
    return new;
end $$;

grant update (loss_seen_at) on recording to {provider};
