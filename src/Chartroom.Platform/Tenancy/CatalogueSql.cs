namespace Chartroom.Platform.Tenancy;

/// <summary>
/// What the catalogue must never say, as queries that answer (rule, object) for each thing that says it. <c>$1</c> is the one schema to look at, or null
/// for all. They read the catalogue itself and not <c>information_schema</c>, which hides what the asking role may not see.
/// </summary>
internal static class CatalogueSql
{
    /// <summary>Begins every query: the schemas that are ours, and what the roles of the application are called.</summary>
    private const string Ours = """
        with ours as (
            select oid, nspname::text as name, nspname = 'platform' as is_shared, nspacl, nspowner, 'clinic_' || substr(nspname, 8) || '_' as prefix
            from pg_catalog.pg_namespace
            where (nspname = 'platform' or nspname ~ '^tenant_[0-9a-f]{32}$') and ($1::text is null or nspname = $1)
        ), found as (   -- the catalogue has no index by schema: all of it is read for all schemas, and for one what depends on it
            select c.oid, c.relnamespace from pg_catalog.pg_class c where $1::text is null
            union all
            select c.oid, c.relnamespace
            from pg_catalog.pg_namespace n join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = n.oid and d.classid = 'pg_catalog.pg_class'::regclass
                join pg_catalog.pg_class c on c.oid = d.objid
            where $1::text is not null and n.nspname = $1
        ), class as materialized (
            select c.oid, c.relname::text as name, c.relkind, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relacl, c.relowner, ours.oid as schema, ours.is_shared
            from found join ours on ours.oid = found.relnamespace join pg_catalog.pg_class c on c.oid = found.oid
            where c.relkind <> 'i' and c.relkind <> 'I'
        ), found_proc as (
            select p.oid from pg_catalog.pg_proc p where $1::text is null
            union all
            select d.objid
            from pg_catalog.pg_namespace n join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = n.oid and d.classid = 'pg_catalog.pg_proc'::regclass
            where $1::text is not null and n.nspname = $1
        ), proc as materialized (
            select p.oid, p.pronamespace, p.prosecdef, p.proconfig, p.prosrc, p.proowner, p.proacl
            from found_proc join pg_catalog.pg_proc p on p.oid = found_proc.oid join ours on ours.oid = p.pronamespace
        ), application_role as (
            select oid, rolname::text as name, rolname <> 'chartroom_app' and rolname !~ '^clinic_' as is_group, rolname ~ '^clinic_' as is_clinic,
                rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolcanlogin, rolinherit
            from pg_catalog.pg_roles
            where rolname ~ '^clinic_[0-9a-f]{32}_(admin|provider|front_desk|patient|system|emergency)$' or rolname in ('chartroom_app', 'chartroom_identity', 'chartroom_worker',
                'chartroom_admin', 'chartroom_provider', 'chartroom_front_desk', 'chartroom_patient', 'chartroom_system', 'chartroom_emergency')
        )

        """;

    /// <summary>Tables, views, policies and functions.</summary>
    public const string Objects = Ours + """
        select 'row security is not forced' as rule, c.oid::regclass::text as object
        from class c
        where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
            and (c.is_shared or c.relispartition or c.relrowsecurity or exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid))
        union all
        select 'a policy of clinics is not bound to the clinic of the role', c.oid::regclass || ' policy ' || p.polname
        from pg_catalog.pg_policy p join class c on c.oid = p.polrelid
        where c.is_shared
            and exists (select from unnest(case when c.is_shared then p.polroles end) as reader (oid) where   -- of the few shared ones only, not of every clinic's
                pg_get_userbyid(reader.oid) not in ('chartroom_identity', 'chartroom_worker', 'chartroom_owner'))
            and (coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), '') !~ '^\((id|clinic_id) = (platform\.)?current_clinic\(\)\)$|^\(\((id|clinic_id) = (platform\.)?current_clinic\(\)\) AND '
                or pg_get_expr(p.polwithcheck, p.polrelid) !~ '^\((id|clinic_id) = (platform\.)?current_clinic\(\)\)$|^\(\((id|clinic_id) = (platform\.)?current_clinic\(\)\) AND ')
        union all
        select 'a view runs with its owner''s rights', c.oid::regclass::text
        from class c
        where c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false)
        union all
        select 'a foreign table', c.oid::regclass::text
        from class c where c.relkind = 'f'
        union all
        select 'a function runs with its owner''s rights', p.oid::regprocedure::text
        from proc p
        where p.prosecdef
        union all
        select 'a function without a pinned search path', p.oid::regprocedure::text
        from proc p
        where not exists (select from unnest(p.proconfig) as setting where setting ~ '^search_path=(.*[, ])?pg_temp$')
        union all
        select 'a function builds SQL at run time', p.oid::regprocedure::text
        from proc p
        where p.prosrc ~* '\m(execute|query_to_xml|dblink)\M'
        union all
        select 'not owned by chartroom_owner', case it.kind when 'class' then it.oid::regclass::text when 'proc' then it.oid::regprocedure::text else 'schema ' || ours.name end
        from (
            select 'class' as kind, oid, relowner as owner, schema from class where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
            union all select 'proc', oid, proowner, pronamespace from proc
            union all select 'schema', oid, nspowner, oid from ours
        ) as it join ours on ours.oid = it.schema
        where pg_get_userbyid(it.owner) <> 'chartroom_owner'
        union all
        select 'a rewriting rule', c.oid::regclass || ' rule ' || r.rulename
        from pg_catalog.pg_rewrite r join class c on c.oid = r.ev_class where r.ev_type <> '1'
        """;

