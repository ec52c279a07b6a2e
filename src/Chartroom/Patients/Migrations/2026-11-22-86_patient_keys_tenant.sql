-- Superseded demographics take part in the rotation of keys.
grant update (demographics, key_version) on patient_version to {system};
