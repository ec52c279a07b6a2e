-- Nothing more to see: the owner is back to seeing no clinic.
drop policy clinic_upgrade on platform.clinic;
