-- A patient's new version takes over only when every transaction knows it. Until then all seal under the old one: who read the keys a moment ago still opens what others write.
alter table key_rotation drop constraint key_rotation_phase_known;
alter table key_rotation add constraint key_rotation_phase_known check (phase in
    ('asked', 'rewrap', 'renew', 'await_knowing', 'take_over', 'await_writers', 'reencrypt', 'await_readers', 'destroy', 'await_nodes', 'done'));
alter table patient_key add column renewed_in uuid;
comment on column patient_key.renewed_in is 'The rotation that made the next version, which takes over once all know it (superseded_at). No PHI.';
