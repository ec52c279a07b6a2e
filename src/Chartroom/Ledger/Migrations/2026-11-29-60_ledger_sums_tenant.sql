-- The check of each night adds up all lines anyway: it keeps the sums, so that a trial balance adds what came since, and not ten years of lines each time it is looked at. Postings of a
-- clinic come one after the other and are never changed or deleted, so what a check has added up stays as it was.
alter table ledger_check
    add column through bigint not null default 0 constraint ledger_check_through_positive check (through >= 0),
    add column sums jsonb not null default '{}';
comment on column ledger_check.through is 'The highest number of a posting then; 0 for checks that kept no sums. No PHI.';
comment on column ledger_check.sums is 'Cents by account of all postings up to that number. No PHI.';
