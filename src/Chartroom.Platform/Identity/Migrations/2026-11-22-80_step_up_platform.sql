-- Dangerous acts ask for a fresh proof; a session says when its last one was given.
alter table platform.session add column proved_at timestamptz;
comment on column platform.session.proved_at is 'When the person last proved who they are in this session, by password and code or by a code alone. No PHI.';
