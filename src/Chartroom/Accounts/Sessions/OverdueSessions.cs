using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Accounts;

/// <summary>
/// Ends sessions whose time is over, every minute. At a request they count as ended anyway; with this they stay so when a clock is set back. What was used a moment ago
/// the gate refuses by itself, since its last use then lies ahead.
/// </summary>
internal sealed class OverdueSessions(PlatformDb db, TimeProvider clock, ILogger<OverdueSessions> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Background.TryAsync(() => EndAsync(stoppingToken), log.SessionsNotEnded, stoppingToken);
    }

    /// <summary>One round; answers how many. Safe on several nodes at once.</summary>
    public async Task<int> EndAsync(CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Origin.Job("job"), ct);
        var count = await tx.EndSessionsAsync("""
            update platform.session
            set ended_at = @now
            where ended_at is null and id in (select life.id from platform.session_life life where life.ends_at <= @now or life.idle_at <= @now)
            returning id, clinic_id
            """, new { now = tx.Now }, ct);
        if (count == 0) return 0;
        tx.Audit(new Access("sessions.expired", "session"), null);
        await tx.CommitAsync(ct);
        return count;
    }
}
