-- Superseded versions of entries take part in the rotation of keys.
drop trigger entry_version_insert_only on entry_version;
create trigger entry_version_insert_only before update or delete on entry_version for each row execute function refuse_change_but_key();
grant update (content, key_version) on entry_version to {system};
