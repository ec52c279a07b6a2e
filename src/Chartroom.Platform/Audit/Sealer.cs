using Chartroom.Platform.Database;
using Chartroom.Transparency;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chartroom.Platform.Audit;

/// <summary>
/// Folds committed rows into the Merkle tree of their log, signs the head and shows it to the witness. Leaves are committed before the witness hears of
/// them; a head reaches its table after: killed between, the next round takes the head from the witness.
/// </summary>
public sealed class Sealer(DatabaseLogins logins, AuditKeys keys, IWitness witness, TimeProvider clock, ILogger<Sealer> log)
{
    private const int RowsAtOnce = 5000;

    /// <summary>One round; safe on several nodes. Answers how many rows it sealed.</summary>
    public async Task<int> SealAsync(SealedLog which, CancellationToken ct)
    {
        var count = 0;
        for (int added; (added = await FoldAsync(which, ct)) > 0; count += added)
            if (added == RowsAtOnce) await HeadAsync(which, ct);
        await HeadAsync(which, ct);
        return count;
    }

    /// <summary>The time of the oldest row that no witnessed head covers; null when all are covered.</summary>
    public async Task<DateTimeOffset?> OldestWaitingAsync(SealedLog which, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        which.QueueBegin(pipe, isSnapshot: true);
        var oldest = await pipe.QueryAsync<Oldest>(SelectOldest, null, ct);
        await pipe.RollbackAsync();
        return oldest.SingleOrDefault()?.At;
    }

    /// <summary>Who has held up the sealing of all logs the longest; null when no transaction writes. Asked as the administrator: others see no other login's times.</summary>
    public async Task<(int Pid, long Seconds)?> OldestTransactionAsync(CancellationToken ct)
    {
        await using var connection = await logins.OpenAdministratorAsync(ct);
        await using var command = new NpgsqlCommand(SelectHolder, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt32(0), reader.GetInt64(1)) : null;
    }

    /// <summary>Seals a batch of rows below the oldest running transaction. 0 when there are none, or another node is at it.</summary>
    private async Task<int> FoldAsync(SealedLog which, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        which.QueueBegin(pipe);
        if ((await pipe.QueryAsync<State>(LockState, null, ct)).SingleOrDefault() is not { } state)
        {
            await pipe.RollbackAsync();
            return 0;
        }
        // A database restored from a dump counts its transactions anew: then rows are found by the leaf they lack.
        var isRestored = state.Below <= state.LastXid;
        var rows = await pipe.QueryAsync<AuditEntryRow>(isRestored ? SelectByAbsence : SelectNext, new { state.LastXid, state.LastId, state.Below, most = RowsAtOnce }, ct);
        if (rows.Count == 0)
        {
            await pipe.RollbackAsync();
            return 0;
        }
        var frontier = new Frontier(state.Size, state.Edge);
        var genuine = rows.Where(row => IsGenuine(row, state, which)).Select(row => (row.Id, row.At, Hash: row.Entry.Hash())).ToList();
        foreach (var leaf in genuine) frontier.Append(leaf.Hash);
        pipe.Queue(InsertLeaves, new
        {
            start = state.Size,
            ids = genuine.Select(leaf => leaf.Id).ToArray(),
            times = genuine.Select(leaf => leaf.At).ToArray(),
            hashes = genuine.Select(leaf => leaf.Hash).ToArray(),
        });
        var last = rows.MaxBy(row => (row.Xid, row.Id))!;
        pipe.Queue(Advance, new { frontier.Size, edge = frontier.Export(), lastXid = isRestored ? state.LastXid : last.Xid, lastId = last.Id });
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
        return isRestored ? genuine.Count : rows.Count;
    }

    private bool IsGenuine(AuditEntryRow row, State state, SealedLog which)
    {
        if (keys.IsOurs(row, which) || (row.Tag is null && row.Xid == state.UntaggedXid)) return true;
        log.ForeignRow(which.Id, row.Id);
        return false;
    }

    /// <summary>Signs the head of what is sealed, unless it is already, and has it witnessed.</summary>
    private async Task HeadAsync(SealedLog which, CancellationToken ct)
    {
        var heads = await HeadsAsync(which, ct);
        if (heads.Size == 0 || heads.Size == heads.LastHead) return;
        await TakeUpLostHeadAsync(which, heads, ct);
        var head = new Checkpoint(which.Origin, heads.Size, new Frontier(heads.Size, heads.Edge).Root());
        var note = head.SignedBy(keys.Log);
        var answer = await witness.AddAsync(which.Origin, await LeavesAsync(which, heads.LastHead, heads.Size, ct), note, ct);
        if (answer.Reason == WitnessRefusal.Gap) answer = await witness.AddAsync(which.Origin, await LeavesAsync(which, answer.Size, heads.Size, ct), note, ct);
        if (answer.Note is { } witnessed)
        {
            if (IsWitnessed(head, witnessed)) await KeepAsync(which, heads.Size, witnessed, ct);
            else log.WitnessForged(which.Id, heads.Size);
        }
        else log.WitnessRefused(which.Id, heads.Size, answer.Size, answer.Reason);
    }

    /// <summary>A head that the witness took and whose row was lost to a crash.</summary>
    private async Task TakeUpLostHeadAsync(SealedLog which, Heads heads, CancellationToken ct)
    {
        var state = await witness.StateAsync(which.Origin, ct);
        if (state.Note is not { } note || state.Size <= heads.LastHead || state.Size > heads.Size) return;
        if (!Checkpoint.TryParse(note, out var head) || head.Size != state.Size || head.Origin != which.Origin || !IsWitnessed(head, note))
        {
            log.WitnessForged(which.Id, state.Size);
            return;
        }
        var leaves = await LeavesAsync(which, 0, state.Size, ct);
        if (MerkleTree.Root(leaves.Select(leaf => leaf.Hash).ToArray()).AsSpan().SequenceEqual(head.Root)) await KeepAsync(which, state.Size, note, ct);
    }

