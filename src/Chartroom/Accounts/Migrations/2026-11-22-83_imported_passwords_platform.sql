-- Accounts of another system come with bcrypt hashes; the first right password makes an Argon2id hash of it.
alter table platform.credential
    drop constraint credential_password_hash_form,
    add constraint credential_password_hash_form check (password_hash like '$argon2id$%' or password_hash ~ '^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$');
comment on column platform.credential.password_hash is 'Argon2id, PHC string; or bcrypt of an imported account, until its first sign-in. Secret class.';
