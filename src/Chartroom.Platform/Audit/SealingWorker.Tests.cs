using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chartroom.Platform.Audit;

public sealed class SealingWorkerTests
{
    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task AUD_3_A_witness_that_hangs_or_talks_nonsense_over_one_log_keeps_no_other_waiting_and_ends_nothing(bool hangs)
    {
        await using var sick = await TamperedLog.MakeAsync(0);
        await using var well = await TamperedLog.MakeAsync(0);
        var (clinic, directory) = (sick.Clinic, Directory.CreateTempSubdirectory());
        using var kept = new FileWitness(directory.FullName, clinic.The<AuditKeys>().Log.Verifier, clinic.Clock);
        await using var host = WebApplication.CreateSlimBuilder().Build();
        host.Urls.Add("http://127.0.0.1:0");
        host.MapGet("/state", async (string origin, CancellationToken ct) => origin == sick.Origin ? await SickAsync(hangs, ct) : Results.Ok(await kept.StateAsync(origin, ct)));
        host.MapPost("/add", async (HttpWitness.Addition it, CancellationToken ct) => it.Origin == sick.Origin ? await SickAsync(hangs, ct) : Results.Ok(await kept.AddAsync(it.Origin, it.Leaves, it.Note, ct)));
        await host.StartAsync();
        var state = new SealingState(clinic.Clock);
        var worker = WorkerOf(clinic, state, new HttpWitness(clinic.The<IHttpClientFactory>(), new(host.Urls.Single() + "/"), kept.Key), NullLogger<SealingWorker>.Instance);
        await sick.WriteAsync(10);
        await well.WriteAsync(10);

        do await worker.SealAllAsync([clinic.Id, well.Clinic.Id], isSweep: true, default); while (await well.IsWaitingAsync());   // for other tests' transactions

        Assert.Equal(10, await well.Clinic.OneAsync<long>("select max(size) from audit_checkpoint"));
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from audit_checkpoint"));
        Assert.True(state.IsSealing);
        clinic.Clock.Advance(TimeSpan.FromSeconds(91));
        Assert.Equal(1, state.Behind!.Value.Logs);
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task AUD_3_Rows_that_a_transaction_left_open_keeps_from_being_sealed_are_told_by_verification_readiness_and_log_until_they_are()
    {
        await using var log = await TamperedLog.MakeAsync(20);
        var (clinic, told) = (log.Clinic, new Lines());
        var worker = WorkerOf(clinic, clinic.The<SealingState>(), clinic.The<IWitness>(), told);
        await using var slow = await clinic.The<DatabaseLogins>().OpenAsync(default);
        slow.Queue("begin");
        await slow.QueryAsync<string>("select pg_current_xact_id()::text", null, default);
        var since = clinic.Clock.GetUtcNow();
        await log.WriteAsync(10);
        await worker.SealAllAsync([clinic.Id], isSweep: true, default);
        Assert.Empty((await log.VerifyAsync()).Findings);
        Assert.True(await IsSealingAsync(clinic));

        clinic.Clock.Advance(TimeSpan.FromSeconds(91));
        await worker.SealAllAsync([clinic.Id], isSweep: true, default);
        await log.RunAsync("delete from {0}.audit_event where id = (select id from {0}.audit_event where id not in (select event_id from {0}.audit_leaf) limit 1)");   // nobody can miss it, but that it could go is told

        foreach (var verdict in new[] { await log.VerifyAsync(), await log.VerifyExportAsync() })
        {
            var stalled = Assert.Single(verdict.Findings);
            Assert.Equal((FindingKind.SealStalled, since), (stalled.Kind, stalled.EventAt));
            Assert.StartsWith("9 rows, the oldest of 2026-03-02 14:00:30Z", stalled.Text, StringComparison.Ordinal);
        }
        Assert.False(await IsSealingAsync(clinic));
        Assert.Matches("^1 audit logs .* for 91 seconds.* process [0-9]+, [0-9]+ seconds old", Assert.Single(told.Critical));

        await slow.RollbackAsync();
        await log.SealAsync();
        await worker.SealAllAsync([clinic.Id], isSweep: true, default);
        Assert.Empty((await log.VerifyAsync()).Findings);
        Assert.True(await IsSealingAsync(clinic));
    }

    [Fact]
    public void AUD_3_At_whatever_pace_is_set_every_log_is_sealed_and_witnessed_within_sixty_seconds_also_one_whose_node_died()
    {
        foreach (var seconds in Enumerable.Range(1, 60))
        {
            var (swept, longest) = (0, 0);   // this node's own logs come with every round; those of a node that died with the sweeps
            for (var now = seconds; now < 3600; now += seconds)
                if (SealingWorker.IsSweepDue(TimeSpan.FromSeconds(now - swept), seconds)) (swept, longest) = (now, Math.Max(longest, now - swept));
            Assert.True(longest is > 0 and <= 60, $"every {seconds} seconds: {longest} seconds between two sweeps");
        }
        Assert.True(SealingWorker.IsSweepDue(TimeSpan.FromDays(1), 1));   // the first round after a start
        foreach (var (seconds, isTaken) in new[] { (0, false), (1, true), (60, true), (61, false) })
            Assert.Equal(isTaken, new AuditSettings { SealSeconds = seconds } is var set && Validator.TryValidateObject(set, new(set), null, validateAllProperties: true));
    }

    [Fact]
    public async Task AUD_3_A_transaction_of_the_program_that_asks_nothing_for_five_minutes_is_ended()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var pipe = await clinic.The<DatabaseLogins>().OpenAsync(default);
        Assert.Equal("5min", Assert.Single(await pipe.QueryAsync<string>("select current_setting('idle_in_transaction_session_timeout')", null, default)));
    }

    private static SealingWorker WorkerOf(TestClinic clinic, SealingState state, IWitness witness, ILogger<SealingWorker> log) =>
        new(new Sealer(clinic.The<DatabaseLogins>(), clinic.The<AuditKeys>(), witness, clinic.Clock, NullLogger<Sealer>.Instance), clinic.The<AuditStamp>(), state, clinic.The<Migrator>(),
            clinic.The<AuditSettings>(), clinic.Clock, log);

    private static async Task<IResult> SickAsync(bool hangs, CancellationToken ct)
    {
        if (hangs) await Task.Delay(Timeout.Infinite, ct);
        return Results.Content("<html>Welcome to the hotel's network</html>", "text/html");
    }

    /// <summary>What readiness says of it; requests are served either way.</summary>
    private static async Task<bool> IsSealingAsync(TestClinic clinic)
    {
        var ready = JsonNode.Parse(await clinic.Anonymous().GetStringAsync(new Uri("/readyz", UriKind.Relative)))!;
        Assert.Equal("ready", (string)ready["status"]!);
        return (bool)ready["sealing"]!;
    }

    private sealed class Lines : ILogger<SealingWorker>
    {
        public List<string> Critical { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Critical) Critical.Add(formatter(state, exception));
        }
    }
}
