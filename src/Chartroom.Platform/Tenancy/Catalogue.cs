using Chartroom.Platform.Database;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>
/// Holds the database's own catalogue to the rules that keep clinics apart: after every migration of a schema (a file that breaks one does not commit), after
/// all of them, and before the program serves. What a rule forbids may have been made by hand, by a restore or by a file of ours; it does not matter which.
/// </summary>
public sealed class Catalogue(DatabaseLogins logins)
{
    private static readonly string[] Questions = [CatalogueSql.Objects, CatalogueSql.Grants, CatalogueSql.Ties, CatalogueSql.Roles];

    /// <summary>The tables of a clinic's schema that have row security and their policies, a line each, from a fresh schema; a test writes it (<c>GrantRules</c>).</summary>
    internal static readonly string[] RowSecurity = ReadLines();

    /// <summary>Looks at every object of the database.</summary>
    /// <exception cref="CatalogueException">A rule is broken: nothing may be served.</exception>
    public async Task HoldAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);   // for settings that end with it
        await HoldAsync(connection, null, ct);
    }

    /// <inheritdoc cref="HoldAsync(CancellationToken)"/>
    internal static async Task HoldAsync(NpgsqlConnection connection, string? schema, CancellationToken ct)
    {
        var faults = await FaultsAsync(connection, schema, ct);
        if (faults.Count > 0) throw new CatalogueException(faults);
    }

    /// <summary>What is wrong in one schema, or (null) everywhere and with the roles too; in no order. Inside a transaction of the caller's.</summary>
    internal static async Task<List<CatalogueFault>> FaultsAsync(NpgsqlConnection connection, string? schema, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 600 };   // seconds: a host has thousands of schemas
        batch.BatchCommands.Add(new("set local jit = off"));   // compiling these takes longer than answering them
        // One schema's objects are found by the catalogue's indexes, one by one. The planner takes them for many and would read the whole catalogue, which grows with every clinic.
        if (schema is not null)
            foreach (var way in new[] { "seqscan", "hashjoin", "mergejoin" }) batch.BatchCommands.Add(new($"set local enable_{way} = off"));
        foreach (var question in Questions)
            batch.BatchCommands.Add(new(question) { Parameters = { new() { Value = (object?)schema ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } } });
        if (schema is null)
            batch.BatchCommands.Add(new(CatalogueSql.RowSecurity) { Parameters = { new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, new() { Value = RowSecurity } } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var faults = new List<CatalogueFault>();
        do
        {
            while (await reader.ReadAsync(ct)) faults.Add(new(reader.GetString(0), reader.GetString(1)));
        }
        while (await reader.NextResultAsync(ct));
        return faults;
    }

    private static string[] ReadLines()
    {
        using var reader = new StreamReader(typeof(Catalogue).Assembly.GetManifestResourceStream("tenancy/row-security.txt")!);   // embedded
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A rule of the catalogue and the object that breaks it.</summary>
internal sealed record CatalogueFault(string Rule, string Object);

/// <summary>The database is not as it must be for clinics to be apart. Its message names the objects: tables, roles and rights, never rows.</summary>
public sealed class CatalogueException : InvalidOperationException
{
    private const int Shown = 20;

    internal CatalogueException(IReadOnlyList<CatalogueFault> faults) : base(WordsFor(faults)) { }

    private static string WordsFor(IReadOnlyList<CatalogueFault> faults)
    {
        var named = faults.Take(Shown).Select(fault => $"  {fault.Object}: {fault.Rule}");
        var more = faults.Count > Shown ? $"\n  and {faults.Count - Shown} more" : "";
        return $"The database does not keep clinics apart as it must, so nothing is served until this is put right:\n{string.Join('\n', named)}{more}";
    }
}
