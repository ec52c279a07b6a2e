using CsvHelper;

namespace Chartroom.Scribe.Bench;

/// <summary>The rows of an evaluation set: read whole, written again with what was predicted added.</summary>
internal sealed class SetRows
{
    private readonly List<string> _columns;
    private readonly List<Dictionary<string, string>> _rows;

    private SetRows(List<string> columns, List<Dictionary<string, string>> rows) => (_columns, _rows) = (columns, rows);

    public IReadOnlyList<Dictionary<string, string>> All => _rows;

    public static SetRows Of(string[] columns, IEnumerable<string[]> rows) =>
        new([.. columns], [.. rows.Select(row => columns.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal))]);

    public static async Task<SetRows> ReadAsync(string path, CancellationToken ct)
    {
        using var reader = CsvReader.FromFile(path, new CsvReaderOptions { HasHeader = true }, FileOptions.SequentialScan);
        await reader.ReadHeaderAsync(ct);
        var columns = reader.Headers.ToArray().ToList();
        var rows = new List<Dictionary<string, string>>();
        while (await reader.ReadAsync(ct))
            rows.Add(columns.Select((name, at) => (name, value: reader.GetString(at))).ToDictionary(cell => cell.name, cell => cell.value, StringComparer.Ordinal));
        return new SetRows(columns, rows);
    }

    /// <summary>All CSV files of a folder, of these names, that have the column, their rows one after another.</summary>
    public static async Task<SetRows> ReadFolderAsync(string folder, string column, CancellationToken ct, string names = "*.csv")
    {
        var all = new SetRows([], []);
        foreach (var path in Directory.GetFiles(folder, names).Order(StringComparer.Ordinal))
        {
            var rows = await ReadAsync(path, ct);
            if (!rows._columns.Contains(column)) continue;
            foreach (var name in rows._columns.Except(all._columns).ToList()) all._columns.Add(name);
            all._rows.AddRange(rows._rows);
        }
        return all._rows.Count > 0 ? all : throw new FileNotFoundException($"No file {names} of {folder} has rows with the column {column}.");
    }

    public async Task WriteAsync(string path, string[] added, CancellationToken ct)
    {
        string[] columns = [.. _columns, .. added];
        await using var writer = CsvWriter.ToFile(path, new CsvWriterOptions(), FileOptions.None);
        await writer.WriteRecordAsync(columns, ct);
        foreach (var row in _rows) await writer.WriteRecordAsync([.. columns.Select(name => row.GetValueOrDefault(name, ""))], ct);
    }
}
