-- Who works at the clinic, mirrored from platform so that the schema stands alone, and when.
create table staff (
    id uuid constraint staff_pkey primary key,
    display_name text not null constraint staff_display_name_length check (length(display_name) between 1 and 200),
    role text not null constraint staff_role_known check (role in ('admin', 'provider', 'front_desk')),
    -- Only a provider sees patients: an admin is never the provider of a visit.
    is_provider boolean not null generated always as (role = 'provider') stored,
    npi text constraint staff_npi_form check (npi ~ '^[12][0-9]{9}$'),
    color text not null default 'blue' constraint staff_color_known check (color in
        ('blue', 'azure', 'indigo', 'purple', 'pink', 'red', 'orange', 'yellow', 'lime', 'green', 'teal', 'cyan')),
    has_account boolean not null default false,
    is_active boolean not null default true,
    version int not null default 1 constraint staff_version_positive check (version > 0)
);
create unique index staff_npi_key on staff (npi) where is_active and npi is not null;
comment on table staff is 'Someone who works at this clinic. Staff data, no PHI.';
comment on column staff.id is 'Key: that of the person in platform.person, or the one that person will get when the invitation is taken up. No PHI.';
comment on column staff.display_name is 'Name as colleagues and patients see it. No PHI.';
comment on column staff.role is 'One of the three strict roles. No PHI.';
comment on column staff.is_provider is 'Whether visits may be booked with them. No PHI.';
comment on column staff.npi is 'National Provider Identifier, check digit verified; providers only. No PHI.';
comment on column staff.color is 'Colour in the calendar, by name. No PHI.';
comment on column staff.has_account is 'False until the invitation was taken up. No PHI.';
comment on column staff.is_active is 'False once they left; what they wrote stays. No PHI.';
comment on column staff.version is 'Counts up at each change. No PHI.';

create table weekly_hours (
    id uuid constraint weekly_hours_pkey primary key,
    staff_id uuid not null constraint weekly_hours_staff_fkey references staff,
    location_id uuid not null constraint weekly_hours_location_fkey references location,
    weekday smallint not null constraint weekly_hours_weekday_range check (weekday between 0 and 6),
    opens time not null,
    closes time not null,
    constraint weekly_hours_closes_after_opens check (closes > opens),
    constraint weekly_hours_no_overlap exclude using gist (staff_id with =, weekday with =,
        int4range((extract(epoch from opens) / 60)::int, (extract(epoch from closes) / 60)::int) with &&)
);
create index weekly_hours_location_idx on weekly_hours (location_id, weekday);
comment on table weekly_hours is 'When a provider sees patients, by day of the week and wall clock of the location; nobody is in two places at once. No PHI.';
comment on column weekly_hours.id is 'Key. No PHI.';
comment on column weekly_hours.staff_id is 'The provider. No PHI.';
comment on column weekly_hours.location_id is 'Where. No PHI.';
comment on column weekly_hours.weekday is 'Day of the week, 0 is Sunday. No PHI.';
comment on column weekly_hours.opens is 'First minute, inclusive. No PHI.';
comment on column weekly_hours.closes is 'Last minute, exclusive. No PHI.';

grant select on staff, weekly_hours to {admin}, {provider}, {front_desk}, {patient}, {system};
grant insert, update on staff to {admin}, {system};
grant insert, delete on weekly_hours to {admin}, {system};
