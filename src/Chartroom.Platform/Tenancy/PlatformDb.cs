using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Identity;
using Chartroom.Platform.News;
using Chartroom.Platform.Outbox;
using Chartroom.Transparency;

namespace Chartroom.Platform.Tenancy;

/// <summary>The way to accounts, sessions and clinics themselves: the shared side, which holds no PHI. Never mixed with a clinic's side in one transaction.</summary>
public sealed class PlatformDb(DatabaseLogins logins, OutboxBell bell, AuditStamp stamp, TimeProvider clock)
{
    /// <summary>A transaction as <c>chartroom_identity</c>. Tables are written with their schema: <c>platform.person</c>.</summary>
    public async Task<PlatformTx> BeginAsync(Origin origin, CancellationToken ct) => new(await logins.OpenAsync(ct), new(origin, bell, stamp, clock, logins.News));

    /// <summary>The active clinic of that short name; null when there is none. For the command line.</summary>
    public async Task<ClinicId?> ClinicOfAsync(string slug, CancellationToken ct)
    {
        await using var tx = await BeginAsync(Origin.Job("cli"), ct);
        return await tx.QueryOneOrNoneAsync<ClinicId?>("select id from platform.clinic where slug = @slug and state = 'active'", new { slug }, ct);
    }
}

/// <summary>What a transaction on the shared side was opened for, and by what it tells of itself.</summary>
internal sealed record PlatformScope(Origin Origin, OutboxBell Bell, AuditStamp Stamp, TimeProvider Clock, NewsDesk News);

/// <summary>One transaction on the shared side. A write must be audited, or say in its name that it is not. Not thread-safe.</summary>
public sealed class PlatformTx : IAsyncDisposable
{
    private readonly SqlPipe pipe;
    private readonly PlatformScope scope;
    private readonly List<EndedSession> ended = [];
    private bool hasWritten, isAudited, hasMail, isCommitted;

    internal PlatformTx(SqlPipe pipe, PlatformScope scope)
    {
        (this.pipe, this.scope) = (pipe, scope);
        pipe.Queue("begin");
        pipe.Queue("set local role chartroom_identity");
        pipe.Queue("set local search_path = pg_catalog, pg_temp");
    }

    /// <summary>The instant at which the transaction's events happen.</summary>
    public DateTimeOffset Now => scope.Clock.GetUtcNow();

    /// <summary>Rows as records. A statement that writes and returns rows counts as a write when it is audited by the caller.</summary>
    public Task<List<T>> QueryAsync<T>(string sql, object? arguments, CancellationToken ct) => pipe.QueryAsync<T>(sql, arguments, ct);

    /// <summary>The only row, or default when there is none; throws on several.</summary>
    public async Task<T?> QueryOneOrNoneAsync<T>(string sql, object? arguments, CancellationToken ct) =>
        (await pipe.QueryAsync<T>(sql, arguments, ct)).SingleOrDefault();

    /// <summary>Rows that come with the next round trip; for bookkeeping that is no act of anybody, as <see cref="ExecuteUnauditedAsync"/>.</summary>
    public AskedRows<T> AskUnaudited<T>(string sql, object? arguments) => pipe.Ask<T>(sql, arguments);

    /// <summary>Runs a statement; answers how many rows it touched. The commit asks for an audit event.</summary>
    public Task<int> ExecuteAsync(string sql, object? arguments, CancellationToken ct)
    {
        hasWritten = true;
        return pipe.ExecuteAsync(sql, arguments, ct);
    }

    /// <summary>Ends sessions; answers how many. What is still open under them, such as a stream of events, is told at every node once this has committed.</summary>
    /// <param name="sql">Answers <c>id, clinic_id</c> of each session that does not go on where it was.</param>
    /// <param name="arguments">As ever.</param>
    /// <param name="ct">Gives up waiting.</param>
    public async Task<int> EndSessionsAsync(string sql, object? arguments, CancellationToken ct)
    {
        hasWritten = true;
        var rows = await pipe.QueryAsync<EndedSession>(sql, arguments, ct);
        ended.AddRange(rows);
        return rows.Count;
    }

    /// <summary>The session goes on elsewhere: told as <see cref="EndSessionsAsync"/> tells of one that has ended.</summary>
    public void SessionLeaves(Guid session, ClinicId? clinic) => ended.Add(new(session, clinic));

    private sealed record EndedSession(Guid Id, ClinicId? ClinicId);

    /// <summary>For bookkeeping that is no act of anybody: a session's last-seen minute, a counter of failed tries. Nothing else.</summary>
    public Task<int> ExecuteUnauditedAsync(string sql, object? arguments, CancellationToken ct) => pipe.ExecuteAsync(sql, arguments, ct);

    /// <inheritdoc cref="ExecuteUnauditedAsync"/>
    public void QueueUnaudited(string sql, object? arguments) => pipe.Queue(sql, arguments);

    /// <summary>Takes down an event in the same transaction.</summary>
    public void Audit(Access access, PersonId? person, ClinicId? clinic = null, string outcome = "done")
    {
        isAudited = true;
        var entry = new LogEntry(Guid.CreateVersion7(), LogEntry.ToMicroseconds(Now), clinic?.Value, person?.Value, null, access.Action, access.Resource, access.ResourceId,
            null, null, outcome, scope.Origin.Door, scope.Origin.Ip, scope.Origin.DeviceId, scope.Origin.Agent, scope.Origin.Language, scope.Origin.SessionId, scope.Origin.TraceId);
        pipe.Queue("""
            insert into platform.audit_event (id, at, clinic_id, person_id, action, resource, resource_id, outcome,
                door, ip, device_id, agent, language, session_id, trace_id, tag)
            values (@id, @at, @clinicId, @personId, @action, @resource, @resourceId, @outcome,
                @door, @ip, @deviceId, @agent, @language, @sessionId, @traceId, @tag)
            """, scope.Stamp.Row(entry));
    }

    /// <summary>A message to a person with an account or an invitation; leaves only if this transaction commits.</summary>
    public void Enqueue(OutboxMessage message, ClinicId? clinic = null)
    {
        pipe.Queue("""
            insert into platform.outbox (id, clinic_id, channel, recipient, subject, body, due_at, created_at)
            values (@id, @clinic, 'email', @recipient, @subject, @body, @now, @now)
            """, new { id = Guid.CreateVersion7(), clinic, message.Recipient, message.Subject, message.Body, now = Now });
        hasMail = true;
    }

    /// <summary>Commits.</summary>
    /// <exception cref="InvalidOperationException">Something was written and no event taken down.</exception>
    public async Task CommitAsync(CancellationToken ct)
    {
        if (hasWritten && !isAudited) throw new InvalidOperationException("A write to the shared side without an audit event is not committed.");
        if (hasMail) pipe.QueueBuiltUnsafe(OutboxBell.Ring(null));
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
        isCommitted = true;
        if (hasMail) scope.Bell.RingHere(null);
        foreach (var (session, clinic) in ended)
        {
            if (clinic is { } known) scope.News.Tell(new(known, SessionWatch.Ended, session.ToString("N")));   // one that never chose a clinic has nothing open
        }
    }

    /// <summary>Gives up what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!isCommitted && pipe is { HasSent: true, HasFailed: false }) await pipe.RollbackAsync();
        await pipe.DisposeAsync();
    }
}
