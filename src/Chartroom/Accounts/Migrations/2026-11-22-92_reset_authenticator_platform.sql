-- An admin can take a lost telephone out of an account. What stands in its place is a code told from person to person, never sent by mail.
alter table platform.credential
    add column handover_hash bytea constraint credential_handover_hash_length check (length(handover_hash) = 32),
    add column handover_until timestamptz,
    add constraint credential_handover_with_time check ((handover_hash is null) = (handover_until is null)),
    add constraint credential_handover_without_authenticator check (handover_hash is null or totp_confirmed_at is null);
comment on column platform.credential.handover_hash is 'SHA-256 of the code that an admin tells somebody whose authenticator they reset; null once the new one is set up. Secret class.';
comment on column platform.credential.handover_until is 'The code is good before. No PHI.';
