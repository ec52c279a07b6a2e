-- Housekeeping removes sessions a day after they ended and sent mail of accounts after a month. It sees when they were over, and nothing else of a session.
create policy session_worker on platform.session to chartroom_worker using (true);
grant select (expires_at, ended_at), delete on platform.session to chartroom_worker;
grant delete on platform.outbox to chartroom_worker;
