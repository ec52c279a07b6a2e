-- Code sets that an operator loads: the same for all clinics, and about nobody.
create table platform.code_set (
    name text constraint code_set_pkey primary key,
    edition text not null constraint code_set_edition_length check (length(edition) between 1 and 60),
    sha256 text not null constraint code_set_sha256_form check (sha256 ~ '^[0-9a-f]{64}$'),
    size int not null constraint code_set_size_positive check (size > 0),
    loaded_at timestamptz not null
);
comment on table platform.code_set is 'Which edition of a code set is loaded. No PHI.';
comment on column platform.code_set.name is 'icd-10-cm. No PHI.';
comment on column platform.code_set.edition is 'The year or name the publisher gives it. No PHI.';
comment on column platform.code_set.sha256 is 'Of the file it came from. No PHI.';
comment on column platform.code_set.size is 'How many codes it has. No PHI.';
comment on column platform.code_set.loaded_at is 'When. No PHI.';
create table platform.icd10_code (
    code text constraint icd10_code_pkey primary key constraint icd10_code_form check (code ~ '^[A-Z][0-9A-Z]{2,6}$'),
    title text not null constraint icd10_code_title_length check (length(title) between 1 and 500),
    is_billable boolean not null,
    words tsvector not null
);
-- Without the list of pending rows: one load a year, and a search never pays for it.
create index icd10_code_words_idx on platform.icd10_code using gin (words) with (fastupdate = off);
comment on table platform.icd10_code is 'ICD-10-CM as published by CMS and NCHS, in the public domain. No PHI.';
comment on column platform.icd10_code.code is 'Without its dot. No PHI.';
comment on column platform.icd10_code.title is 'The long description. No PHI.';
comment on column platform.icd10_code.is_billable is 'False for a heading, which has codes under it and stands on no claim. No PHI.';
comment on column platform.icd10_code.words is 'Words of the title and the code itself, for the search. No PHI.';
alter table platform.code_set enable row level security;
alter table platform.code_set force row level security;
alter table platform.icd10_code enable row level security;
alter table platform.icd10_code force row level security;
create policy code_set_identity on platform.code_set to chartroom_identity using (true) with check (true);
create policy icd10_code_identity on platform.icd10_code to chartroom_identity using (true) with check (true);
grant select, insert, update, delete on platform.code_set to chartroom_identity;
grant select, insert, delete on platform.icd10_code to chartroom_identity;
