-- Who is who is corrected by a transcript of its own; the one before stays as it came.
alter table transcript
    add column corrects uuid,
    add constraint transcript_corrects_fkey foreign key (patient_id, corrects) references transcript (patient_id, id);
comment on column transcript.corrects is 'The transcript whose speakers this one names otherwise; null for one that came in. PHI class: identifier.';
