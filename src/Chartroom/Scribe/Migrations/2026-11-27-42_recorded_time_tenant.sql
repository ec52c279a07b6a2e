-- How long each piece of a recording sounds, as its sender says: the recorder's clock goes on from there when its page is opened again.
alter table recording_chunk add column milliseconds int constraint recording_chunk_milliseconds_range check (milliseconds between 0 and 600000);
comment on column recording_chunk.milliseconds is 'How long the piece sounds as the browser counted it; null where nobody said. No PHI.';
