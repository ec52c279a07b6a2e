-- A second factor can be replaced: the new secret waits beside the present one until it has given a right code.
alter table platform.credential
    add column totp_next bytea,
    add column totp_next_at timestamptz,
    add constraint credential_next_with_time check ((totp_next is null) = (totp_next_at is null));
comment on column platform.credential.totp_next is 'Secret of the authenticator that is to replace the present one, sealed; null when none is on offer. Secret class.';
comment on column platform.credential.totp_next_at is 'When it was offered; it may be confirmed for ten minutes. No PHI.';
