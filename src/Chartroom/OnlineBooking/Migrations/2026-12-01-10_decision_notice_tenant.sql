-- What the desk decides about a request is told once it has stood for a while: a slip that is undone before then says nothing to anybody.
alter table online_booking add column tell_at timestamptz;
comment on column online_booking.tell_at is 'When the patient is told what the desk has decided, unless it is undone before; null when nothing waits. No PHI.';
create index online_booking_tell_idx on online_booking (tell_at) where tell_at is not null;
