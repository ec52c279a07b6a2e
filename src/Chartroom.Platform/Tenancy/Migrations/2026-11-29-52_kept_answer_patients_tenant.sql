-- Giving an answer again shows the patients once more, so its event must name them.
alter table kept_answer add column patient_ids uuid[] not null default '{}';
comment on column kept_answer.patient_ids is 'Whom the first answer''s events name; its repetition is taken down with the same. PHI class: identifiers.';
