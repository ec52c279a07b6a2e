-- A clinic with one administrator has nobody else to ask: its administrator may judge their own access, the record says so, and the database asks who else is there.
alter table break_glass_review add column is_self_reviewed boolean not null default false;
alter table break_glass_review drop constraint break_glass_review_by_another;
alter table break_glass_review add constraint break_glass_review_by_another check (is_self_reviewed = (reviewed_by = person_id));
comment on column break_glass_review.is_self_reviewed is 'Whether the only administrator judged their own access, for want of another. No PHI.';
comment on column break_glass_review.reviewed_by is 'Who judged it; nobody judges their own while there is another administrator. No PHI.';

create function has_another_admin(one uuid) returns boolean language sql stable set search_path = {schema}, pg_temp as $$
    select exists (select from staff where staff.role = 'admin' and staff.is_active and staff.has_account and staff.id <> one)
$$;
comment on function has_another_admin(uuid) is 'Whether somebody else administers the clinic.';

create function refuse_own_review() returns trigger language plpgsql set search_path = {schema}, pg_temp as $$
begin
    if new.is_self_reviewed and has_another_admin(new.reviewed_by) then
        raise exception 'Another administrator has to review this.' using errcode = 'check_violation', constraint = 'break_glass_review_sole_admin';
    end if;
    return new;
end $$;
comment on function refuse_own_review() is 'Lets an administrator judge their own emergency access only while there is no other.';

create trigger break_glass_review_sole_admin before insert on break_glass_review for each row execute function refuse_own_review();
grant execute on function has_another_admin(uuid) to {admin};
