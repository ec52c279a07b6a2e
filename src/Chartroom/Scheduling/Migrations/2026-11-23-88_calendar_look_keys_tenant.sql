-- A person's own keys of calendar and board: all of them, or none while the standard ones suit. One key does one thing in one place, and each act stands there once.
alter table calendar_look add column keys text[] not null default '{}'
    constraint calendar_look_keys_form check (cardinality(keys) = 0 or array_to_string(keys, ' ', '?') ~ '^((calendar|board|desk)[.][a-z]+=([!-.0->@-~]|ArrowLeft|ArrowRight|F2|F4|F8|Delete)( (?!$)|$))+$')
    constraint calendar_look_keys_act_once check (array_to_string(keys, ' ') !~ '(^| )([a-z]+[.][a-z]+)=.* \2=')
    constraint calendar_look_keys_once check (array_to_string(keys, ' ') !~ '(^| )(calendar|board|desk)[.][a-z]+=([^ ]+) (.* )?\2[.][a-z]+=\3( |$)')
    constraint calendar_look_keys_of_desk check (array_to_string(keys, ' ') !~ '(^| )desk[.][a-z]+=([^ ]+) (.* )?[a-z]+[.][a-z]+=\2( |$)'
        and array_to_string(keys, ' ') !~ '(^| )[a-z]+[.][a-z]+=([^ ]+) (.* )?desk[.][a-z]+=\2( |$)');
comment on column calendar_look.keys is 'Place, act and key, as in calendar.month=m; empty: the standard keys. What is of the desk holds in calendar and board. No PHI.';
