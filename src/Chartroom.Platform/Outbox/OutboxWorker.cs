using System.Net.Mail;
using System.Net.Sockets;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Chartroom.Platform.Outbox;

/// <summary>
/// Sends what is due, on every node. A row is taken with SKIP LOCKED and marked in a transaction of its own, so nothing is held while the other side is
/// asked; a worker that dies leaves a row that another takes over after five minutes. Sent at least once, under the row's id.
/// </summary>
public sealed class OutboxWorker(DatabaseLogins logins, Migrator migrator, KeyRing keys, IMailTransport transport, OutboxBell bell, TimeProvider clock, ILogger<OutboxWorker> log)
    : BackgroundService
{
    private const int MostAttempts = 8;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30), Takeover = TimeSpan.FromMinutes(5), Listening = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(WorkAsync(stoppingToken), SweepAsync(stoppingToken), ListenAsync(stoppingToken));

    /// <summary>The sides that rang.</summary>
    private async Task WorkAsync(CancellationToken ct)
    {
        while (await bell.Rings.WaitToReadAsync(ct))
        {
            var rung = new HashSet<ClinicId?>();
            while (bell.Rings.TryRead(out var side)) rung.Add(side);
            foreach (var side in rung) await TryDrainAsync(side, ct);
        }
    }

    /// <summary>All sides: what was to wait, or failed, comes due without anybody ringing.</summary>
    private async Task SweepAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Sweep);
        while (await timer.WaitForNextTickAsync(ct))
        {
            await TryDrainAsync(null, ct);
            await migrator.ForEachClinicAsync(clinic => DrainAsync(clinic, ct), log.RoundFailed, ct);
        }
    }

    private Task TryDrainAsync(ClinicId? side, CancellationToken ct) => Background.TryAsync(() => DrainAsync(side, ct), kind => log.RoundFailed(side?.Value ?? Guid.Empty, kind), ct);

    /// <summary>Sends all that is due on one side; answers how many were handed over.</summary>
    public async Task<int> DrainAsync(ClinicId? side, CancellationToken ct)
    {
        var sent = 0;
        while (await TakeAsync(side, ct) is { } due)
        {
            var error = await TrySendAsync(due, side, ct);
            if (error is null) sent++;
            await SettleAsync(due, side, error, ct);
        }
        return sent;
    }

    private async Task<Due?> TakeAsync(ClinicId? side, CancellationToken ct)
    {
        await using var pipe = await BeginAsync(side, ct);
        var now = clock.GetUtcNow();
        var due = await pipe.QueryAsync<Due>(side is null ? TakeShared : TakeClinics, new { now, until = now + Takeover }, ct);
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
        return due.SingleOrDefault();
    }

    /// <summary>Null when it was accepted; else a code without any content of the message.</summary>
    private async Task<string?> TrySendAsync(Due due, ClinicId? side, CancellationToken ct)
    {
        try
        {
            await transport.SendAsync(due.Id, await MessageOfAsync(due, side, ct), ct);
            return null;
        }
        catch (SmtpException error)
        {
            return $"smtp.{error.StatusCode}";
        }
        catch (Exception error) when (!ct.IsCancellationRequested)   // whatever it is, also a key that is not at hand: this one waits for its next attempt, the others go on
        {
            return $"smtp.{error.GetType().Name}";
        }
    }

    private async Task<OutboxMessage> MessageOfAsync(Due due, ClinicId? side, CancellationToken ct)
    {
        if (side is not { } clinic) return new(due.Recipient!, due.Subject!, due.Body!);
        var clinicKeys = await keys.OfAsync(clinic, logins, ct, due.Content);
        return System.Text.Json.JsonSerializer.Deserialize<OutboxMessage>(clinicKeys.Open(due.Content!, new("outbox", "content", due.Id)), PatientKey.Json)!;
    }

    private async Task SettleAsync(Due due, ClinicId? side, string? error, CancellationToken ct)
    {
        await using var pipe = await BeginAsync(side, ct);
        var (state, now) = (error is null ? "sent" : due.Attempts >= MostAttempts ? "failed" : "queued", clock.GetUtcNow());
        pipe.Queue(side is null ? SettleShared : Settle, new { due.Id, state, error, now, dueAt = now + BackOff(due.Attempts) });
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
        if (error is null) log.Sent(due.Id, due.Attempts);
        else log.NotSent(due.Id, due.Attempts, error, state);
    }

    private const string Settle = """
        update outbox
        set state = @state, last_error = @error, due_at = @dueAt, sent_at = case when @state = 'sent' then @now::timestamptz end
        where id = @id
        """;

    /// <summary>The body of what goes to accounts holds links, and is emptied once it left.</summary>
    private const string SettleShared = """
        update platform.outbox
        set state = @state, last_error = @error, due_at = @dueAt, sent_at = case when @state = 'sent' then @now::timestamptz end,
            body = case when @state = 'sent' then '' else body end
        where id = @id
        """;

    /// <summary>30 s, 1 min, 2 min … up to about an hour, each up to a fifth longer so that many do not come back at once.</summary>
    private static TimeSpan BackOff(int attempts) =>
        TimeSpan.FromSeconds(30 * Math.Pow(2, Math.Min(attempts - 1, 7)) * (1 + (System.Security.Cryptography.RandomNumberGenerator.GetInt32(200) / 1000.0)));

    private async Task<SqlPipe> BeginAsync(ClinicId? side, CancellationToken ct)
    {
        var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin");
        if (side is { } clinic) pipe.QueueClinic(clinic, ClinicRole.System);
        else pipe.Queue("set local role chartroom_worker");
        return pipe;
    }

    /// <summary>Hears other nodes. Behind a pooler in transaction mode nothing is heard, and the sweep does the work.</summary>
    private async Task ListenAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await logins.OpenListenerAsync(ct);
                connection.Notification += (_, note) => bell.RingHere(Guid.TryParse(note.Payload, out var clinic) ? new ClinicId(clinic) : null);
                await using (var listen = new NpgsqlCommand($"listen {OutboxBell.Channel}", connection)) await listen.ExecuteNonQueryAsync(ct);
                while (true) await connection.WaitAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or SocketException or IOException)
            {
                log.NotListening(error.GetType().Name);
                await Task.Delay(Listening, clock, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private sealed record Due(Guid Id, int Attempts, string? Recipient, string? Subject, string? Body, byte[]? Content);

    private const string TakeShared = """
        update platform.outbox
        set state = 'sending', attempts = attempts + 1, due_at = @until
        where id = (select id from platform.outbox where state in ('queued', 'sending') and due_at <= @now order by due_at limit 1 for update skip locked)
        returning id, attempts, recipient, subject, body, null::bytea as content
        """;

    private const string TakeClinics = """
        update outbox
        set state = 'sending', attempts = attempts + 1, due_at = @until
        where id = (select id from outbox where state in ('queued', 'sending') and due_at <= @now order by due_at limit 1 for update skip locked)
        returning id, attempts, null::text as recipient, null::text as subject, null::text as body, content
        """;
}
