using System.Data.Common;
using Npgsql;

namespace Chartroom.Platform.Database;

/// <summary>
/// Statements of one transaction, sent in as few round trips as possible: what is queued goes out with the next statement whose answer is needed.
/// <c>begin</c>, the role and the path are queued first, <c>commit</c> goes with the last writes. Not thread-safe, as a transaction is not.
/// </summary>
internal sealed class SqlPipe(NpgsqlConnection connection, Action<SentBatch>? watch = null) : IAsyncDisposable
{
    private readonly List<NpgsqlBatchCommand> pending = [];
    private readonly List<Func<DbDataReader, CancellationToken, Task>> awaited = [];

    private bool acceptsAnyText;

    /// <summary>For tests, which play the attacker. The program itself never calls it; a rule sees to that.</summary>
    internal SqlPipe AcceptAnyTextUnsafe()
    {
        acceptsAnyText = true;
        return this;
    }

    /// <summary>True once a statement failed or the wait for it was given up: nothing can be committed any more.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>True once a statement of the caller's has been sent.</summary>
    public bool HasSent { get; private set; }

    /// <summary>A statement that goes out with the next one whose answer is needed. It must answer no rows, and be a constant of the program.</summary>
    public void Queue(string sql, object? arguments = null)
    {
        if (!acceptsAnyText) SqlTexts.Hold(sql);
        QueueBuiltUnsafe(sql, arguments);
    }

    /// <summary>A statement made of names that the program made itself: roles, schemas, ids. For the scope of a transaction only, never for what came from outside.</summary>
    public void QueueBuiltUnsafe(string sql, object? arguments = null)
    {
        var command = new NpgsqlBatchCommand(sql);
        SqlArguments.Add(command.Parameters, arguments);
        pending.Add(command);
    }

    /// <summary>A query that goes out with the next round trip, so that several need only one.</summary>
    public AskedRows<T> Ask<T>(string sql, object? arguments)
    {
        Queue(sql, arguments);
        var rows = new AskedRows<T>(this);
        awaited.Add(rows.TakeAsync);
        return rows;
    }

    public Task<List<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken ct) => Ask<T>(sql, arguments).ReadAsync(ct);

    /// <summary>Runs one statement; answers how many rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? arguments, CancellationToken ct)
    {
        Queue(sql, arguments);
        var last = pending[^1];
        await FlushAsync(ct);
        return checked((int)last.RecordsAffected);
    }

    /// <summary>Fills a table by COPY, after whatever is queued; answers how many rows it took.</summary>
    /// <param name="sql">A constant of the program: <c>copy table (columns) from stdin (format binary)</c>.</param>
    /// <param name="rows">Values in the order of the columns, each of exactly the column's type: <c>bigint</c> takes a long, not an int.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<long> CopyAsync(string sql, IEnumerable<object?[]> rows, CancellationToken ct)
    {
        if (!acceptsAnyText) SqlTexts.Hold(sql);
        await FlushAsync(ct);
        HasSent = true;
        HasFailed = true;   // until all of it is taken
        long taken;
        await using (var import = await connection.BeginBinaryImportAsync(sql, ct))
        {
            foreach (var row in rows)
            {
                await import.StartRowAsync(ct);
                foreach (var value in row) await import.WriteAsync(SqlArguments.Plain(value), ct);
            }
            taken = (long)await import.CompleteAsync(ct);
        }
        HasFailed = false;
        return taken;
    }

    /// <summary>Sends what is queued and reads all its answers.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (pending.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in pending) batch.BatchCommands.Add(command);
        watch?.Invoke(SentBatch.Of(pending));
        pending.Clear();
        Func<DbDataReader, CancellationToken, Task>[] takers = [.. awaited];
        awaited.Clear();
        HasSent = true;
        HasFailed = true;   // until the whole answer is read: an exception on the way leaves it so
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            foreach (var takeAsync in takers)
            {
                while (reader.FieldCount == 0 && await reader.NextResultAsync(ct)) { }   // what was queued answers nothing
                await takeAsync(reader, ct);
                await reader.NextResultAsync(ct);
            }
            while (await reader.NextResultAsync(ct)) { }
        }
        HasFailed = false;
    }

    /// <summary>Gives up the transaction and whatever is queued.</summary>
    public async Task RollbackAsync()
    {
        pending.Clear();
        awaited.Clear();
        if (connection.State != System.Data.ConnectionState.Open) return;
        await using var command = new NpgsqlCommand("rollback", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
