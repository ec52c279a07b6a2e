using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>Destroys audio whose time is over. Safe on several nodes at once; as the program, so that it also reaches charts that are shut.</summary>
internal sealed class RecordingKeeper(TenantDb db, DueWork due, TimeProvider clock, ILogger<RecordingKeeper> log)
{
    /// <summary>How many were destroyed.</summary>
    public async Task<int> SweepAsync(ClinicId clinic, CancellationToken ct)
    {
        var destroyed = 0;
        foreach (var id in await due.IdsAsync(clinic, SelectOver, new { now = clock.GetUtcNow() }, ct))
            await Background.TryAsync(async () => destroyed += await DestroyAsync(clinic, new(id), ct) ? 1 : 0, kind => log.KeepingFailed(clinic.Value, kind), ct);   // one that fails lets no other outlive its time
        return destroyed;
    }

    private async Task<bool> DestroyAsync(ClinicId clinic, RecordingId id, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.SignNotes, ct);
        tx.Audit(new("recording.kept-long-enough", "recording", id.Value));
        var why = await tx.QueryOneOrNoneAsync<bool>("select transcribed_at is not null from recording where id = @id", new { id }, ct) ? DestroyedBecause.KeptLongEnough : DestroyedBecause.NeverTranscribed;
        if (!await RecordingShelf.DestroyOneAsync(tx, id, why, ct)) return false;   // another node was faster
        await tx.CommitAsync(ct);
        return true;
    }

    private const string SelectOver = """
        select id
        from recording
        where destroyed_at is null and keep_until <= @now
        order by keep_until
        limit 200
        """;
}

/// <summary>Looks after recordings once a minute, on every node.</summary>
internal sealed class RecordingWorker(RecordingKeeper keeper, Migrator migrator, TimeProvider clock, ILogger<RecordingWorker> log) : BackgroundService
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Sweep, clock);
        do await migrator.ForEachClinicAsync(clinic => keeper.SweepAsync(clinic, stoppingToken), log.KeepingFailed, stoppingToken);   // what is wrong at one lets no other's audio outlive its time
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
