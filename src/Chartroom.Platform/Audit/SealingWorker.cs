using Chartroom.Platform.Tenancy;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Chartroom.Platform.Audit;

/// <summary>Every few seconds: seals the logs this node wrote to; once a minute all of them, for a node that died before it sealed, and looks which are behind.</summary>
public sealed class SealingWorker(Sealer sealer, AuditStamp stamp, SealingState state, Migrator migrator, AuditSettings settings, TimeProvider clock, ILogger<SealingWorker> log)
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
            var isSweep = IsSweepDue(clock.GetUtcNow() - sweptAt, settings.SealSeconds);
            if (isSweep) sweptAt = clock.GetUtcNow();
            await RoundAsync(isSweep, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>True when another round without one would leave a log that another node wrote to unwitnessed for more than a minute.</summary>
    internal static bool IsSweepDue(TimeSpan since, int sealSeconds) => since > Sweep - TimeSpan.FromSeconds(sealSeconds);

    private Task<bool> RoundAsync(bool isSweep, CancellationToken ct) => Background.TryAsync(async () =>
    {
        if (isSweep) state.Sweeping();
        List<ClinicId?> due = stamp.TakeTouched();
        if (isSweep) due = [null, .. (await migrator.ClinicsAsync(ct)).Select(clinic => (ClinicId?)clinic)];
        await SealAllAsync(due, isSweep, ct);
    }, kind => log.RoundFailed(Guid.Empty, kind), ct);

    /// <summary>Seals these logs, one after the other: what is wrong with one keeps none of the others waiting.</summary>
    internal async Task SealAllAsync(IReadOnlyList<ClinicId?> due, bool isSweep, CancellationToken ct)
    {
        foreach (var clinic in due)
        {
            var which = new SealedLog(clinic, settings.LogName);
            await Background.TryAsync(() => sealer.SealAsync(which, ct), kind => log.RoundFailed(which.Id, kind), ct);
            if (isSweep && !await Background.TryAsync(async () => state.Found(which.Id, await sealer.OldestWaitingAsync(which, ct)), kind => log.RoundFailed(which.Id, kind), ct)) state.Lost(which.Id);
        }
        if (isSweep && state.Behind is { } behind) await TellAsync(behind, ct);
    }

    private async Task TellAsync((int Logs, DateTimeOffset Since) behind, CancellationToken ct)
    {
        var holder = await sealer.OldestTransactionAsync(ct) ?? (-1, 0);
        log.SealStalled(behind.Logs, (long)(clock.GetUtcNow() - behind.Since).TotalSeconds, holder.Pid, holder.Seconds);
    }
}