    private const string Rights = """
        (values
            ('granted to everybody', held.grantee = 0),
            ('granted to a role that is not of this clinic', held.grantee <> 0 and not it.is_shared and pg_get_userbyid(held.grantee)::text <> all (it.roles_of_clinic)),
            ('granted to a role that is none of the shared side', held.grantee <> 0 and it.is_shared and pg_get_userbyid(held.grantee)::text not in
                ('chartroom_identity', 'chartroom_worker', 'chartroom_admin', 'chartroom_provider', 'chartroom_front_desk', 'chartroom_patient', 'chartroom_system', 'chartroom_emergency')),
            ('a right that belongs to the owner alone', held.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'CREATE')),
            ('granted with the right to grant on', held.is_grantable),
            ('a partition, materialised view or foreign table is granted', it.is_derived)
        ) as fault (rule, is_broken)

        """;

    /// <summary>
    /// Who was granted what. Thousands of clinics have the same few lists of rights but for their own roles: written with <c>#</c> for the clinic's own prefix, which no unquoted name of
    /// a role can hold, they are looked at once each, and only objects whose list breaks a rule one by one.
    /// </summary>
    public const string Grants = Ours + """
        , item as materialized (
            select it.*, ours.name as schema, ours.is_shared, replace(it.acl::text, ours.prefix, '#') as shape,
                array[ours.prefix || 'admin', ours.prefix || 'provider', ours.prefix || 'front_desk', ours.prefix || 'patient', ours.prefix || 'system', ours.prefix || 'emergency'] as roles_of_clinic
            from ours join (
                select 'class' as kind, oid, '' as part, schema as schema_oid, relkind in ('m', 'f') or relispartition as is_derived, relacl as acl, relowner as owner
                from class where relacl is not null
                union all
                select 'class', c.oid, '.' || a.attname, c.schema, c.relkind in ('m', 'f') or c.relispartition, a.attacl, c.relowner
                from pg_catalog.pg_attribute a join class c on c.oid = a.attrelid where a.attacl is not null
                union all
                select 'proc', oid, '', pronamespace, false, coalesce(proacl, acldefault('f', proowner)), proowner from proc
                union all
                select 'schema', oid, '', oid, false, nspacl, nspowner from ours
            ) as it on it.schema_oid = ours.oid
            where it.acl is not null
        ), broken as materialized (
            select distinct it.shape, it.is_shared, it.is_derived, it.owner
            from (select distinct on (shape, is_shared, is_derived, owner) * from item) as it cross join lateral aclexplode(it.acl) as held cross join lateral
        """ + Rights + """
            where held.grantee <> it.owner and fault.is_broken
        )
        select fault.rule, case it.kind when 'class' then it.oid::regclass::text || it.part when 'proc' then it.oid::regprocedure::text else 'schema ' || it.schema end
            || ': ' || lower(held.privilege_type) || ' to ' || case held.grantee when 0 then 'public' else pg_get_userbyid(held.grantee)::text end as object
        from item as it join broken using (shape, is_shared, is_derived, owner) cross join lateral aclexplode(it.acl) as held cross join lateral
        """ + Rights + """
        where held.grantee <> it.owner and fault.is_broken
        """;

