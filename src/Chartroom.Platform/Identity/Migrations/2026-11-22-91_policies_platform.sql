-- What a clinic asks of the accounts of its staff. The bounds are promises (ACC-2, ACC-4): whoever writes the row, it stays within them.
alter table platform.clinic
    add column idle_minutes int not null default 30 constraint clinic_idle_minutes_bounds check (idle_minutes between 5 and 60),
    add column session_hours int not null default 8 constraint clinic_session_hours_bounds check (session_hours between 1 and 12),
    add column sessions_at_once int not null default 3 constraint clinic_sessions_at_once_bounds check (sessions_at_once between 1 and 3),
    add column password_least int not null default 12,
    add column password_remembered int not null default 24 constraint clinic_password_remembered_bounds check (password_remembered between 24 and 36),
    add column password_days int not null default 90 constraint clinic_password_days_bounds check (password_days between 30 and 90),
    add column policy_version int not null default 1 constraint clinic_policy_version_positive check (policy_version > 0);
update platform.clinic set password_least = 15 where password_policy = 'nist';
alter table platform.clinic add constraint clinic_password_least_bounds
    check (password_least between case password_policy when 'nist' then 15 else 12 end and 64);
comment on column platform.clinic.idle_minutes is 'Minutes without a request after which a session at this clinic ends. No PHI.';
comment on column platform.clinic.session_hours is 'Hours after which a session at this clinic ends in any case. No PHI.';
comment on column platform.clinic.sessions_at_once is 'Sessions that a person of its staff has at most. No PHI.';
comment on column platform.clinic.password_least is 'Fewest characters of a password of its staff. No PHI.';
comment on column platform.clinic.password_remembered is 'Former passwords that may not come back; under the policy rotation. No PHI.';
comment on column platform.clinic.password_days is 'Days that a password lasts; under the policy rotation. No PHI.';
comment on column platform.clinic.policy_version is 'Counts up at each change of these policies. No PHI.';

-- The one place that says how long a session lives. Read at every request, so a changed policy holds for running sessions at once; but longer hours count from the next sign-in.
create view platform.session_life with (security_invoker = true) as
select session.id, session.token_hash, session.person_id, session.clinic_id, session.is_mfa_done, session.stage, session.created_at, session.last_seen_at,
    session.device_id, session.ip, session.agent, session.language, session.proved_at,
    least(session.expires_at, session.created_at + make_interval(hours => coalesce(clinic.session_hours, 8))) as ends_at,
    session.last_seen_at + make_interval(mins => coalesce(clinic.idle_minutes, 30)) as idle_at
from platform.session
left join platform.clinic on clinic.id = session.clinic_id
where session.ended_at is null;
comment on view platform.session_life is 'Sessions that nobody has ended, with their absolute end and the moment at which they end unless used. No PHI.';
grant select on platform.session_life to chartroom_identity;
