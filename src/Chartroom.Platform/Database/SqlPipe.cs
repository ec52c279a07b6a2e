using Npgsql;

namespace Chartroom.Platform.Database;

/// <summary>
/// Statements of one transaction, sent in as few round trips as possible: what is queued goes out with the next statement whose answer is needed.
/// <c>begin</c>, the role and the path are queued first, <c>commit</c> goes with the last writes. Not thread-safe, as a transaction is not.
/// </summary>
internal sealed class SqlPipe(NpgsqlConnection connection, Action<SentBatch>? watch = null) : IAsyncDisposable
{
    private readonly List<NpgsqlBatchCommand> pending = [];

    /// <summary>True once a statement failed or the wait for it was given up: nothing can be committed any more.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>True once a statement of the caller's has been sent.</summary>
    public bool HasSent { get; private set; }

    public void Queue(string sql, object? arguments = null)
    {
        var command = new NpgsqlBatchCommand(sql);
        SqlArguments.Add(command.Parameters, arguments);
        pending.Add(command);
    }

    public async Task<List<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken ct)
    {
        Queue(sql, arguments);
        return await SendAsync(async reader =>
        {
            while (reader.FieldCount == 0 && await reader.NextResultAsync(ct)) { }   // what was queued answers nothing
            return await SqlRows.ReadAsync<T>(reader, ct);
        }, ct);
    }

    /// <summary>Runs one statement; answers how many rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? arguments, CancellationToken ct)
    {
        Queue(sql, arguments);
        var last = pending[^1];
        return await SendAsync(async reader =>
        {
            while (await reader.NextResultAsync(ct)) { }
            return checked((int)last.RecordsAffected);
        }, ct);
    }

    /// <summary>Sends what is queued.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        if (pending.Count == 0) return;
        await SendAsync(async reader =>
        {
            while (await reader.NextResultAsync(ct)) { }
            return 0;
        }, ct);
    }

    /// <summary>Gives up the transaction and whatever is queued.</summary>
    public async Task RollbackAsync()
    {
        pending.Clear();
        if (connection.State != System.Data.ConnectionState.Open) return;
        await using var command = new NpgsqlCommand("rollback", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<T> SendAsync<T>(Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in pending) batch.BatchCommands.Add(command);
        watch?.Invoke(SentBatch.Of(pending));
        pending.Clear();
        HasSent = true;
        HasFailed = true;   // until the whole answer is read: an exception on the way leaves it so
        T answer;
        await using (var reader = await batch.ExecuteReaderAsync(ct)) answer = await read(reader);
        HasFailed = false;
        return answer;
    }
}
