using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench chart</c>: opens the chart of a patient with a thousand encounters, part by part, in the machine's Chromium, from the navigation to the first idle moment after it is drawn;
/// and asks the server for the same pages alone. The goal is 1,000 ms at p95 for every part.
/// </summary>
internal sealed class ChartBench(BenchServer server, ChartClinic clinic, TextWriter report)
{
    private const int Goal = 1000, WarmUp = 3;

    private static readonly string[] Parts = ["", "/vitals", "/encounters", "/results", "/notes", "/history"];

    public static Command Make()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each part is opened.", DefaultValueFactory = _ => 20 };
        BenchVerbs.Hold(rounds, text => BenchVerbs.IsFrom1To(text, 1000), "a number from 1 to 1000");
        var chromium = Chromium.Where();
        var verb = new Command("chart", "Time the chart of a patient with 1,000 encounters in Chromium, from navigation to interactive.") { rounds, chromium };
        verb.SetAction(async (parsed, ct) =>
        {
            var executable = parsed.GetValue(chromium)!;   // has a default
            await using var server = BenchServer.Build();
            return await new ChartBench(server, new(server.Services), Console.Out).RunAsync(executable, parsed.GetValue(rounds), ct);
        });
        return verb;
    }

    /// <summary>Answers 1 when the goal is missed by the p95 of any part.</summary>
    private async Task<int> RunAsync(string executable, int rounds, CancellationToken ct)
    {
        var (token, patient) = await clinic.OpenAsync(ct);
        await server.StartAsync(ct);
        using var client = server.ClientOf(token);
        await using var chromium = await Chromium.StartAsync(executable, ct);
        var session = await chromium.OpenAsync(server.Address, token, ct);

        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{ChartClinic.Encounters:N0} encounters, Chromium at 1280 × 900, navigation to interactive, {rounds} times each"));
        var slowest = 0.0;
        foreach (var part in Parts)
        {
            var path = $"/patients/{patient}/chart{part}";
            var (asked, bytes) = await BenchServer.TimeAsync(client, () => new(HttpMethod.Get, path), (WarmUp, rounds), ct);
            var (browser, nodes) = await OpenedAsync(chromium, (session, server.Address + path), rounds, ct);
            slowest = Math.Max(slowest, At(browser, 95));
            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{(part.Length == 0 ? "summary" : part[1..]),-11} server p50 {At(asked, 50),5:0} ms  p95 {At(asked, 95),5:0} ms   interactive p50 {At(browser, 50),5:0} ms  p95 {At(browser, 95),5:0} ms   {bytes / 1000,5} kB  {nodes,6} elements"));
        }
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"slowest p95 {slowest:0} ms, goal {Goal} ms, ratio {slowest / Goal:0.00}"));
        return slowest <= Goal ? 0 : 1;
    }

    private static double At(List<TimeSpan> sorted, int percent) => Timings.Percentile(sorted, percent).TotalMilliseconds;

    private static async Task<(List<TimeSpan> Times, int Nodes)> OpenedAsync(Chromium chromium, (string Session, string Url) page, int rounds, CancellationToken ct)
    {
        var (times, nodes) = (new List<TimeSpan>(), 0);
        for (var number = -WarmUp; number < rounds; number++)
        {
            await chromium.SendAsync(page.Session, "Page.navigate", new() { ["url"] = page.Url }, ct);
            var figures = (await chromium.AskAsync(page.Session, Interactive, ct))!;   // throws when there is none
            nodes = (int)figures["nodes"]!;
            if (number >= 0) times.Add(TimeSpan.FromMilliseconds((double)figures["time"]!));
        }
        times.Sort();
        return (times, nodes);
    }

    // Interactive: everything is loaded and run, the page has been laid out and painted once, and a task that was put at the end of the line has had its turn, as a click would.
    private const string Interactive = """
        new Promise((done, failed) => {
            const end = performance.now() + 20000;
            const look = () => {
                if (performance.now() > end) return failed(new Error('The chart was not drawn: ' + document.title));
                if (document.readyState !== 'complete' || !document.querySelector('.chart-main')) return setTimeout(look, 5);
                requestAnimationFrame(() => setTimeout(() => done({ time: performance.now(), nodes: document.querySelectorAll('*').length })));
            };
            look();
        })
        """;
}
