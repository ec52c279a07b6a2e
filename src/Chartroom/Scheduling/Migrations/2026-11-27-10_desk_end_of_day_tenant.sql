-- Which visit of the patient's a visit is, and who had the one before, is read from the index alone.
create index appointment_of_patient_idx on appointment (patient_id, starts_at desc) include (status, provider_id);
drop index appointment_patient_idx;

-- Visits that are over by the clock and not by their state are few among many.
create index appointment_unclosed_idx on appointment (ends_at)
    where status in ('booked', 'confirmed', 'arrived', 'roomed', 'in_progress', 'ready_for_checkout');
