using System.Security.Cryptography;
using Chartroom.Platform.Database;
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
    public async Task RoundAsync(CancellationToken ct)
    {
        try
        {
            foreach (var clinic in await migrator.ClinicsAsync(ct)) await WorkAsync(clinic, ct);
        }
        catch (Npgsql.NpgsqlException error)
        {
            log.RoundFailed(Guid.Empty, error.GetType().Name);
        }
    }

    private async Task WorkAsync(ClinicId clinic, CancellationToken ct)
    {
        try
        {
            if (await rotation.IsDueAsync(clinic, TimeSpan.FromDays(settings.RotateAfterDays), ct))
                await handler.HandleAsync(new(WithPatients: true), Actor.OfSystem(clinic), ct);   // refused when another node was first
            await rotation.RunAsync(clinic, () => Task.CompletedTask, ct);
        }
        catch (Exception error) when (error is Npgsql.NpgsqlException or CryptographicException)
        {
            log.RoundFailed(clinic.Value, error.GetType().Name);
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Error, "Rotating the keys of clinic {Clinic} failed and will be tried again: {Kind}")]
    public static partial void RoundFailed(this ILogger log, Guid clinic, string kind);
}
