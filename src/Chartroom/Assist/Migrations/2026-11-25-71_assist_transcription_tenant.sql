-- An outside model may also be chosen for recordings; it is paid by the minute.
alter table assist_choice drop constraint assist_choice_feature_known;
alter table assist_choice add constraint assist_choice_feature_known check (feature in ('visit_notes', 'transcription'));
comment on column assist_choice.feature is 'What it is asked for: visit_notes or transcription. No PHI.';
comment on column assist_choice.price_in is 'Price of a million tokens sent, in the currency; of transcription: of a thousand minutes. No PHI.';
alter table assist_call add column audio_seconds int not null default 0 constraint assist_call_audio_seconds_range check (audio_seconds >= 0);
comment on column assist_call.audio_seconds is 'Seconds of audio sent. No PHI.';
