using Chartroom.Platform.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chartroom.Platform.Audit;

/// <summary>Every few seconds: seals the logs this node wrote to; once a minute all of them, for a node that died before it sealed.</summary>
public sealed class SealingWorker(Sealer sealer, AuditStamp stamp, Migrator migrator, AuditSettings settings, TimeProvider clock, ILogger<SealingWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.SealSeconds), clock);
        var sweptAt = DateTimeOffset.MinValue;
        do
        {
            var isSweep = clock.GetUtcNow() - sweptAt >= Sweep;
            if (isSweep) sweptAt = clock.GetUtcNow();
            await RoundAsync(isSweep, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RoundAsync(bool isSweep, CancellationToken ct)
    {
        try
        {
            List<ClinicId?> due = stamp.TakeTouched();
            if (isSweep) due = [null, .. (await migrator.ClinicsAsync(ct)).Select(clinic => (ClinicId?)clinic)];
            foreach (var clinic in due) await SealAsync(new(clinic, settings.LogName), ct);
        }
        catch (Npgsql.NpgsqlException error)
        {
            log.RoundFailed(Guid.Empty, error.GetType().Name);
        }
    }

    private async Task SealAsync(SealedLog which, CancellationToken ct)
    {
        try
        {
            await sealer.SealAsync(which, ct);
        }
        catch (Exception error) when (error is Npgsql.NpgsqlException or IOException or HttpRequestException or FormatException)
        {
            log.RoundFailed(which.Id, error.GetType().Name);   // the sweep comes back to it
        }
    }
}
