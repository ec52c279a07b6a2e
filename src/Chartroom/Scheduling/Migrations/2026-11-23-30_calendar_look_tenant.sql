-- How each person likes to see the calendar. Kept here and not in a browser, so that it is the same at every desk.
create table calendar_look (
    person_id uuid constraint calendar_look_pkey primary key,
    view text not null default 'day' constraint calendar_look_view_known check (view in ('day', 'week', 'month')),
    columns text not null default 'provider' constraint calendar_look_columns_known check (columns in ('provider', 'room')),
    density text not null default 'default' constraint calendar_look_density_known check (density in ('default', 'compact')),
    zoom int not null default 15 constraint calendar_look_zoom_known check (zoom in (5, 10, 15, 30)),
    colour text not null default 'type' constraint calendar_look_colour_known check (colour in ('status', 'provider', 'type')),
    shows_closed boolean not null default false,
    location_id uuid constraint calendar_look_location_fkey references location,
    provider_id uuid constraint calendar_look_provider_fkey references staff,
    hidden uuid[] not null default '{}' constraint calendar_look_hidden_length check (cardinality(hidden) <= 500)
);
comment on table calendar_look is 'How a person likes to see the calendar; one row each, none until something was chosen. No PHI.';
comment on column calendar_look.person_id is 'Whose. No PHI.';
comment on column calendar_look.view is 'A day, a week or a month. No PHI.';
comment on column calendar_look.columns is 'Whether a day has a column for each provider or each room. No PHI.';
comment on column calendar_look.density is 'How much air there is. No PHI.';
comment on column calendar_look.zoom is 'Minutes of one line: 5, 10, 15 or 30. No PHI.';
comment on column calendar_look.colour is 'What the colours tell apart. No PHI.';
comment on column calendar_look.shows_closed is 'Whether cancelled, missed and left visits are shown. No PHI.';
comment on column calendar_look.location_id is 'One location, or null: all of a zone. No PHI.';
comment on column calendar_look.provider_id is 'Whose week and month, or null: everybody''s. No PHI.';
comment on column calendar_look.hidden is 'Providers and rooms whose columns are hidden. No PHI.';
grant select, insert, update on calendar_look to {admin}, {provider}, {front_desk}, {system};
