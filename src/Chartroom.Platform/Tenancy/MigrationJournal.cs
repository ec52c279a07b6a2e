using Chartroom.Platform.Database;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>What has run, with its checksum: <c>platform.migration_journal</c>, and one <c>migration_journal</c> in every clinic's schema.</summary>
internal static class MigrationJournal
{
    public static async Task<bool> HasRunAsync(NpgsqlConnection connection, string journal, Migration migration, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select checksum from {journal} where name = $1", connection) { Parameters = { new() { Value = migration.Name } } };
        var checksum = await command.ExecuteScalarAsync(ct) as string;
        if (checksum is not null && checksum != migration.Checksum)
            throw new InvalidOperationException($"Migration {migration.Name} changed after it was applied. Restore the file and put the change into a new one.");
        return checksum is not null;
    }

    public static async Task RecordAsync(NpgsqlConnection connection, string journal, Migration migration, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"insert into {journal} (name, checksum) values ($1, $2)", connection)
        {
            Parameters = { new() { Value = migration.Name }, new() { Value = migration.Checksum } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }
}
