-- The audit trail becomes a log that shows any change: see Chartroom.Transparency.
-- Rows get the transaction that wrote them (the sealer takes only what lies below the oldest running one, so none is skipped) and a tag of the program's
-- own key, so that a row which somebody else wrote is never sealed.
alter table audit_event add column xid bigint not null default pg_current_xact_id()::text::bigint;
alter table audit_event add column tag bytea;
alter table audit_event add constraint audit_event_tag_length check (length(tag) = 16) not valid;
create index audit_event_xid_idx on audit_event (xid, id);
comment on column audit_event.xid is 'The transaction that wrote it. No PHI.';
comment on column audit_event.tag is 'First 16 bytes of an HMAC over the row under the program''s key; null before there was a log. No PHI.';

create table audit_leaf (
    position bigint constraint audit_leaf_pkey primary key constraint audit_leaf_position_natural check (position >= 0),
    event_id uuid not null constraint audit_leaf_event_key unique,
    event_at timestamptz not null,
    hash bytea not null constraint audit_leaf_hash_length check (length(hash) = 32)
);
comment on table audit_leaf is 'Leaves of the Merkle tree over audit_event, in the order of sealing. They stay when a month expires. Insert-only. No PHI.';
comment on column audit_leaf.position is 'From 0, without gaps. No PHI.';
comment on column audit_leaf.event_id is 'The row. No PHI.';
comment on column audit_leaf.event_at is 'Its time, and so its partition. No PHI.';
comment on column audit_leaf.hash is 'RFC 9162 leaf hash. No PHI.';

create table audit_checkpoint (
    size bigint constraint audit_checkpoint_pkey primary key constraint audit_checkpoint_size_positive check (size > 0),
    note text not null,
    made_at timestamptz not null
);
comment on table audit_checkpoint is 'Signed and witnessed heads of the tree. Insert-only. No PHI.';
comment on column audit_checkpoint.size is 'Leaves under it. No PHI.';
comment on column audit_checkpoint.note is 'C2SP checkpoint with the signatures of log and witness. No PHI.';
comment on column audit_checkpoint.made_at is 'When it was made. No PHI.';

create table audit_log_state (
    is_only boolean default true constraint audit_log_state_pkey primary key constraint audit_log_state_only check (is_only),
    size bigint not null,
    edge bytea not null,
    last_xid bigint not null,
    last_id uuid not null,
    untagged_xid bigint not null default pg_current_xact_id()::text::bigint
);
comment on table audit_log_state is 'How far the sealer has come; all of it can be made again from the leaves. No PHI.';
comment on column audit_log_state.is_only is 'There is one row. No PHI.';
comment on column audit_log_state.size is 'Leaves so far. No PHI.';
comment on column audit_log_state.edge is 'Right edge of the tree, 32 bytes a hash. No PHI.';
comment on column audit_log_state.last_xid is 'Transaction of the last row sealed. No PHI.';
comment on column audit_log_state.last_id is 'The last row sealed. No PHI.';
comment on column audit_log_state.untagged_xid is 'Rows of this transaction were there before the log: they bear no tag. No PHI.';
insert into audit_log_state (size, edge, last_xid, last_id) values (0, '', 0, '00000000-0000-0000-0000-000000000000');

create table audit_expiry (
    month date constraint audit_expiry_pkey primary key,
    rows bigint not null,
    expired_at timestamptz not null
);
comment on table audit_expiry is 'Months of the audit trail that were dropped after their retention; their leaves stay. No PHI.';
comment on column audit_expiry.month is 'First day of the month. No PHI.';
comment on column audit_expiry.rows is 'How many rows it had. No PHI.';
comment on column audit_expiry.expired_at is 'When. No PHI.';

create trigger audit_leaf_insert_only before update or delete or truncate on audit_leaf for each statement execute function refuse_change('audit_leaf');
create trigger audit_checkpoint_insert_only before update or delete or truncate on audit_checkpoint for each statement execute function refuse_change('audit_checkpoint');
create trigger audit_expiry_insert_only before update or delete or truncate on audit_expiry for each statement execute function refuse_change('audit_expiry');

-- The rows as they are sealed: one shape for clinics and accounts.
create view audit_entry with (security_invoker = true) as
select id, at, clinic_id, person_id, role, action, resource, resource_id, array_to_string(patient_ids, ',') as patient_ids, purpose, outcome, door, ip, device_id, agent, language, session_id, trace_id, xid, tag
from audit_event;
comment on view audit_entry is 'audit_event in the shape that is sealed.';

grant select on audit_leaf, audit_checkpoint, audit_expiry, audit_entry to {admin}, {system};
grant insert on audit_leaf, audit_checkpoint to {system};
grant select, update on audit_log_state to {system};
