-- Codes that a person wants at hand.
create table code_favourite (
    person_id uuid not null,
    code text not null constraint code_favourite_code_form check (code ~ '^[A-Z][0-9A-Z]{2,6}$'),
    title text not null constraint code_favourite_title_length check (length(title) between 1 and 500),
    added_at timestamptz not null,
    constraint code_favourite_pkey primary key (person_id, code)
);
comment on table code_favourite is 'Diagnosis codes that a person keeps at hand. No PHI.';
comment on column code_favourite.person_id is 'Whose. No PHI.';
comment on column code_favourite.code is 'ICD-10-CM, without its dot. No PHI.';
comment on column code_favourite.title is 'As the code set had it then. No PHI.';
comment on column code_favourite.added_at is 'Since when. No PHI.';
grant select, insert, delete on code_favourite to {admin}, {provider}, {system};
