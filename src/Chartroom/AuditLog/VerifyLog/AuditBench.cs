using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.AuditLog;

/// <summary><c>bench audit</c>: how fast rows are written with 8 writers, what a row adds to a transaction, how fast a log is sealed and verified.</summary>
internal static class AuditBench
{
    private const string Slug = "bench-audit";
    private const int Writers = 8, EventsAtOnce = 500;

    public static Command Make(Func<WebApplication> program)
    {
        var rows = new Option<long>("--rows") { Description = "Fill the scratch clinic's log up to so many rows before it is verified.", DefaultValueFactory = _ => 1_000_000 };
        var seconds = new Option<int>("--seconds") { Description = "Length of one drive.", DefaultValueFactory = _ => 10 };
        var verb = new Command("audit", "Time writing, sealing and verifying of the audit log in a scratch clinic, which stays.") { rows, seconds };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            var clinic = await ScratchClinic.OpenAsync(app.Services, Slug, "Audit bench", ct);
            await RunAsync(app.Services, Actor.OfSystem(clinic, "cli"), (parsed.GetValue(rows), TimeSpan.FromSeconds(parsed.GetValue(seconds))), ct);
            return 0;
        });
        return verb;
    }

    private static async Task RunAsync(IServiceProvider services, Actor actor, (long Rows, TimeSpan Each) wanted, CancellationToken ct)
    {
        var db = services.GetRequiredService<TenantDb>();
        var log = new SealedLog(actor.Clinic, services.GetRequiredService<AuditSettings>().LogName);
        await DriveAsync(db, actor, 1, TimeSpan.FromSeconds(2), ct);
        var one = await DriveAsync(db, actor, 1, wanted.Each, ct);
        var eleven = await DriveAsync(db, actor, 11, wanted.Each, ct);
        Say($"{Writers} writers, a row a transaction   {one.PerSecond,9:0} rows/s   p50 {one.Median,6:0.0} ms   p99 {one.Slow,6:0.0} ms   (floor: 3000 rows/s)");
        Say($"{Writers} writers, 11 rows a transaction {eleven.PerSecond * 11,9:0} rows/s   p50 {eleven.Median,6:0.0} ms   p99 {eleven.Slow,6:0.0} ms");
        Say($"one row more in a transaction adds   p50 {(eleven.Median - one.Median) / 10,6:0.00} ms   p99 {(eleven.Slow - one.Slow) / 10,6:0.00} ms   (ceiling at p99: 5 ms)");

        var sealing = Stopwatch.StartNew();
        var count = await services.GetRequiredService<Sealer>().SealAsync(log, ct);
        Say($"sealed and witnessed                 {count,9} rows in {sealing.Elapsed.TotalSeconds:0.0} s, {count / sealing.Elapsed.TotalSeconds:0} rows/s");
        await FillAsync(db, actor, wanted.Rows, ct);
        await services.GetRequiredService<Sealer>().SealAsync(log, ct);
        var verifying = Stopwatch.StartNew();
        var verdict = await services.GetRequiredService<SealedLogReader>().VerifyAsync(log, ct);
        Say($"verified                             {verdict.Size,9} rows in {verifying.Elapsed.TotalSeconds:0.0} s, {verdict.Findings.Count} findings   (ceiling at 1,000,000 rows: 60 s)");
    }

    private static async Task<(double PerSecond, double Median, double Slow)> DriveAsync(TenantDb db, Actor actor, int rows, TimeSpan length, CancellationToken ct)
    {
        var times = new ConcurrentBag<double>();
        var whole = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            while (whole.Elapsed < length)
            {
                var begun = Stopwatch.GetTimestamp();
                await WriteAsync(db, actor, rows, ct);
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }));
        var sorted = times.Order().ToList();
        return (sorted.Count / whole.Elapsed.TotalSeconds, sorted[sorted.Count / 2], sorted[sorted.Count * 99 / 100]);
    }

    private static async Task WriteAsync(TenantDb db, Actor actor, int rows, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        for (var row = 0; row < rows; row++) tx.Audit(new("patient.opened", "patient", actor.Clinic.Value), PatientId.New());
        await tx.CommitAsync(ct);
    }

    private static async Task FillAsync(TenantDb db, Actor actor, long rows, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAudit, ct);
        var there = (await tx.QueryAsync<long>("select count(*) from audit_event", null, ct)).Single();
        tx.Audit(new("audit.read", "audit_event", Purpose: Purpose.Operations));
        await tx.CommitAsync(ct);
        for (; there < rows; there += EventsAtOnce) await WriteAsync(db, actor, EventsAtOnce, ct);
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
