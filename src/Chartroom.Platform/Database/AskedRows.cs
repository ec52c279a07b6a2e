using System.Data.Common;

namespace Chartroom.Platform.Database;

/// <summary>Rows that were asked for and come with the transaction's next round trip. Belongs to its transaction and is no more thread-safe than that.</summary>
public sealed class AskedRows<T>
{
    private readonly SqlPipe pipe;
    private List<T>? rows;

    internal AskedRows(SqlPipe pipe) => this.pipe = pipe;

    /// <summary>The rows; makes the round trip when none was made since they were asked for.</summary>
    public async Task<List<T>> ReadAsync(CancellationToken ct)
    {
        if (rows is null) await pipe.FlushAsync(ct);
        return rows ?? throw new InvalidOperationException("The transaction was given up before these rows were read.");
    }

    internal async Task TakeAsync(DbDataReader reader, CancellationToken ct) => rows = await SqlRows.ReadAsync<T>(reader, ct);
}
