-- Between a right password and an open session there are steps to do.
alter table platform.session
    add column stage text not null default 'open'
        constraint session_stage_known check (stage in ('code', 'enroll', 'codes', 'password', 'open'));
comment on column platform.session.stage is 'What the person has to do before the session opens: give a code, set up the authenticator, keep the recovery codes, change the password. No PHI.';
