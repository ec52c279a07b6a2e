-- Functions are nobody's (triggers need no grant), and the last partition of the trail is shut like its months.
revoke execute on all functions in schema {schema} from public;
alter table audit_event_default enable row level security;
alter table audit_event_default force row level security;
