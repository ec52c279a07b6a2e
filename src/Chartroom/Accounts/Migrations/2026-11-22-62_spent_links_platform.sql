-- Housekeeping removes links and counts of wrong passwords a day after they mean anything. It sees when they were over, and nothing else of them.
create policy sign_up_worker on platform.sign_up to chartroom_worker using (true);
create policy password_reset_worker on platform.password_reset to chartroom_worker using (true);
create policy sign_in_guard_worker on platform.sign_in_guard to chartroom_worker using (true);
grant select (expires_at), delete on platform.sign_up, platform.password_reset to chartroom_worker;
grant select (last_failed_at, blocked_until), delete on platform.sign_in_guard to chartroom_worker;
