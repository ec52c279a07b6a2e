-- Calendars out and in: a provider's visits for a calendar program of theirs, without anything of patients; and when an outside calendar was last read whole.

create table calendar_feed (
    id uuid constraint calendar_feed_pkey primary key,
    staff_id uuid not null constraint calendar_feed_staff_fkey references staff,
    token_hash bytea not null constraint calendar_feed_token_hash_key unique constraint calendar_feed_token_hash_length check (length(token_hash) = 32),
    is_active boolean not null default true,
    made_at timestamptz not null,
    ended_at timestamptz,
    last_read_at timestamptz,
    constraint calendar_feed_ended_told check (is_active = (ended_at is null))
);
create unique index calendar_feed_one on calendar_feed (staff_id) where is_active;
comment on table calendar_feed is 'Secret addresses under which a provider''s visits can be read as iCalendar, without anything of patients. No PHI.';
comment on column calendar_feed.id is 'Key. No PHI.';
comment on column calendar_feed.staff_id is 'Whose visits. No PHI.';
comment on column calendar_feed.token_hash is 'SHA-256 of the secret in the address; the secret itself is kept nowhere. No PHI.';
comment on column calendar_feed.is_active is 'False once a new one was made or it was taken back. No PHI.';
comment on column calendar_feed.made_at is 'When it was made. No PHI.';
comment on column calendar_feed.ended_at is 'When it ended, or null. No PHI.';
comment on column calendar_feed.last_read_at is 'When somebody last read it, to the hour, or null. No PHI.';

alter table outside_calendar
    add column etag text constraint outside_calendar_etag_length check (length(etag) <= 200),
    add column read_at timestamptz;
create index outside_calendar_due_idx on outside_calendar (checked_at) where is_active;
comment on column outside_calendar.etag is 'What its server called the version that was last read, or null. No PHI.';
comment on column outside_calendar.read_at is 'When it was last read whole, not only found unchanged. No PHI.';

grant select, insert, update on calendar_feed to {admin}, {provider}, {system};
