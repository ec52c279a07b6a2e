using Chartroom.Platform.Tenancy;

namespace Chartroom.OutsideCalendars;

/// <summary>Once a minute, on every node: reads the outside calendars that were last read 15 minutes ago. They stay as far apart as people entered them.</summary>
internal sealed class BusyWorker(BusyReader reader, Migrator migrator, DueWork due, TimeProvider clock, ILogger<BusyWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1), Every = TimeSpan.FromMinutes(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await RoundAsync(stoppingToken);
    }

    /// <summary>One round over all clinics. What fails is logged and waits for the next round.</summary>
    public Task RoundAsync(CancellationToken ct) => migrator.ForEachClinicAsync(clinic => WorkAsync(clinic, ct), log.RoundFailed, ct);

    /// <summary>One clinic's calendars that are due. What somebody else wrote may fail in ways nobody thought of: one that does keeps none of the others waiting.</summary>
    internal async Task WorkAsync(ClinicId clinic, CancellationToken ct)
    {
        foreach (var calendar in await due.IdsAsync(clinic, SelectDue, new { before = clock.GetUtcNow() - Every }, ct))
            await Background.TryAsync(() => reader.ReadAsync(clinic, calendar, ct), kind => log.RoundFailed(clinic.Value, kind), ct);
    }

    private const string SelectDue = """
        select id
        from outside_calendar
        where is_active and (checked_at is null or checked_at <= @before)
        order by checked_at nulls first
        limit 100
        """;
}
