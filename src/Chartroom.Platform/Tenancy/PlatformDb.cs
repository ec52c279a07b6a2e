using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Outbox;
using Chartroom.Transparency;

namespace Chartroom.Platform.Tenancy;

/// <summary>The way to accounts, sessions and clinics themselves: the shared side, which holds no PHI. Never mixed with a clinic's side in one transaction.</summary>
public sealed class PlatformDb(DatabaseLogins logins, OutboxBell bell, AuditStamp stamp, TimeProvider clock)
{
    /// <summary>A transaction as <c>chartroom_identity</c>. Tables are written with their schema: <c>platform.person</c>.</summary>
    public async Task<PlatformTx> BeginAsync(Origin origin, CancellationToken ct) => new(await logins.OpenAsync(ct), origin, bell, stamp, clock);

    /// <summary>The active clinic of that short name; null when there is none. For the command line.</summary>
    public async Task<ClinicId?> ClinicOfAsync(string slug, CancellationToken ct)
    {
        await using var tx = await BeginAsync(Origin.Job("cli"), ct);
        return await tx.QueryOneOrNoneAsync<ClinicId?>("select id from platform.clinic where slug = @slug and state = 'active'", new { slug }, ct);
    }
}

/// <summary>One transaction on the shared side. A write must be audited, or say in its name that it is not. Not thread-safe.</summary>
public sealed class PlatformTx : IAsyncDisposable
{
    private readonly SqlPipe pipe;
    private readonly Origin origin;
    private readonly OutboxBell bell;
    private readonly AuditStamp stamp;
    private readonly TimeProvider clock;
    private bool hasWritten, isAudited, hasMail, isCommitted;

    internal PlatformTx(SqlPipe pipe, Origin origin, OutboxBell bell, AuditStamp stamp, TimeProvider clock)
    {
        (this.pipe, this.origin, this.bell, this.stamp, this.clock) = (pipe, origin, bell, stamp, clock);
        pipe.Queue("begin");
        pipe.Queue("set local role chartroom_identity");
        pipe.Queue("set local search_path = pg_catalog, pg_temp");
    }

    /// <summary>The instant at which the transaction's events happen.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

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

    /// <summary>For bookkeeping that is no act of anybody: a session's last-seen minute, a counter of failed tries. Nothing else.</summary>
    public Task<int> ExecuteUnauditedAsync(string sql, object? arguments, CancellationToken ct) => pipe.ExecuteAsync(sql, arguments, ct);

    /// <inheritdoc cref="ExecuteUnauditedAsync"/>
    public void QueueUnaudited(string sql, object? arguments) => pipe.Queue(sql, arguments);

    /// <summary>Takes down an event in the same transaction.</summary>
    public void Audit(Access access, PersonId? person, ClinicId? clinic = null, string outcome = "done")
    {
        isAudited = true;
        var entry = new LogEntry(Guid.CreateVersion7(), LogEntry.ToMicroseconds(Now), clinic?.Value, person?.Value, null, access.Action, access.Resource, access.ResourceId,
            null, null, outcome, origin.Door, origin.Ip, origin.DeviceId, origin.Agent, origin.Language, origin.SessionId, origin.TraceId);
        pipe.Queue("""
            insert into platform.audit_event (id, at, clinic_id, person_id, action, resource, resource_id, outcome,
                door, ip, device_id, agent, language, session_id, trace_id, tag)
            values (@id, @at, @clinicId, @personId, @action, @resource, @resourceId, @outcome,
                @door, @ip, @deviceId, @agent, @language, @sessionId, @traceId, @tag)
            """, stamp.Row(entry));
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
        if (hasMail) bell.RingHere(null);
    }

    /// <summary>Gives up what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!isCommitted && pipe is { HasSent: true, HasFailed: false }) await pipe.RollbackAsync();
        await pipe.DisposeAsync();
    }
}
