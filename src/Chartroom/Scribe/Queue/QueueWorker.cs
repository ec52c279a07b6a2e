using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>Does what is queued, on every node, several at a time and few of one clinic, so that one's slow work holds up nobody else; each is taken by one node only. Once a minute it looks at all clinics.</summary>
internal abstract class QueueWorker(QueueBell bell, Migrator migrator, DueWork due, TimeProvider clock, int atOnce) : BackgroundService
{
    private const int OfOneClinic = 2;
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim places = new(atOnce);
    private readonly Lock counting = new();
    private readonly Dictionary<ClinicId, int> working = [];
    private readonly HashSet<ClinicId> leftOver = [];

    /// <summary>Statement for the keys that are due at <c>@now</c>, the oldest first.</summary>
    protected abstract string Due { get; }

    /// <summary>When it wants to be run again, or null when it has ended or is somebody else's.</summary>
    protected abstract Task<DateTimeOffset?> RunAsync(ClinicId clinic, Guid id, CancellationToken ct);

    protected abstract void RoundFailed(Guid clinic, string kind);

    protected abstract void OneFailed(Guid id, string kind);

    public override void Dispose()
    {
        places.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ListenAsync(stoppingToken), SweepAsync(stoppingToken));

    private async Task ListenAsync(CancellationToken ct)
    {
        await foreach (var clinic in bell.Rings.ReadAllAsync(ct))
            foreach (var id in await DueAsync(clinic, ct))
            {
                if (!TakePlace(clinic)) break;
                await StartAsync(clinic, id, ct);
            }
    }

    /// <summary>False when the clinic has as many as it may; it is rung for when one of them ends.</summary>
    internal bool TakePlace(ClinicId clinic)
    {
        lock (counting)
        {
            var now = working.GetValueOrDefault(clinic);
            if (now >= OfOneClinic) leftOver.Add(clinic);
            else working[clinic] = now + 1;
            return now < OfOneClinic;
        }
    }

    internal void GivePlaceBack(ClinicId clinic)
    {
        lock (counting)
        {
            if (--working[clinic] == 0) working.Remove(clinic);
            if (leftOver.Remove(clinic)) bell.Ring(clinic);
        }
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Sweep, clock);
        do await migrator.ForEachClinicAsync(clinic => bell.RingInTurnAsync(clinic, ct).AsTask(), RoundFailed, ct);
        while (await timer.WaitForNextTickAsync(ct));
    }

    /// <summary>One clinic's that are due, one after another; answers when the first of them wants to be run again.</summary>
    internal async Task<DateTimeOffset?> WorkAsync(ClinicId clinic, CancellationToken ct)
    {
        DateTimeOffset? again = null;
        foreach (var id in await DueAsync(clinic, ct))
            if (await RunAsync(clinic, id, ct) is { } at && (again is null || at < again)) again = at;
        return again;
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(ClinicId clinic, CancellationToken ct)
    {
        IReadOnlyList<Guid> found = [];
        await Background.TryAsync(async () => found = await due.IdsAsync(clinic, Due, new { now = clock.GetUtcNow() }, ct), kind => RoundFailed(clinic.Value, kind), ct);
        return found;
    }

    private async Task StartAsync(ClinicId clinic, Guid id, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        _ = OneAsync(clinic, id, ct);   // ends by itself, and gives its place back
    }

    private async Task OneAsync(ClinicId clinic, Guid id, CancellationToken ct)
    {
        DateTimeOffset? again = null;
        try
        {
            again = await RunAsync(clinic, id, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;   // its row is taken up again after the start
        }
        catch (Exception error)   // the job worker's catch-all: one that fails must not end the others
        {
            OneFailed(id, error.GetType().Name);
        }
        finally
        {
            places.Release();
            GivePlaceBack(clinic);
        }
        if (again is not { } at) return;
        await Task.Delay(at > clock.GetUtcNow() ? at - clock.GetUtcNow() : TimeSpan.Zero, clock, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        bell.Ring(clinic);
    }
}
