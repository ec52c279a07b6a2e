using Chartroom.Platform.Tenancy;

namespace Chartroom.Staff;

/// <summary>Copies what a killed program left between <c>platform</c> and a clinic's schema; at each start, once.</summary>
internal sealed class MirrorAtStart(PlatformDb platform, StaffMirror mirror) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var clinic in await WaitingAsync(stoppingToken)) await mirror.BringInLineAsync(clinic, stoppingToken);
    }

    private async Task<List<ClinicId>> WaitingAsync(CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job(), ct);
        return await tx.QueryAsync<ClinicId>("""
            select distinct membership.clinic_id
            from platform.membership
            join platform.clinic on clinic.id = membership.clinic_id and clinic.state = 'active'
            where membership.mirrored_at is null
            """, null, ct);
    }
}
