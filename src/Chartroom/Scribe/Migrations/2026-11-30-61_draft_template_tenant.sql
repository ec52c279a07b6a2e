-- The form that a note was drafted in, chosen when the draft was asked for; and the rules of review that each decision was taken under.
alter table draft
    add column template_id uuid constraint draft_template_fkey references note_template,
    add constraint draft_template_of_note check (template_id is null or kind = 'note');
create index draft_template_idx on draft (template_id) where template_id is not null;
comment on column draft.template_id is 'The form whose sections it was sorted into; null for the drafter''s own. No PHI.';
alter table drafting
    add column template_id uuid constraint drafting_template_fkey references note_template,
    add constraint drafting_template_of_note check (template_id is null or kind = 'note');
create index drafting_template_idx on drafting (template_id) where template_id is not null;
comment on column drafting.template_id is 'The form that was chosen for it; null for that of the visit''s kind. No PHI.';

-- All decisions so far were taken under version 1, the only one there was. A draft waits while the program is made new, so its decisions may be of another version than it is.
alter table decision
    add column policy_version text not null default '1',
    add constraint decision_policy_version_given check (policy_version <> '');
alter table decision alter column policy_version drop default;
comment on column decision.policy_version is 'Version of the rules of review when it was taken; the draft''s own is that of its making. No PHI.';
