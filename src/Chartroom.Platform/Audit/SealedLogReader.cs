using System.Runtime.CompilerServices;
using Chartroom.Platform.Database;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>A log as the stream that verification and export read: one state of the database throughout.</summary>
public sealed class SealedLogReader(DatabaseLogins logins, AuditKeys keys, IWitness witness, AuditSettings settings, TimeProvider clock)
{
    private const int RowsAtOnce = 5000, MostTries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Verifies the log against the keys and the witness of this installation. The witness is asked first, so it is never ahead by our doing.</summary>
    public async Task<Verdict> VerifyAsync(SealedLog which, CancellationToken ct)
    {
        var trust = new LogTrust(which.Origin, which.Clinic?.Value, keys.Log.Verifier, witness.Key, clock.GetUtcNow().AddYears(-settings.RetentionYears));
        var seen = await witness.StateAsync(which.Origin, ct);
        await using var pipe = await OpenAtAsync(which, seen.Note is null ? 0 : seen.Size, ct);
        return await new LogVerifier(trust, witness.LinesAsync(which.Origin, seen.Note is null ? 0 : seen.Size, ct)).VerifyAsync(RecordsAsync(which, pipe, ct), ct);
    }

    /// <summary>The log's records; the first tells whose it is.</summary>
    public async IAsyncEnumerable<LogRecord> ReadAsync(SealedLog which, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new LogHead(which.Origin, which.Clinic?.Value, clock.GetUtcNow());
        await using var pipe = await OpenAtAsync(which, 0, ct);
        await foreach (var record in RecordsAsync(which, pipe, ct)) yield return record;
    }

    /// <summary>A snapshot that holds the head the witness has, which the sealer may be about to write; after five seconds, without it.</summary>
    private async Task<SqlPipe> OpenAtAsync(SealedLog which, long headSize, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var pipe = await logins.OpenAsync(ct);
            which.QueueBegin(pipe, isSnapshot: true);
            var heads = await pipe.QueryAsync<long>("select size from audit_checkpoint where size = @headSize", new { headSize }, ct);
            if (heads.Count > 0 || headSize == 0 || tries == MostTries) return pipe;
            await pipe.DisposeAsync();
            await Task.Delay(Pause, ct);   // by the real clock: the sealer it waits for is real
        }
    }

    private async IAsyncEnumerable<LogRecord> RecordsAsync(SealedLog which, SqlPipe pipe, [EnumeratorCancellation] CancellationToken ct)
    {
        var at = clock.GetUtcNow();   // of the snapshot; reading it may take a minute
        foreach (var month in await pipe.QueryAsync<DateOnly>("select month from audit_expiry order by month", null, ct)) yield return new ExpiredMonth(month);
        await foreach (var record in LeavesAndHeadsAsync(pipe, ct)) yield return record;
        var sealer = (await pipe.QueryAsync<Cursor>("select last_xid, last_id from audit_log_state", null, ct)).SingleOrDefault() ?? new(long.MaxValue, Guid.Empty);
        var (after, waiting, oldest) = (Guid.Empty, 0L, (LogEntry?)null);
        for (var loose = await LooseAsync(pipe, after, ct); loose.Count > 0; loose = await LooseAsync(pipe, after, ct))
        {
            foreach (var row in loose.Where(row => !keys.IsOurs(row, which) || sealer.HasPassed(row))) yield return new StrayRow(row.Entry);
            foreach (var row in loose.Where(row => !sealer.HasPassed(row) && keys.IsOurs(row, which)))
            {
                waiting++;
                if (oldest is null || row.At < oldest.At) oldest = row.Entry;
            }
            after = loose[^1].Id;
        }
        yield return new LogEnd(at, waiting, oldest?.Id, oldest?.At);
    }

    private static async IAsyncEnumerable<LogRecord> LeavesAndHeadsAsync(SqlPipe pipe, [EnumeratorCancellation] CancellationToken ct)
    {
        var (position, passed) = (-1L, 0L);
        while (true)
        {
            var leaves = await pipe.QueryAsync<LeafRow>(SelectLeaves, new { position, most = RowsAtOnce }, ct);
            var upTo = leaves.Count < RowsAtOnce ? long.MaxValue : leaves[^1].Position;
            var heads = new Queue<LogCheckpoint>(await pipe.QueryAsync<LogCheckpoint>(SelectHeads, new { passed, upTo }, ct));
            foreach (var leaf in leaves)
            {
                while (heads.TryPeek(out var head) && head.Size <= leaf.Position) yield return heads.Dequeue();
                yield return leaf.ToRecord();
            }
            foreach (var head in heads) yield return head;
            if (upTo == long.MaxValue) yield break;
            (position, passed) = (upTo, upTo);
        }
    }

    private static Task<List<AuditEntryRow>> LooseAsync(SqlPipe pipe, Guid after, CancellationToken ct) =>
        pipe.QueryAsync<AuditEntryRow>(SelectLoose, new { after, most = RowsAtOnce }, ct);

    private const string SelectLeaves = """
        select leaf.position, leaf.event_id, leaf.event_at, leaf.hash, entry.id, entry.at, entry.clinic_id, entry.person_id, entry.role, entry.action, entry.resource,
            entry.resource_id, entry.patient_ids, entry.purpose, entry.outcome, entry.door, entry.ip, entry.device_id, entry.agent, entry.language, entry.session_id,
            entry.trace_id
        from audit_leaf as leaf
        left join audit_entry as entry on entry.id = leaf.event_id and entry.at = leaf.event_at
        where leaf.position > @position
        order by leaf.position
        limit @most
        """;

    private const string SelectHeads = "select size, note from audit_checkpoint where size > @passed and size <= @upTo order by size";

    // Rows without a leaf: those the program wrote since the sealer's last round wait for their turn, all others should not be there.
    private const string SelectLoose = """
        select entry.id, entry.at, entry.clinic_id, entry.person_id, entry.role, entry.action, entry.resource, entry.resource_id, entry.patient_ids, entry.purpose,
            entry.outcome, entry.door, entry.ip, entry.device_id, entry.agent, entry.language, entry.session_id, entry.trace_id, entry.xid, entry.tag
        from audit_entry as entry
        where entry.id > @after and not exists (select from audit_leaf as leaf where leaf.event_id = entry.id and leaf.event_at = entry.at)
        order by entry.id
        limit @most
        """;

    private sealed record Cursor(long LastXid, Guid LastId)
    {
        public bool HasPassed(AuditEntryRow row) => row.Xid < LastXid || (row.Xid == LastXid && row.Id <= LastId);
    }

    private sealed record LeafRow(
        long Position, Guid EventId, DateTimeOffset EventAt, byte[] Hash, Guid? Id, DateTimeOffset? At, Guid? ClinicId, Guid? PersonId, string? Role, string? Action,
        string? Resource, Guid? ResourceId, string? PatientIds, string? Purpose, string? Outcome, string? Door, string? Ip, Guid? DeviceId, string? Agent, string? Language,
        Guid? SessionId, string? TraceId)
    {
        public LogLeaf ToRecord() => new(Position, EventId, EventAt, Hash, Id is { } id && At is { } at
            ? new(id, at, ClinicId, PersonId, Role, Action!, Resource!, ResourceId, PatientIds, Purpose, Outcome!, Door!, Ip, DeviceId, Agent, Language, SessionId, TraceId)
            : null);
    }
}
