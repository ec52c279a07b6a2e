-- Which drafter a clinic uses for what, and what each request to an outside one cost.
create table assist_choice (
    feature text constraint assist_choice_pkey primary key constraint assist_choice_feature_known check (feature in ('visit_notes')),
    row_id uuid not null constraint assist_choice_row_key unique,
    provider text not null constraint assist_choice_provider_known check (provider in ('anthropic', 'open_ai')),
    endpoint text not null constraint assist_choice_endpoint_length check (length(endpoint) between 8 and 2000),
    model text not null constraint assist_choice_model_length check (length(model) between 1 and 200),
    api_key bytea,
    key_version int not null,
    region text not null constraint assist_choice_region_known check (region in ('us', 'eu', 'ca')),
    price_in numeric(12, 4) not null constraint assist_choice_price_in_range check (price_in >= 0),
    price_out numeric(12, 4) not null constraint assist_choice_price_out_range check (price_out >= 0),
    currency text not null constraint assist_choice_currency_known check (currency in ('USD', 'EUR', 'CAD')),
    is_on boolean not null,
    version int not null default 1 constraint assist_choice_version_positive check (version > 0),
    changed_by uuid not null constraint assist_choice_person_fkey references staff,
    changed_at timestamptz not null
);
comment on table assist_choice is 'Outside drafter of a feature, on or off; without a row the feature uses what is built in. No PHI.';
comment on column assist_choice.feature is 'What it drafts: visit_notes. No PHI.';
comment on column assist_choice.row_id is 'The place its key is sealed for. No PHI.';
comment on column assist_choice.provider is 'How it is spoken to: anthropic or open_ai (any compatible endpoint). No PHI.';
comment on column assist_choice.endpoint is 'Address that is asked. No PHI.';
comment on column assist_choice.model is 'Name of the model. No PHI.';
comment on column assist_choice.api_key is 'Its key, sealed under the clinic''s key; null for one that needs none. PHI class: encrypted (a secret).';
comment on column assist_choice.key_version is 'Version of the clinic''s key. No PHI.';
comment on column assist_choice.region is 'Where the vendor works on it, as the administrator stated: us, eu or ca. No PHI.';
comment on column assist_choice.price_in is 'Price of a million tokens sent, in the currency. No PHI.';
comment on column assist_choice.price_out is 'Price of a million tokens answered, in the currency. No PHI.';
comment on column assist_choice.currency is 'USD, EUR or CAD. No PHI.';
comment on column assist_choice.is_on is 'False: nothing is sent. No PHI.';
comment on column assist_choice.version is 'Counts up at each change. No PHI.';
comment on column assist_choice.changed_by is 'Who turned it on or off. No PHI.';
comment on column assist_choice.changed_at is 'When. No PHI.';

create table assist_call (
    id uuid constraint assist_call_pkey primary key,
    feature text not null,
    job_id uuid not null,
    provider text not null,
    host text not null,
    model text not null,
    prompt_version text not null,
    outcome text not null,
    tokens_in bigint not null constraint assist_call_tokens_in_range check (tokens_in >= 0),
    tokens_out bigint not null constraint assist_call_tokens_out_range check (tokens_out >= 0),
    cost numeric(14, 6) not null constraint assist_call_cost_range check (cost >= 0),
    currency text not null,
    dropped int not null constraint assist_call_dropped_range check (dropped >= 0),
    milliseconds bigint not null constraint assist_call_milliseconds_range check (milliseconds >= 0),
    asked_at timestamptz not null
);
create index assist_call_job_idx on assist_call (job_id);
create index assist_call_time_idx on assist_call (asked_at);
comment on table assist_call is 'Requests to outside drafters: what asked, how it ended, what it cost. Nothing that was said or answered. Insert-only. No PHI.';
comment on column assist_call.id is 'Key. No PHI.';
comment on column assist_call.feature is 'What was drafted. No PHI.';
comment on column assist_call.job_id is 'For which job of the feature. No PHI.';
comment on column assist_call.provider is 'anthropic or open_ai. No PHI.';
comment on column assist_call.host is 'Host that was asked. No PHI.';
comment on column assist_call.model is 'Model, as it named itself or else as it was asked for. No PHI.';
comment on column assist_call.prompt_version is 'Version of our instructions. No PHI.';
comment on column assist_call.outcome is 'done, or the code of what went wrong. No PHI.';
comment on column assist_call.tokens_in is 'Tokens sent, as the vendor counts. No PHI.';
comment on column assist_call.tokens_out is 'Tokens answered, as the vendor counts. No PHI.';
comment on column assist_call.cost is 'By the prices of that day. No PHI.';
comment on column assist_call.currency is 'Of the cost. No PHI.';
comment on column assist_call.dropped is 'Statements of the answer that were dropped: no such source, or no words of a note. No PHI.';
comment on column assist_call.milliseconds is 'How long it took. No PHI.';
comment on column assist_call.asked_at is 'When. No PHI.';
create trigger assist_call_insert_only before update or delete or truncate on assist_call for each statement execute function refuse_change('assist_call');

grant select, insert, update on assist_choice to {admin};
-- A clinician's transaction sees whether an outside drafter is on, never its key; the key is opened by the program alone.
grant select (feature, provider, endpoint, model, is_on) on assist_choice to {provider};
grant select on assist_choice to {system};
grant update (api_key, key_version) on assist_choice to {system};
grant select, insert on assist_call to {provider}, {system};
grant select on assist_call to {admin};
