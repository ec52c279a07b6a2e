using Chartroom.Platform.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chartroom.Platform.Tenancy;

/// <summary>Rows of the shared side that have served their time. Each capability registers those of its own tables.</summary>
/// <param name="Delete">Deletes what was over at <c>@before</c>, as <c>chartroom_worker</c>.</param>
/// <param name="KeptFor">How long they stay after they were over.</param>
public sealed record SpentRows(string Delete, TimeSpan KeptFor);

/// <summary>What a clinic's own side tidies once an hour, as the program's role there: ends or deletes what has served its time, and takes no person's data out.</summary>
/// <param name="Sql">One statement that answers no rows.</param>
/// <param name="Arguments">Its parameters, for a clinic and a time.</param>
public sealed record ClinicChore(string Sql, Func<ClinicId, DateTimeOffset, object> Arguments);

/// <summary>All that capabilities registered to be tidied.</summary>
public sealed record HousekeepingWork(IEnumerable<SpentRows> Spent, IEnumerable<ClinicChore> Chores);

/// <summary>Once an hour: audit months made ahead; kept answers older than a day, ended sessions, used links and the like removed, so that no table only grows.</summary>
public sealed class Housekeeping(Migrator migrator, DatabaseLogins logins, HousekeepingWork work, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TidyAsync(stoppingToken);
    }

    /// <summary>One round; safe on several nodes at once. What fails is logged and waits for the next round, without holding up the rest.</summary>
    public async Task TidyAsync(CancellationToken ct)
    {
        await Background.TryAsync(() => migrator.EnsurePartitionsAsync(ct), kind => log.TidyingFailed(Guid.Empty, kind), ct);
        foreach (var rows in work.Spent) await Background.TryAsync(() => RemoveAsync(rows, ct), kind => log.TidyingFailed(Guid.Empty, kind), ct);
        await migrator.ForEachClinicAsync(clinic => TidyClinicAsync(clinic, ct), log.TidyingFailed, ct);
    }

    private async Task RemoveAsync(SpentRows rows, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin");
        pipe.Queue("set local role chartroom_worker");
        pipe.Queue(rows.Delete, new { before = clock.GetUtcNow() - rows.KeptFor });
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
    }

    /// <summary>A round at one clinic.</summary>
    internal async Task TidyClinicAsync(ClinicId clinic, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin");
        pipe.QueueClinic(clinic, ClinicRole.System);
        pipe.Queue("delete from kept_answer where created_at < @before", new { before = clock.GetUtcNow().AddHours(-24) });
        foreach (var chore in work.Chores) pipe.Queue(chore.Sql, chore.Arguments(clinic, clock.GetUtcNow()));
        pipe.Queue("commit");
        await pipe.FlushAsync(ct);
    }

    /// <summary>What the platform part itself leaves behind: sessions for a day after they ended (the audit trail has what is worth keeping of them), sent
    /// mail of accounts for a month; what could not be sent stays until somebody has seen it.</summary>
    internal static IReadOnlyList<SpentRows> OfPlatform { get; } =
    [
        new("delete from platform.session where expires_at < @before or ended_at < @before", TimeSpan.FromDays(1)),
        new("delete from platform.request_count where started_at < @before", TimeSpan.FromMinutes(10)),
        new("delete from platform.outbox where state = 'sent' and sent_at < @before", TimeSpan.FromDays(30)),
    ];
}

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Warning, "Housekeeping at clinic {Clinic} failed and will be tried again: {Kind}")]
    public static partial void TidyingFailed(this ILogger log, Guid clinic, string kind);
}
