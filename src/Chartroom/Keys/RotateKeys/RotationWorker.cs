using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Keys;

/// <summary>Once a minute, on every node: begins rotations that are due and works on those that are open.</summary>
internal sealed class RotationWorker(RotateKeysHandler handler, KeyRotation rotation, Migrator migrator, KeySettings settings, ILogger<RotationWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await RoundAsync(stoppingToken);
    }

    /// <summary>One round over all clinics. What fails is logged and waits for the next round.</summary>
    public Task RoundAsync(CancellationToken ct) => migrator.ForEachClinicAsync(clinic => WorkAsync(clinic, ct), log.RoundFailed, ct);

    private async Task WorkAsync(ClinicId clinic, CancellationToken ct)
    {
        if (await rotation.IsDueAsync(clinic, TimeSpan.FromDays(settings.RotateAfterDays), ct))
            await handler.HandleAsync(new(WithPatients: true), Actor.OfSystem(clinic), ct);   // refused when another node was first
        await rotation.RunAsync(clinic, () => Task.CompletedTask, ct);
    }
}

internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Error, "Rotating the keys of clinic {Clinic} failed and will be tried again: {Kind}")]
    public static partial void RoundFailed(this ILogger log, Guid clinic, string kind);
}
