-- Who must know that an access is open need not have the sealed reason: only whoever reviews reads it.
revoke select on break_glass from {provider}, {front_desk}, {emergency};
grant select (id, patient_id, person_id, session_id, opened_at, ends_at) on break_glass to {provider}, {front_desk}, {emergency};
