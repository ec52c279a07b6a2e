-- A photo is optional (ACC-9). It is ours, made of what was sent: one size, one format, nothing of the file's own words.
create table platform.person_photo (
    person_id uuid constraint person_photo_pkey primary key constraint person_photo_person_fkey references platform.person,
    image bytea not null constraint person_photo_size check (length(image) between 100 and 65536) constraint person_photo_is_jpeg check (substring(image from 1 for 3) = '\xffd8ff'),
    changed_at timestamptz not null
);
comment on table platform.person_photo is 'Photos that people gave of themselves, for their colleagues. Staff data, no PHI.';
comment on column platform.person_photo.person_id is 'Whose. No PHI.';
comment on column platform.person_photo.image is 'JPEG of 256 by 256 pixels, without metadata. Staff data, no PHI.';
comment on column platform.person_photo.changed_at is 'When it was given. No PHI.';
alter table platform.person_photo enable row level security;
alter table platform.person_photo force row level security;
create policy person_photo_identity on platform.person_photo to chartroom_identity using (true) with check (true);
grant select, insert, update, delete on platform.person_photo to chartroom_identity;