    private const string Lines = Ours + """
        , line as materialized (
            select ours.name as schema, c.name || ' ' || case when c.relrowsecurity then 'on' else 'off' end || coalesce(' ' || p.polname || ' ' || p.polcmd::text || case when p.polpermissive then '' else ' restrictive' end
                || case when coalesce(p.polqual, p.polwithcheck)::text ~ '^\{CONST' then ' always ' else ' asks ' end
                || array_to_string(array(select case role.oid when 0 then 'public' else replace(pg_get_userbyid(role.oid)::text, ours.prefix, '#') end from unnest(p.polroles) as role (oid) order by 1), ','), '') as words
            from class c join ours on ours.oid = c.schema left join pg_catalog.pg_policy p on p.polrelid = c.oid
            where not c.is_shared and c.relkind in ('r', 'p') and not c.relispartition and (c.relrowsecurity or p.oid is not null)
        )

        """;

    /// <summary>A clinic's tables that have row security, and their policies, a line each.</summary>
    public const string RowSecurityOf = Lines + """
        select words from line order by words collate "C"
        """;

    /// <summary>
    /// Row security of the clinics' own schemas, held to what the migrations make of it: <c>$2</c> is its lines (<see cref="Catalogue.RowSecurity"/>). Of the policies' expressions only that they ask anything at
    /// all; those of a fresh schema stand in docs/grants.md. All schemas at once only: between two migrations one is on its way.
    /// </summary>
    public const string RowSecurity = Lines + """
        , other as (   -- thousands of clinics are alike: each is one hash
            select ours.name as schema
            from ours left join line on line.schema = ours.name
            where not ours.is_shared and $1::text is null
            group by ours.name
            having md5(coalesce(string_agg(line.words, E'\n' order by line.words collate "C"), '')) <> (select md5(string_agg(it.words, E'\n' order by it.words collate "C")) from unnest($2::text[]) as it (words))
        )
        select 'row security is not as the migrations make it' as rule, other.schema || '.' || difference.words as object
        from other cross join lateral (
            (select line.words || ' is not of theirs' as words from line where line.schema = other.schema and line.words <> all ($2))
            union all
            select it.words || ' is missing' from unnest($2) as it (words) where it.words not in (select line.words from line where line.schema = other.schema)
        ) as difference
        """;

    /// <summary>Keys, and whatever would tie one schema to another.</summary>
    public const string Ties = Ours + """
        , keyed as (
            select c.oid, k.name, k.columns
            from class c cross join lateral (   -- by the catalogue's own indexes: the shared tables are few
                select 'constraint ' || conname as name, conkey as columns from pg_catalog.pg_constraint where conrelid = c.oid and contype in ('p', 'u', 'f', 'x')
                union all
                select 'index ' || made.relname, (i.indkey::int2[])[0:i.indnkeyatts - 1]
                from pg_catalog.pg_index i join pg_catalog.pg_class made on made.oid = i.indexrelid
                where i.indrelid = c.oid and i.indisunique and not exists (select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.conindid = i.indexrelid)
            ) as k
            where c.is_shared
                and exists (select from application_role join aclexplode(c.relacl) as held on held.grantee = application_role.oid
                    where held.privilege_type in ('INSERT', 'UPDATE') and application_role.name in
                        ('chartroom_admin', 'chartroom_provider', 'chartroom_front_desk', 'chartroom_patient', 'chartroom_system', 'chartroom_emergency'))
        )
        select 'a key that clinics write does not begin with the clinic, so it tells of other clinics'' rows' as rule, keyed.oid::regclass || ' ' || keyed.name as object
        from keyed
        where not exists (select from pg_catalog.pg_attribute a where a.attrelid = keyed.oid and a.attnum = any (keyed.columns) and a.attname = 'clinic_id')
        union all
        select 'a foreign key leaves its schema', k.conrelid::regclass || ' constraint ' || k.conname
        from class c join pg_catalog.pg_constraint k on k.conrelid = c.oid join pg_catalog.pg_class target on target.oid = k.confrelid
        where k.contype = 'f' and target.relnamespace <> c.schema
        union all
        select 'a view or default reads from another schema', c.oid::regclass || ' reads ' || source.oid::regclass
        from pg_catalog.pg_depend d join pg_catalog.pg_class source on d.refclassid = 'pg_catalog.pg_class'::regclass and source.oid = d.refobjid
            join pg_catalog.pg_rewrite r on d.classid = 'pg_catalog.pg_rewrite'::regclass and r.oid = d.objid
            join class c on c.oid = r.ev_class
        where source.relnamespace not in (c.schema, 'pg_catalog'::regnamespace)
        union all
        select 'a trigger calls a function of another schema', t.tgrelid::regclass || ' trigger ' || t.tgname
        from pg_catalog.pg_trigger t join class c on c.oid = t.tgrelid join pg_catalog.pg_proc p on p.oid = t.tgfoid
        where p.pronamespace not in (c.schema, 'pg_catalog'::regnamespace)
        union all
        select 'a table inherits from another schema', child.oid::regclass::text
        from pg_catalog.pg_inherits i join class child on child.oid = i.inhrelid join pg_catalog.pg_class parent on parent.oid = i.inhparent
        where parent.relnamespace <> child.schema
        union all
        select 'something of nobody''s in the schema public', it.object
        from (
            select oid, 'pg_catalog.pg_class'::regclass as kind, oid::regclass::text as object, relnamespace as schema from pg_catalog.pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
            union all select oid, 'pg_catalog.pg_proc'::regclass, oid::regprocedure::text, pronamespace from pg_catalog.pg_proc
        ) as it
        where $1::text is null and it.schema = to_regnamespace('public')
            and not exists (select from pg_catalog.pg_depend d where d.classid = it.kind and d.objid = it.oid and d.deptype = 'e')
        """;

