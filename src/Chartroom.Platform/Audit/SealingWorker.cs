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
            if (isSweep) state.Sweeping();
            List<ClinicId?> due = stamp.TakeTouched();
            if (isSweep) due = [null, .. (await migrator.ClinicsAsync(ct)).Select(clinic => (ClinicId?)clinic)];
            await SealAllAsync(due, isSweep, ct);
        }
        catch (Exception error) when (!ct.IsCancellationRequested)   // a worker that ended would end the whole program
        {
            log.RoundFailed(Guid.Empty, error.GetType().Name);
        }
    }

    /// <summary>Seals these logs, one after the other: what is wrong with one keeps none of the others waiting.</summary>
    internal async Task SealAllAsync(IReadOnlyList<ClinicId?> due, bool isSweep, CancellationToken ct)
    {
        foreach (var clinic in due)
        {
            var which = new SealedLog(clinic, settings.LogName);
            await SealAsync(which, ct);
            if (isSweep) await LookAsync(which, ct);
        }
        if (isSweep && state.Behind is { } behind) await TellAsync(behind, ct);
    }

    private async Task SealAsync(SealedLog which, CancellationToken ct)
    {
        try
        {
            await sealer.SealAsync(which, ct);
        }
        catch (Exception error) when (!ct.IsCancellationRequested)   // whatever it is: the next log may be well, and the sweep comes back to this one
        {
            log.RoundFailed(which.Id, error.GetType().Name);
        }
    }

    private async Task LookAsync(SealedLog which, CancellationToken ct)
    {
        try
        {
            state.Found(which.Id, await sealer.OldestWaitingAsync(which, ct));
        }
        catch (Exception error) when (!ct.IsCancellationRequested)   // as above
        {
            state.Lost(which.Id);
            log.RoundFailed(which.Id, error.GetType().Name);
        }
    }

    private async Task TellAsync((int Logs, DateTimeOffset Since) behind, CancellationToken ct)
    {
        var holder = await sealer.OldestTransactionAsync(ct) ?? (-1, 0);
        log.SealStalled(behind.Logs, (long)(clock.GetUtcNow() - behind.Since).TotalSeconds, holder.Pid, holder.Seconds);
    }
}