    /// <summary>True when the note is of that head, signed by the log's key and by the witness that is configured, not by whoever answered in its place.</summary>
    private bool IsWitnessed(Checkpoint head, string note) =>
        note.StartsWith(head.Text + "\n", StringComparison.Ordinal) && head.IsSignedBy(keys.Log.Verifier, note) && head.CosignedAt(witness.Key, note) is not null;

    private async Task<Heads> HeadsAsync(SealedLog which, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        which.QueueBegin(pipe);
        var heads = await pipe.QueryAsync<Heads>(SelectHeads, null, ct);
        await pipe.RollbackAsync();
        return heads.Single();
    }

    private async Task<List<WitnessedLeaf>> LeavesAsync(SealedLog which, long from, long to, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        which.QueueBegin(pipe);
        var leaves = await pipe.QueryAsync<WitnessedLeaf>(SelectLeaves, new { from, to }, ct);
        await pipe.RollbackAsync();
        return leaves;
    }

    private async Task KeepAsync(SealedLog which, long size, string note, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        which.QueueBegin(pipe);
        pipe.Queue("insert into audit_checkpoint (size, note, made_at) values (@size, @note, @now) on conflict on constraint audit_checkpoint_pkey do nothing",
            new { size, note, now = clock.GetUtcNow() });
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
    }

    private sealed record State(long Size, byte[] Edge, long LastXid, Guid LastId, long UntaggedXid, long Below);

    private sealed record Heads(long Size, byte[] Edge, long LastHead);

    private sealed record Oldest(DateTimeOffset? At);

    private const string SelectOldest = """
        select least(
            (select min(entry.at) from audit_entry as entry where (entry.xid, entry.id) > (state.last_xid, state.last_id)),
            (select min(leaf.event_at) from audit_leaf as leaf where leaf.position >= coalesce((select max(size) from audit_checkpoint), 0))) as at
        from audit_log_state as state
        """;

    // A prepared transaction has no process; a login that may not see another's times is told -1.
    private const string SelectHolder = """
        select pid, coalesce(extract(epoch from clock_timestamp() - began)::bigint, -1)
        from (
            select pid, xact_start as began, backend_xid as xid from pg_stat_activity where backend_xid is not null
            union all
            select 0, prepared, transaction from pg_prepared_xacts
        ) as writing
        order by age(xid) desc
        limit 1
        """;

    private const string LockState = """
        select size, edge, last_xid, last_id, untagged_xid, pg_snapshot_xmin(pg_current_snapshot())::text::bigint as below
        from audit_log_state
        for update skip locked
        """;

    private const string SelectNext = """
        select id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, ip, device_id, agent, language, session_id,
            trace_id, xid, tag
        from audit_entry
        where (xid, id) > (@lastXid, @lastId) and xid < @below
        order by xid, id
        limit @most
        """;

    private const string SelectByAbsence = """
        select id, at, clinic_id, person_id, role, action, resource, resource_id, patient_ids, purpose, outcome, door, ip, device_id, agent, language, session_id,
            trace_id, xid, tag
        from audit_entry
        where not exists (select from audit_leaf where audit_leaf.event_id = audit_entry.id)
        order by at, id
        limit @most
        """;

    private const string InsertLeaves = """
        insert into audit_leaf (position, event_id, event_at, hash)
        select @start + leaf.number - 1, leaf.id, leaf.at, leaf.hash
        from unnest(@ids, @times, @hashes) with ordinality as leaf (id, at, hash, number)
        """;

    private const string Advance = "update audit_log_state set size = @size, edge = @edge, last_xid = @lastXid, last_id = @lastId";

    private const string SelectHeads = """
        select size, edge, coalesce((select max(audit_checkpoint.size) from audit_checkpoint), 0) as last_head
        from audit_log_state
        """;

    private const string SelectLeaves = "select position, event_id, hash from audit_leaf where position >= @from and position < @to order by position";
}

internal static partial class SealerLog
{
    [LoggerMessage(1301, LogLevel.Critical, "Audit log of {Clinic}: row {Row} was not written by this program; it is not sealed")]
    public static partial void ForeignRow(this ILogger log, Guid clinic, Guid row);

    [LoggerMessage(1302, LogLevel.Critical, "Audit log of {Clinic}: the witness refuses the head of {Size} leaves ({Reason}); it has seen {Seen}. Run: chartroom audit verify")]
    public static partial void WitnessRefused(this ILogger log, Guid clinic, long size, long seen, WitnessRefusal? reason);

    [LoggerMessage(1306, LogLevel.Critical, "{Count} audit logs have rows that no witnessed head covers, the oldest for {WaitedSeconds} seconds. Sealing waits for the oldest writing transaction: process {Pid}, {Seconds} seconds old (process -1: there is none)")]
    public static partial void SealStalled(this ILogger log, int count, long waitedSeconds, int pid, long seconds);

    [LoggerMessage(1305, LogLevel.Critical, "Audit log of {Clinic}: the head of {Size} leaves came back without the signature of the configured witness and is not kept. Compare Audit__WitnessKey with what the witness prints")]
    public static partial void WitnessForged(this ILogger log, Guid clinic, long size);

    [LoggerMessage(1303, LogLevel.Error, "The audit log of {Clinic} could not be sealed and will be tried again: {Kind}")]
    public static partial void RoundFailed(this ILogger log, Guid clinic, string kind);
}
