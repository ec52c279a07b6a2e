using Chartroom.Platform.Database;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chartroom.Platform.Tenancy;

/// <summary>Once an hour: audit months made ahead, kept answers older than a day dropped.</summary>
public sealed class Housekeeping(Migrator migrator, DatabaseLogins logins, TimeProvider clock, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TidyAsync(stoppingToken);
            }
            catch (Npgsql.NpgsqlException error)
            {
                log.TidyingFailed(error.GetType().Name);
            }
        }
    }

    /// <summary>One round; safe on several nodes at once.</summary>
    public async Task TidyAsync(CancellationToken ct)
    {
        await migrator.EnsurePartitionsAsync(ct);
        foreach (var clinic in await migrator.ClinicsAsync(ct))
        {
            await using var pipe = await logins.OpenAsync(ct);
            pipe.Queue("begin");
            pipe.Queue($"set local role {ClinicNames.Role(clinic, ClinicRole.System)}");
            pipe.Queue($"delete from {ClinicNames.Schema(clinic)}.kept_answer where created_at < @before", new { before = clock.GetUtcNow().AddHours(-24) });
            pipe.Queue("commit");
            await pipe.FlushAsync(ct);
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Warning, "Housekeeping failed and will be tried again: {Kind}")]
    public static partial void TidyingFailed(this ILogger log, string kind);
}
