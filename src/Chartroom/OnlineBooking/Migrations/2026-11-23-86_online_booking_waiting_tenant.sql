-- What waits for somebody to look at it is few among many: list and count read these alone.
create index online_booking_unseen_idx on online_booking (appointment_id)
    where state = 'done' and seen_at is null and (cardinality(alike) > 0 or (is_new_patient and patient_kind = 'existing'));
