-- The forms in which a clinic writes its notes, which visits have which, and short words that stand for longer ones.
create table note_template (
    id uuid constraint note_template_pkey primary key,
    name text not null constraint note_template_name_length check (length(name) between 1 and 60),
    sections jsonb not null constraint note_template_sections_list check (jsonb_typeof(sections) = 'array' and jsonb_array_length(sections) between 1 and 20),
    is_active boolean not null default true,
    version int not null default 1 constraint note_template_version_positive check (version > 0)
);
create unique index note_template_name_key on note_template (lower(name)) where is_active;
comment on table note_template is 'A form for notes: its sections, what each asks for, and what the drafter puts there. No PHI.';
comment on column note_template.id is 'Key. No PHI.';
comment on column note_template.name is 'Its name; one active of a name. No PHI.';
comment on column note_template.sections is 'In order: heading, prompt, takes (subjective, objective, assessment, plan or null). No PHI.';
comment on column note_template.is_active is 'False: no longer offered; notes that were written in it stay as they are. No PHI.';
comment on column note_template.version is 'Counts up at each change. No PHI.';

create table visit_type_template (
    visit_type_id uuid constraint visit_type_template_pkey primary key constraint visit_type_template_type_fkey references visit_type,
    template_id uuid not null constraint visit_type_template_template_fkey references note_template
);
create index visit_type_template_template_idx on visit_type_template (template_id);
comment on table visit_type_template is 'The form that a kind of visit is written in, unless somebody chooses another. No PHI.';
comment on column visit_type_template.visit_type_id is 'Kind of visit. No PHI.';
comment on column visit_type_template.template_id is 'The form. No PHI.';

create table snippet (
    id uuid constraint snippet_pkey primary key,
    owner_id uuid constraint snippet_owner_fkey references staff,
    word text not null constraint snippet_word_form check (word ~ '^[a-z][a-z0-9-]{0,29}$'),
    words text not null constraint snippet_words_length check (length(words) between 1 and 4000),
    version int not null default 1 constraint snippet_version_positive check (version > 0)
);
create unique index snippet_own_word_key on snippet (owner_id, word) where owner_id is not null;
create unique index snippet_clinic_word_key on snippet (word) where owner_id is null;
comment on table snippet is 'A short word and the words that it stands for in notes. No PHI; the page asks for none.';
comment on column snippet.id is 'Key. No PHI.';
comment on column snippet.owner_id is 'Whose it is; null for one of the whole clinic. No PHI.';
comment on column snippet.word is 'What is typed, without its dot. No PHI.';
comment on column snippet.words is 'What it becomes; {…} is a place to fill in. No PHI.';
comment on column snippet.version is 'Counts up at each change. No PHI.';

alter table snippet enable row level security;
alter table snippet force row level security;
create policy snippet_owner on snippet to chartroom_owner using (true) with check (true);
create policy snippet_export on snippet for select to {system} using (true);
create policy snippet_of_all on snippet to {admin}, {provider} using (owner_id is null or owner_id = nullif(current_setting('app.person_id', true), '')::uuid);

grant select on note_template, visit_type_template, snippet to {admin}, {provider}, {system};
grant insert, update on note_template to {admin}, {provider};
grant insert, update, delete on visit_type_template, snippet to {admin}, {provider};

insert into note_template (id, name, sections) values
    (gen_random_uuid(), 'SOAP', '[{"heading":"Subjective","prompt":"Why they came, history, what they tell","takes":"subjective"},{"heading":"Objective","prompt":"Vital signs, examination, results","takes":"objective"},{"heading":"Assessment","prompt":"What you think it is, and what else it could be","takes":"assessment"},{"heading":"Plan","prompt":"What is done, by whom, until when","takes":"plan"}]'),
    (gen_random_uuid(), 'Follow-up', '[{"heading":"Interval history","prompt":"What changed since the last visit","takes":"subjective"},{"heading":"Findings","prompt":"Vital signs, examination, new results","takes":"objective"},{"heading":"Assessment and plan","prompt":"Better, same or worse; what goes on","takes":"plan"}]'),
    (gen_random_uuid(), 'DAP', '[{"heading":"Data","prompt":"What was said and observed","takes":"subjective"},{"heading":"Assessment","prompt":"Progress, risk, diagnosis","takes":"assessment"},{"heading":"Plan","prompt":"Next session, tasks, referrals","takes":"plan"}]'),
    (gen_random_uuid(), 'Procedure', '[{"heading":"Indication","prompt":"Why it was done","takes":"subjective"},{"heading":"Consent","prompt":"Who agreed to what, after hearing which risks","takes":null},{"heading":"Procedure","prompt":"What was done, with what, and what was found","takes":"objective"},{"heading":"Aftercare","prompt":"Instructions, warning signs, follow-up","takes":"plan"}]');
