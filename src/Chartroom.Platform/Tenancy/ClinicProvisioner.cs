using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Vault;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>
/// Makes a clinic that exists as a row of <c>platform.clinic</c> real: its roles, its schema and its keys, in one transaction; then marks the row active in
/// another (a transaction writes one side). Killed anywhere, the next start calls it again and ends at the same place.
/// </summary>
public sealed class ClinicProvisioner(DatabaseLogins logins, KeyRing keys)
{
    /// <summary>Brings the clinic's schema up to date, creating it where it is missing. Idempotent.</summary>
    public async Task ProvisionAsync(ClinicId clinic, CancellationToken ct)
    {
        await BuildSchemaAsync(clinic, ct);
        await MarkActiveAsync(clinic, ct);
    }

    /// <summary>Tells the planner of many rows that have just come, as the database would do by itself a while later.</summary>
    public async Task SettleAsync(ClinicId clinic, CancellationToken ct)
    {
        var schema = ClinicNames.Schema(clinic);
        await using var connection = await logins.OpenAdministratorAsync(ct);
        foreach (var table in new[] { "appointment", "appointment_move", "patient", "patient_key", "staff", "audit_event", "posting", "posting_line", "paper_receipt", "task" })
        {
            await using var command = new NpgsqlCommand($"vacuum (analyze) {schema}.{table}", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task BuildSchemaAsync(ClinicId clinic, CancellationToken ct)
    {
        var schema = ClinicNames.Schema(clinic);
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Migrator.RunAsync(connection, $"select pg_advisory_xact_lock(hashtextextended('{schema}', 0))", ct);
        await Migrator.RunAsync(connection, $"{RolesSql(clinic)};\nset local role chartroom_owner;\n{SchemaSql(clinic)}\nset local search_path = {schema}, public, pg_temp", ct);
        var missing = await MigrationJournal.MissingAsync(connection, $"{schema}.migration_journal", Migrations.OfTenant, ct);
        if (missing.Count > 0)
        {
            // All files in one round trip, where three for each of them had the database and us wait for each other 180 times.
            await Migrator.RunAsync(connection, ClinicNames.Fill(string.Join(";\n", missing.Select(migration => migration.Sql)), clinic), ct);
            await MigrationJournal.RecordAsync(connection, $"{schema}.migration_journal", missing, ct);
            await MakeKeysAsync(connection, clinic, ct);
        }
        await AuditPartitions.EnsureAsync(connection, schema, ct);
        if (missing.Count > 0) await Catalogue.HoldAsync(connection, schema, ct);
        await transaction.CommitAsync(ct);
    }

    private async Task MakeKeysAsync(NpgsqlConnection connection, ClinicId clinic, CancellationToken ct)
    {
        foreach (var (purpose, wrapped) in keys.NewClinicKeys(clinic))
        {
            await using var command = new NpgsqlCommand(
                "insert into clinic_key (purpose, version, wrapped) values ($1, 1, $2) on conflict on constraint clinic_key_pkey do nothing", connection)
            {
                Parameters = { new() { Value = purpose }, new() { Value = wrapped } },
            };
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task MarkActiveAsync(ClinicId clinic, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin");
        pipe.Queue("set local role chartroom_worker");
        pipe.Queue("update platform.clinic set state = 'active', provisioned_at = now() where id = @clinic and state = 'provisioning'", new { clinic });
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
    }

    private static string RolesSql(ClinicId clinic)
    {
        var statements = ClinicNames.Roles.Select(role => $"""
            if not exists (select from pg_roles where rolname = '{ClinicNames.Role(clinic, role)}') then
                create role {ClinicNames.Role(clinic, role)} nologin in role {ClinicNames.Group(role)};
                grant {ClinicNames.Role(clinic, role)} to chartroom_app;
            end if;
            """);
        return $"do $roles$ begin {string.Join('\n', statements)} end $roles$";
    }

    private static string SchemaSql(ClinicId clinic)
    {
        var schema = ClinicNames.Schema(clinic);
        var roles = string.Join(", ", ClinicNames.Roles.Select(role => ClinicNames.Role(clinic, role)));
        return $"""
            create schema if not exists {schema};
            grant usage on schema {schema} to {roles};
            create table if not exists {schema}.migration_journal (
                name text constraint migration_journal_pkey primary key,
                checksum text not null,
                applied_at timestamptz not null default now()
            );
            """;
    }
}
