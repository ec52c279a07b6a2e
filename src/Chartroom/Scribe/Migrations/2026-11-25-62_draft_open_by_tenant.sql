-- Drafts that wait for whoever had them made.
create index draft_open_by_idx on draft (created_by, created_at) where state = 'open';
