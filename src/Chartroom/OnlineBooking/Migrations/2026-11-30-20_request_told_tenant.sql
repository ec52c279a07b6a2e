-- A decision that was undone and made the other way is told too; until now whoever had been told once heard nothing more.
alter table online_booking add column told_as text constraint online_booking_told_as_known check (told_as in ('accepted', 'declined'));
comment on column online_booking.told_as is 'What the patient was last told of the desk''s decision, or null. No PHI.';
update online_booking
set told_as = case when appointment.status = 'cancelled' and appointment.cancel_reason = 'request_declined' then 'declined' else 'accepted' end
from appointment
where appointment.id = online_booking.appointment_id and online_booking.told_at is not null;