    /// <summary>The roles themselves and the database. Roles belong to the whole server; they are looked at only when all schemas are.</summary>
    public const string Roles = Ours + """
        select 'a role of the application has an attribute that opens the database' as rule, name as object
        from application_role
        where $1::text is null and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls or (rolcanlogin <> (name = 'chartroom_app')) or (name = 'chartroom_app' and rolinherit))
        union all
        select 'the owner of all objects can log in or has an attribute', rolname::text
        from pg_catalog.pg_roles where $1::text is null and rolname = 'chartroom_owner' and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
        union all
        select 'a role of the application owns something', role.name || ' owns ' || pg_describe_object(d.classid, d.objid, 0)
        from application_role as role join pg_catalog.pg_shdepend d on d.refclassid = 'pg_catalog.pg_authid'::regclass and d.refobjid = role.oid and d.deptype = 'o'
        where $1::text is null and d.dbid in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
        union all
        select 'a role is a member of one that it must not be', member.name || ' of ' || pg_get_userbyid(m.roleid)
        from pg_catalog.pg_auth_members m join application_role as member on member.oid = m.member left join application_role as granted on granted.oid = m.roleid
        where $1::text is null and not coalesce(case
            when member.name = 'chartroom_app' then granted.is_clinic or granted.name in ('chartroom_identity', 'chartroom_worker')
            when member.is_clinic then granted.name = 'chartroom_' || substr(member.name, 41)
            else false end, false)
        union all
        select 'a role of a clinic can be taken by another login', member.rolname || ' takes ' || taken.name
        from application_role as taken join pg_catalog.pg_auth_members m on m.roleid = taken.oid join pg_catalog.pg_roles member on member.oid = m.member
        where $1::text is null and not taken.is_group and member.rolname <> 'chartroom_app' and not member.rolcreaterole and not member.rolsuper
        union all
        select 'a role of the application brings a setting that moves its view', role.name || ' ' || setting
        from application_role as role join pg_catalog.pg_db_role_setting s on s.setrole = role.oid cross join lateral unnest(s.setconfig) as setting
        where $1::text is null and setting ~ '^(search_path|role|row_security|session_authorization|app\.)'
        union all
        select 'a right on the database beyond connecting', lower(held.privilege_type) || ' to ' || case held.grantee when 0 then 'public' else pg_get_userbyid(held.grantee)::text end
        from pg_catalog.pg_database b cross join lateral aclexplode(coalesce(b.datacl, acldefault('d', b.datdba))) as held
        where $1::text is null and b.datname = current_database()
            and (held.grantee = 0 or held.privilege_type <> 'CONNECT' and held.grantee in (select oid from application_role))
        union all
        select 'anybody may create in the schema public', pg_get_userbyid(held.grantee)::text
        from pg_catalog.pg_namespace n cross join lateral aclexplode(n.nspacl) as held
        where $1::text is null and n.nspname = 'public' and held.privilege_type = 'CREATE' and (held.grantee = 0 or held.grantee in (select oid from application_role))
        union all
        select 'a way to change the role from within a statement is open', role.name || ' may ' || way.words
        from application_role as role cross join lateral (values
            ('call set_config', has_function_privilege(role.oid, 'pg_catalog.set_config(text,text,boolean)', 'execute')),
            ('write code in plpgsql', has_language_privilege(role.oid, 'plpgsql', 'usage'))) as way (words, is_open)
        where $1::text is null and way.is_open and (select rolsuper from pg_catalog.pg_roles where rolname = current_user)   -- only a superuser can shut it
        """;
}
