-- Nothing asked "tell the patient?", so its default said something that was not so. It comes back with the messages themselves.
alter table scheduling_rules drop column notifies_by_default;
