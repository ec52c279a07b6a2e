-- Where the clinic works and what it offers. The clinic's own name and zone stand in platform.clinic.
create table location (
    id uuid constraint location_pkey primary key,
    name text not null constraint location_name_length check (length(name) between 1 and 100),
    address_line text constraint location_address_line_length check (length(address_line) <= 200),
    city text constraint location_city_length check (length(city) <= 100),
    state text constraint location_state_length check (length(state) <= 50),
    postal_code text constraint location_postal_code_length check (length(postal_code) <= 20),
    phone text constraint location_phone_form check (phone ~ '^\+[1-9][0-9]{6,14}$'),
    time_zone text not null constraint location_time_zone_length check (length(time_zone) between 1 and 64),
    is_active boolean not null default true,
    version int not null default 1 constraint location_version_positive check (version > 0)
);
create unique index location_name_key on location (lower(name)) where is_active;
comment on table location is 'A place where the clinic sees patients. No PHI.';
comment on column location.id is 'Key. No PHI.';
comment on column location.name is 'Name of the place. No PHI.';
comment on column location.address_line is 'Street and number. No PHI.';
comment on column location.city is 'City. No PHI.';
comment on column location.state is 'State or province. No PHI.';
comment on column location.postal_code is 'Postal code. No PHI.';
comment on column location.phone is 'Telephone of the place, E.164. No PHI.';
comment on column location.time_zone is 'IANA zone: the wall clock of the visits here. No PHI.';
comment on column location.is_active is 'False once closed; its visits stay. No PHI.';
comment on column location.version is 'Counts up at each change. No PHI.';

create table room (
    id uuid constraint room_pkey primary key,
    location_id uuid not null constraint room_location_fkey references location,
    name text not null constraint room_name_length check (length(name) between 1 and 100),
    is_active boolean not null default true,
    version int not null default 1 constraint room_version_positive check (version > 0)
);
create unique index room_name_key on room (location_id, lower(name)) where is_active;
comment on table room is 'A room of a location. No PHI.';
comment on column room.id is 'Key. No PHI.';
comment on column room.location_id is 'Where it is. No PHI.';
comment on column room.name is 'Name on the door. No PHI.';
comment on column room.is_active is 'False once given up. No PHI.';
comment on column room.version is 'Counts up at each change. No PHI.';

create table visit_type (
    id uuid constraint visit_type_pkey primary key,
    name text not null constraint visit_type_name_length check (length(name) between 1 and 100),
    minutes int not null constraint visit_type_minutes_range check (minutes between 5 and 480),
    color text not null constraint visit_type_color_known check (color in
        ('blue', 'azure', 'indigo', 'purple', 'pink', 'red', 'orange', 'yellow', 'lime', 'green', 'teal', 'cyan')),
    is_active boolean not null default true,
    version int not null default 1 constraint visit_type_version_positive check (version > 0)
);
create unique index visit_type_name_key on visit_type (lower(name)) where is_active;
comment on table visit_type is 'A kind of visit the clinic offers. No PHI.';
comment on column visit_type.id is 'Key. No PHI.';
comment on column visit_type.name is 'Name as staff and patients see it. No PHI.';
comment on column visit_type.minutes is 'Usual length in minutes. No PHI.';
comment on column visit_type.color is 'Colour in the calendar, by name. No PHI.';
comment on column visit_type.is_active is 'False once no longer offered. No PHI.';
comment on column visit_type.version is 'Counts up at each change. No PHI.';

create table onboarding_step (
    step text constraint onboarding_step_pkey primary key constraint onboarding_step_known check (step in
        ('profile', 'locations', 'providers', 'hours', 'visit_types', 'staff')),
    done_at timestamptz not null
);
comment on table onboarding_step is 'Steps of the onboarding wizard that have been saved, so that it goes on where it was left. No PHI.';
comment on column onboarding_step.step is 'The step. No PHI.';
comment on column onboarding_step.done_at is 'When it was saved first. No PHI.';

grant select on location, room, visit_type to {admin}, {provider}, {front_desk}, {patient}, {system};
grant insert, update on location, room, visit_type to {admin}, {system};
grant select, insert on onboarding_step to {admin}, {system};
