using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>Rings when a note was queued for an outside model.</summary>
internal sealed class DraftingBell : QueueBell;

/// <summary>Drafts what is queued.</summary>
internal sealed class DraftingWorker(DraftingJob job, DraftingBell bell, Migrator migrator, DueWork due, TimeProvider clock, ILogger<DraftingWorker> log) : QueueWorker(bell, migrator, due, clock, atOnce: 6)
{
    protected override string Due => SelectDue;

    protected override Task<DateTimeOffset?> RunAsync(ClinicId clinic, Guid id, CancellationToken ct) => job.RunAsync(clinic, id, ct);

    protected override void RoundFailed(Guid clinic, string kind) => log.RoundFailed(clinic, kind);

    protected override void OneFailed(Guid id, string kind) => log.DraftingFailed(id, kind);

    private const string SelectDue = """
        select id
        from drafting
        where state in ('queued', 'drafting') and due_at <= @now
        order by due_at
        limit 50
        """;
}
