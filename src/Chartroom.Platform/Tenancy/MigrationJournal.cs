using Chartroom.Platform.Database;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>What has run, with its checksum: <c>platform.migration_journal</c>, and one <c>migration_journal</c> in every clinic's schema.</summary>
internal static class MigrationJournal
{
    /// <summary>Those of the files that have not run there, in their order.</summary>
    public static async Task<List<Migration>> MissingAsync(NpgsqlConnection connection, string journal, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select name, checksum from {journal} where name = any($1)", connection)
        {
            Parameters = { new() { Value = migrations.Select(migration => migration.Name).ToArray() } },
        };
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct)) applied.Add(reader.GetString(0), reader.GetString(1));
        foreach (var migration in migrations)
            if (applied.TryGetValue(migration.Name, out var checksum) && checksum != migration.Checksum)
                throw new InvalidOperationException($"Migration {migration.Name} changed after it was applied. Restore the file and put the change into a new one.");
        return [.. migrations.Where(migration => !applied.ContainsKey(migration.Name))];
    }

    /// <summary>Notes that they have run.</summary>
    public static async Task RecordAsync(NpgsqlConnection connection, string journal, IReadOnlyList<Migration> migrations, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"insert into {journal} (name, checksum) select name, checksum from unnest($1, $2) as applied (name, checksum)", connection)
        {
            Parameters = { new() { Value = migrations.Select(migration => migration.Name).ToArray() }, new() { Value = migrations.Select(migration => migration.Checksum).ToArray() } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }
}
