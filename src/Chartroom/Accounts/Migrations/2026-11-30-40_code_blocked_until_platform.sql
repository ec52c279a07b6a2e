-- Wrong codes are counted by person and place (2026-11-30-10); nothing has read or written this column since.
alter table platform.credential drop column code_blocked_until;
