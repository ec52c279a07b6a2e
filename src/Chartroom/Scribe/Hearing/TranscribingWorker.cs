using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe.Hearing;

/// <summary>Transcribes what is queued; two at a time on a node, for each may need a processor and a recording's whole memory.</summary>
internal sealed class TranscribingWorker(TranscribingJob job, RecordingBell bell, Migrator migrator, DueWork due, TimeProvider clock, ILogger<TranscribingWorker> log)
    : QueueWorker(bell, migrator, due, clock, atOnce: 2)
{
    protected override string Due => SelectDue;

    protected override Task<DateTimeOffset?> RunAsync(ClinicId clinic, Guid id, CancellationToken ct) => job.RunAsync(clinic, new(id), ct);

    protected override void RoundFailed(Guid clinic, string kind) => log.KeepingFailed(clinic, kind);

    protected override void OneFailed(Guid id, string kind) => log.TranscribingFailed(id, kind);

    private const string SelectDue = """
        select id
        from recording
        where state in ('queued', 'transcribing') and due_at <= @now
        order by due_at
        limit 50
        """;
}
