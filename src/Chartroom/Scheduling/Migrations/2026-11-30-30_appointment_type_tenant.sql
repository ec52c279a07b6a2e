-- A visit of the wrong type is put right without being cancelled, and that is taken back like any move. Only what changes the type says which it was.
alter table appointment_move add column visit_type_before uuid constraint appointment_move_visit_type_before_fkey references visit_type;
comment on column appointment_move.visit_type_before is 'The visit''s type until this move, where the move changed it; else null. PHI class: identifier, as it tells of a patient.';
