-- What patients have asked for and nobody has answered is few among many: the desk's count of it reads these alone.
create index appointment_requested_idx on appointment (starts_at) where status = 'requested';
