using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>
/// Brings the database to the shape this program needs: roles, then <c>platform</c>, then every clinic's schema, several at once. Each file is one
/// transaction with its journal row, so a kill at any statement loses nothing and the next run goes on. A file that changed after it ran stops the start.
/// </summary>
public sealed class Migrator(DatabaseLogins logins, ClinicProvisioner provisioner, Catalogue catalogue)
{
    private const long Lock = 0x6368617274726d31;   // any fixed number: "chartrm1"
    private const int ClinicsAtOnce = 4;

    /// <summary>Applies what is missing and finishes clinics whose provisioning was cut off. Safe to run from several nodes at once.</summary>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await PrepareRolesAsync(ct);
        foreach (var migration in Migrations.OfPlatform) await ApplyToPlatformAsync(migration, ct);
        var clinics = await ClinicsAsync(ct);
        await Parallel.ForEachAsync(clinics, new ParallelOptions { MaxDegreeOfParallelism = ClinicsAtOnce, CancellationToken = ct },
            async (clinic, token) => await provisioner.ProvisionAsync(clinic, token));
        await EnsurePartitionsAsync(ct);
        await catalogue.HoldAsync(ct);
    }

    /// <summary>True when every file this program carries is in the journals; asked by <c>/readyz</c>.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var command = new NpgsqlCommand("select to_regclass('platform.migration_journal') is not null", connection);
        if (await command.ExecuteScalarAsync(ct) is not true) return false;
        await using var count = new NpgsqlCommand("select count(*) from platform.migration_journal where name = any($1)", connection)
        {
            Parameters = { new() { Value = Migrations.OfPlatform.Select(migration => migration.Name).ToArray() } },
        };
        return await count.ExecuteScalarAsync(ct) is long applied && applied == Migrations.OfPlatform.Count;
    }

    private async Task PrepareRolesAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, $"select pg_advisory_xact_lock({Lock})", ct);
        await RunAsync(connection, RolesSql(logins.AppPassword), ct);
        await transaction.CommitAsync(ct);
    }

    private async Task ApplyToPlatformAsync(Migration migration, CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, $"select pg_advisory_xact_lock({Lock})", ct);
        await RunAsync(connection, "set local role chartroom_owner", ct);
        await RunAsync(connection, JournalSql, ct);
        if ((await MigrationJournal.MissingAsync(connection, "platform.migration_journal", [migration], ct)).Count == 0) return;
        await RunAsync(connection, "set local search_path = platform, public, pg_temp", ct);
        await RunAsync(connection, migration.Sql, ct);
        await MigrationJournal.RecordAsync(connection, "platform.migration_journal", [migration], ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Makes the coming months of the audit trails, the shared one and every clinic's.</summary>
    internal async Task EnsurePartitionsAsync(CancellationToken ct)
    {
        string[] schemas = ["platform", .. (await ClinicsAsync(ct)).Select(ClinicNames.Schema)];
        await using var connection = await logins.OpenAdministratorAsync(ct);
        foreach (var schema in schemas)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await RunAsync(connection, $"select pg_advisory_xact_lock(hashtextextended('{schema}', 0))", ct);
            await RunAsync(connection, "set local role chartroom_owner", ct);
            await AuditPartitions.EnsureAsync(connection, schema, ct);
            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>Clinics that are provisioned or on the way.</summary>
    public async Task<List<ClinicId>> ClinicsAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, "set local role chartroom_worker", ct);
        await using var command = new NpgsqlCommand("select id from platform.clinic where state in ('provisioning', 'active') order by id", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var clinics = new List<ClinicId>();
        while (await reader.ReadAsync(ct)) clinics.Add(new(reader.GetGuid(0)));
        return clinics;
    }

    /// <summary>The clinics in whose table of that name there ever was a row: its file is not empty. One question of the catalogue, however many clinics there are.</summary>
    public async Task<HashSet<ClinicId>> ClinicsThatFilledAsync(string table, CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var command = new NpgsqlCommand("""
            select substr(nspname, 8)::uuid
            from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace
            where relname = $1 and relkind = 'r' and nspname ~ '^tenant_[0-9a-f]{32}$' and pg_relation_size(pg_class.oid) > 0
            """, connection) { Parameters = { new() { Value = table } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var clinics = new HashSet<ClinicId>();
        while (await reader.ReadAsync(ct)) clinics.Add(new(reader.GetGuid(0)));
        return clinics;
    }

    internal static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// <c>chartroom_owner</c> owns all objects and nobody logs in as it; <c>chartroom_identity</c> signs people in; <c>chartroom_worker</c> runs jobs;
    /// one group role per clinic role holds what that role may do in <c>platform</c>. The application's login is a member and inherits nothing.
    /// </summary>
    private static string RolesSql(string password) => $$"""
        do $roles$
        declare role_name text;
        begin
            if current_setting('server_version_num')::int < 150000 then
                raise exception 'Chartroom needs PostgreSQL 15 or newer, this is %', current_setting('server_version') using errcode = 'feature_not_supported';
            end if;
            foreach role_name in array array['chartroom_owner', 'chartroom_identity', 'chartroom_worker',
                'chartroom_admin', 'chartroom_provider', 'chartroom_front_desk', 'chartroom_patient', 'chartroom_system', 'chartroom_emergency']
            loop
                if not exists (select from pg_roles where rolname = role_name) then
                    execute format('create role %I nologin', role_name);
                end if;
            end loop;
            if not exists (select from pg_roles where rolname = 'chartroom_app') then
                create role chartroom_app login noinherit;
            end if;
            -- From PostgreSQL 16 on, who makes a role is its member but may not take it.
            foreach role_name in array array['chartroom_owner', 'chartroom_worker']
            loop
                if not pg_has_role(current_user, role_name, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
                    execute format('grant %I to %I', role_name, current_user);
                end if;
            end loop;
            -- Attributes are touched only when they are wrong: some of them only a superuser may, and the administrator need not be one.
            if exists (select from pg_roles where rolname = 'chartroom_app'
                and (rolinherit or not rolcanlogin or rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)) then
                alter role chartroom_app login noinherit nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
            end if;
            execute format('revoke all on database %I from public', current_database());
            execute format('grant connect on database %I to chartroom_app', current_database());
            execute format('grant create on database %I to chartroom_owner', current_database());
            -- What is made from now on is nobody's until it is granted.
            alter default privileges for role chartroom_owner revoke execute on functions from public;
            -- Two ways to take another role from within a statement (docs/decisions/0009). Only a superuser can shut them.
            if (select rolsuper from pg_roles where rolname = current_user) then
                if has_function_privilege('chartroom_app', 'pg_catalog.set_config(text,text,boolean)', 'execute') then
                    revoke execute on function pg_catalog.set_config(text, text, boolean) from public;
                end if;
                if has_language_privilege('chartroom_app', 'plpgsql', 'usage') then
                    revoke usage on language plpgsql from public;
                    grant usage on language plpgsql to chartroom_owner;
                end if;
            end if;
        end $roles$;
        alter role chartroom_app password '{{password}}';
        -- The planner takes a few days of a calendar for a thousand; compiling for them takes 100 ms, answering 1 ms.
        alter role chartroom_app set jit = off;
        -- A transaction that was left open holds up the sealing of every audit log: one that asks nothing for five minutes is ended.
        alter role chartroom_app set idle_in_transaction_session_timeout = '5min';
        grant chartroom_identity, chartroom_worker to chartroom_app;
        revoke create on schema public from public;
        create extension if not exists btree_gist with schema public;
        """;

    private const string JournalSql = """
        create schema if not exists platform;
        create table if not exists platform.migration_journal (
            name text constraint migration_journal_pkey primary key,
            checksum text not null,
            applied_at timestamptz not null default now()
        );
        """;
}
