-- Months are dropped by the owner's role, which notes it.
create policy audit_expiry_owner on platform.audit_expiry to chartroom_owner using (true) with check (true);
