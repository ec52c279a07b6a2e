-- Weekly hours are set as a whole, so two people who set them at once must not overwrite each other unseen.
alter table staff add column hours_version int not null default 1 constraint staff_hours_version_positive check (hours_version > 0);
comment on column staff.hours_version is 'Counts up at each change of the weekly hours. No PHI.';
