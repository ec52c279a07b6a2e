using System.Text.Json;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Exports;

/// <summary>A table's columns that leave, in their order.</summary>
internal sealed record TableColumns(IReadOnlyList<string> Names)
{
    public IReadOnlyList<string> Header => [.. Names.Select(ExportTable.CamelCase)];

    /// <summary>The columns of the table, asked of the database.</summary>
    public static async Task<TableColumns> OfAsync(ClinicTx tx, ExportTable table, CancellationToken ct) => new([.. (await tx.QueryAsync<string>("""
        select pg_attribute.attname::text
        from pg_attribute
        where pg_attribute.attrelid = to_regclass(@table) and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
        order by pg_attribute.attnum
        """, new { table.Table }, ct)).Where(ExportTable.Leaves)]);

    public ExportRow Row(JsonElement fields, string? sealedColumn, JsonElement? content)
    {
        var values = Names.ToDictionary(ExportTable.CamelCase, name => name == sealedColumn ? content : fields.TryGetProperty(name, out var value) ? value : (JsonElement?)null);
        return new([.. values.Values.Select(Cell)], values.Where(it => it.Value is { ValueKind: not JsonValueKind.Null }).ToDictionary(it => it.Key, it => it.Value));
    }

    private static string? Cell(JsonElement? value) => value?.ValueKind switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.String => value.Value.GetString(),
        _ => value.Value.GetRawText(),
    };
}

/// <summary>Reads the rows of tables that leave as they stand.</summary>
internal static class TableReads
{
    /// <summary>The rows, opened; of the given patients, or the clinic's own. The caller has taken down the event that names the patients.</summary>
    public static async Task<List<ExportRow>> RowsAsync(ClinicTx tx, ExportTable table, TableColumns columns, IReadOnlyDictionary<PatientId, PatientKey> keys, CancellationToken ct)
    {
        var rows = await tx.QueryAsync<TableRow>(table.Sql, new { patients = keys.Keys.ToArray() }, ct);
        return [.. rows.Select(row => row.Open(tx, table, columns, keys))];
    }

    private sealed record TableRow
    {
        public PatientId? PatientId { get; init; }
        public required string Fields { get; init; }
        public byte[]? Sealed { get; init; }

        public ExportRow Open(ClinicTx tx, ExportTable table, TableColumns columns, IReadOnlyDictionary<PatientId, PatientKey> keys)
        {
            var fields = JsonSerializer.Deserialize<JsonElement>(Fields);
            JsonElement? content = Sealed is null ? null
                : PatientId is { } patient ? JsonSerializer.Deserialize<JsonElement>(keys[patient].OpenBytes(Sealed, table.CellOf(fields)))
                : tx.OpenForClinic<JsonElement>(Sealed, table.CellOf(fields));
            return columns.Row(fields, table.Sealed, content);
        }
    }
}
