-- What a function may be called by is granted like everything else; until now each was everybody's.
revoke execute on all functions in schema platform from public;
grant execute on function platform.current_clinic() to chartroom_admin, chartroom_provider, chartroom_front_desk, chartroom_patient, chartroom_system;
