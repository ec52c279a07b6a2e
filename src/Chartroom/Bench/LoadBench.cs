using System.Globalization;
using Chartroom.Platform.Database;
using Chartroom.Shell;

namespace Chartroom.Bench;

/// <summary>
/// Drives day view, open chart and book against the running program, then has pgbench send the same SQL to a copy of the same database on the same
/// server. The ratio says what the program costs on top of the database.
/// </summary>
public sealed class LoadBench(LoadSettings settings, TextWriter report)
{
    private const int Takes = 6;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    /// <summary>Measures and reports; answers the exit code.</summary>
    /// <param name="administratorConnection">Of the server's database, or null to leave pgbench out.</param>
    /// <param name="ct">Gives up; the copy is dropped all the same.</param>
    public async Task<int> RunAsync(string? administratorConnection, CancellationToken ct)
    {
        try
        {
            await MeasureAsync(administratorConnection, ct);
            return 0;
        }
        catch (Exception error) when (error is InvalidOperationException or HttpRequestException or NotSupportedException)
        {
            await report.WriteLineAsync($"Stopped: {error.Message}");
            return 1;
        }
    }

    private async Task MeasureAsync(string? administratorConnection, CancellationToken ct)
    {
        using var client = ClientTo(settings.Url);
        var desk = await Desk.SignInAsync(client, settings, TimeProvider.System.GetUtcNow(), ct);
        LoadAct[] acts = [desk.DayView, desk.OpenChart, desk.Book];
        await report.WriteLineAsync(Text($"{settings.Connections} connections, {settings.Duration.TotalSeconds:0} s each, charts of {desk.Patients} patients in turn"));
        if (administratorConnection is null)
        {
            foreach (var act in acts) await DriveAsync(client, act, ct);
            return;
        }
        var scripts = await TakeAsync(acts, desk.Patients, ct);
        await using var pgbench = await Pgbench.OnCopyAsync(administratorConnection, ct);
        foreach (var act in acts) await CompareAsync(client, pgbench, (act, scripts[act]), ct);
    }

    private async Task DriveAsync(HttpClient client, LoadAct act, CancellationToken ct)
    {
        var drive = await WarmAsync(client, act, ct);
        await ReportAsync(act, drive, await drive.RunAsync(act, settings.Duration, ct));
    }

    private async Task<Drive> WarmAsync(HttpClient client, LoadAct act, CancellationToken ct)
    {
        var drive = new Drive(client, settings.Connections);
        if (!await drive.AskAsync(act, ct)) throw new InvalidOperationException($"{act.Name}: {drive.LastFailure}");
        await drive.RunAsync(act, TimeSpan.FromSeconds(2), ct);
        return drive;
    }

    private Task ReportAsync(LoadAct act, Drive drive, Timings timings) => report.WriteLineAsync(Text(
        $"{act.Name,-14}{timings.PerSecond,9:0.0} per second   p50 {timings.Median.TotalMilliseconds,7:0.0} ms   p99 {timings.Slow.TotalMilliseconds,7:0.0} ms") +
        (timings.Failures > 0 ? $"   {timings.Failures} failed, the last: {drive.LastFailure}" : ""));

    /// <summary>The program and pgbench in turn, a few seconds each, so that both meet the machine in the same mood.</summary>
    private async Task CompareAsync(HttpClient client, Pgbench pgbench, (LoadAct Act, IReadOnlyList<string> Scripts) what, CancellationToken ct)
    {
        var drive = await WarmAsync(client, what.Act, ct);
        var (turns, rates) = (new List<Timings>(), new List<double>());
        for (var left = settings.Duration; left > TimeSpan.Zero; left -= Turn)
        {
            turns.Add(await drive.RunAsync(what.Act, left < Turn ? left : Turn, ct));
            rates.Add(await pgbench.RunAsync(what.Scripts, settings.Connections, left < Turn ? left : Turn, ct));
        }
        var whole = Timings.Together(turns);
        await ReportAsync(what.Act, drive, whole);
        await report.WriteLineAsync(Text($"{"   by pgbench",-14}{rates.Average(),9:0.0} per second   ratio {whole.PerSecond / rates.Average():0.00}"));
    }

    /// <summary>What each act sends to the database, taken from a copy of the program in this process: the session of the running one holds here too.</summary>
    private static async Task<Dictionary<LoadAct, IReadOnlyList<string>>> TakeAsync(LoadAct[] acts, int patients, CancellationToken ct)
    {
        await using var server = BenchServer.Build();
        await server.StartAsync(ct);
        using var client = ClientTo(new(server.Address));
        var sent = new List<SentBatch>();
        server.Services.GetRequiredService<DatabaseLogins>().WatchUnaudited(sent.Add);
        var scripts = new Dictionary<LoadAct, IReadOnlyList<string>>();
        // An act whose requests go round among patients gives one script for each of a few of them.
        foreach (var act in acts) scripts[act] = await ScriptsAsync(act, client, sent, patients, ct);
        return scripts;
    }

    private static async Task<IReadOnlyList<string>> ScriptsAsync(LoadAct act, HttpClient client, List<SentBatch> sent, int patients, CancellationToken ct)
    {
        var scripts = new List<string>();
        for (var which = 0; which < Math.Min(8, patients); which++)
        {
            // Takes of one script are of one patient: only what is new each time may differ. A first one fills caches, another may fall on the minute
            // at which a session is marked as seen; so two in a row have to agree.
            var last = await OneAsync(act, client, sent, which, ct);
            string? script = null;
            for (var take = 1; take < Takes && script is null; take++)
            {
                var next = await OneAsync(act, client, sent, (take * patients) + which, ct);
                script = Replay.Script(last, next, TimeProvider.System.GetUtcNow());
                last = next;
            }
            scripts.Add(script ?? throw new InvalidOperationException($"{act.Name} does not send the same statements each time, so there is nothing to replay."));
        }
        return scripts;
    }

    private static async Task<SentBatch[]> OneAsync(LoadAct act, HttpClient client, List<SentBatch> sent, int number, CancellationToken ct)
    {
        sent.Clear();
        using var answer = await client.SendAsync(act.Request(number), ct);
        var body = await answer.Content.ReadAsStringAsync(ct);
        if ((int)answer.StatusCode != act.Expected) throw new InvalidOperationException($"{act.Name}: {(int)answer.StatusCode} {body}");
        return [.. sent];
    }

    private static HttpClient ClientTo(Uri address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 1000 }) { BaseAddress = address };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
