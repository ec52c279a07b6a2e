-- Each feature that drafts is off, built in, or an outside model's, as the clinic chose; a feature that no outside model fits can have none. Without a row it is built in; transcription without a row is off.
alter table assist_choice
    drop constraint assist_choice_feature_known,
    add constraint assist_choice_feature_known check (feature in ('visit_notes', 'orders', 'chart_summary', 'transcription')),
    add column drafts_with text,
    alter column provider drop not null,
    alter column endpoint drop not null,
    alter column model drop not null,
    alter column region drop not null,
    alter column price_in drop not null,
    alter column price_out drop not null,
    alter column currency drop not null;
update assist_choice
set drafts_with = case when is_on then 'outside' when feature = 'transcription' then 'off' else 'built_in' end;
alter table assist_choice
    alter column drafts_with set not null,
    add constraint assist_choice_drafts_with_known check (drafts_with in ('off', 'built_in', 'outside')),
    add constraint assist_choice_on_is_outside check (is_on = (drafts_with = 'outside')),
    add constraint assist_choice_outside_whole check (not is_on or num_nulls(provider, endpoint, model, region, price_in, price_out, currency) = 0),
    add constraint assist_choice_fits check (case feature when 'orders' then drafts_with <> 'outside' when 'transcription' then drafts_with <> 'built_in' else true end),
    add constraint assist_choice_key_forgotten check (is_on or api_key is null);
comment on table assist_choice is 'What drafts for a feature: nothing, what is built in, or an outside model; without a row it is built in. No PHI.';
comment on column assist_choice.feature is 'What it is asked for: visit_notes, orders, chart_summary or transcription. No PHI.';
comment on column assist_choice.drafts_with is 'off: nothing is drafted; built_in: here, by fixed rules; outside: by the model of this row. No PHI.';
comment on column assist_choice.is_on is 'True where the outside model is asked; false: nothing is sent. No PHI.';
grant select (drafts_with) on assist_choice to {provider};
