-- Programs may be let read what patients owe, and post charges and payments.
alter table platform.api_client
    drop constraint api_client_scopes_known,
    add constraint api_client_scopes_known check (scopes <@ array['clinic.read', 'patients.read', 'patients.write',
        'appointments.read', 'appointments.write', 'charts.read', 'accounts.read', 'accounts.write', 'audit.read'] and cardinality(scopes) > 0);
