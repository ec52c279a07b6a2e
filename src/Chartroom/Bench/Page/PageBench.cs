using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench page</c>: opens the day of 12 × 40 visits in the machine's Chromium and times it from the navigation to where a person can work with it: every visit is drawn and the
/// page answers a click at once. Also adds up what the page loads, compressed as sent. The goals are 500 ms and 150 kB of scripts.
/// </summary>
internal sealed class PageBench(BenchServer server, (string Token, int Visits) day, TextWriter report)
{
    private const int Goal = 500, WarmUp = 5;

    public static Command Make()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often the page is opened.", DefaultValueFactory = _ => 30 };
        BenchVerbs.Hold(rounds, text => BenchVerbs.IsFrom1To(text, 1000), "a number from 1 to 1000");
        var chromium = Chromium.Where();
        var slug = BenchVerbs.DayOf();
        var verb = new Command("page", "Time the day of 12 providers with 40 visits each in Chromium, from navigation to interactive.") { rounds, chromium, slug };
        verb.SetAction(async (parsed, ct) =>
        {
            var executable = parsed.GetValue(chromium)!;   // has a default
            await using var server = BenchServer.Build();
            return await new PageBench(server, await new DayClinic(server.Services).OpenAsync(parsed.GetValue(slug)!, ct), Console.Out).RunAsync(executable, parsed.GetValue(rounds), ct);
        });
        return verb;
    }

    /// <summary>Answers 1 when the goal is missed by the median.</summary>
    private async Task<int> RunAsync(string executable, int rounds, CancellationToken ct)
    {
        await server.StartAsync(ct);
        await using var chromium = await Chromium.StartAsync(executable, ct);
        var kept = await MeasureAsync(chromium, (server.Address, day, IsFirst: false), rounds, ct);
        var first = await MeasureAsync(chromium, (server.Address, day, IsFirst: true), Math.Max(3, rounds / 3), ct);

        await report.WriteLineAsync($"{DayClinic.Providers} providers, {day.Visits} visits, Chromium at 1280 × 900, navigation to interactive");
        await TellAsync("again", kept);
        await TellAsync("first", first);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"a first visit loads {first[0].Scripts / 1000.0:0.0} kB of scripts, {first[0].All / 1000.0:0.0} kB in all, compressed"));
        return Timings.Percentile([.. kept.Select(it => it.Time)], 50).TotalMilliseconds <= Goal ? 0 : 1;
    }

    /// <param name="Time">Until what the window shows is drawn and a click is answered.</param>
    /// <param name="Work">Processor time of the page's own thread.</param>
    /// <param name="Whole">Until every visit is drawn, those beyond the window's edge too.</param>
    private sealed record Taken(TimeSpan Time, double Server, double Work, double Whole, double Scripts, double All);

    /// <summary>A person opens the day over and over in one window, whose browser has kept the assets; or for the first time in each of several.</summary>
    private static async Task<List<Taken>> MeasureAsync(Chromium chromium, (string Address, (string Token, int Visits) Day, bool IsFirst) how, int rounds, CancellationToken ct)
    {
        var taken = new List<Taken>();
        var session = "";
        for (var number = how.IsFirst ? 0 : -WarmUp; number < rounds; number++)
        {
            if (how.IsFirst || session.Length == 0) session = await SignedInAsync(chromium, how.Address, how.Day.Token, ct);
            var before = await WorkAsync(chromium, session, ct);
            await chromium.SendAsync(session, "Page.navigate", new() { ["url"] = $"{how.Address}/day?view=day&closed=true&date={DayClinic.Day:yyyy-MM-dd}" }, ct);
            var figures = (await chromium.AskAsync(session, Interactive.Replace("VISITS", how.Day.Visits.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), ct))!;   // throws when there is none
            var after = await WorkAsync(chromium, session, ct);
            if (number >= 0) taken.Add(new(TimeSpan.FromMilliseconds((double)figures["time"]!), (double)figures["server"]!, after < before ? after : after - before, (double)figures["whole"]!, (double)figures["scripts"]!, (double)figures["all"]!));
        }
        return [.. taken.OrderBy(it => it.Time)];
    }

    private static async Task<string> SignedInAsync(Chromium chromium, string address, string token, CancellationToken ct)
    {
        var session = await chromium.OpenAsync(address, token, ct);
        await chromium.SendAsync(session, "Performance.enable", new JsonObject { ["timeDomain"] = "threadTicks" }, ct);
        return session;
    }

    /// <summary>Milliseconds that the page's thread has had the processor since it was there: on a busy machine it says more than the clock on the wall.</summary>
    private static async Task<double> WorkAsync(Chromium chromium, string session, CancellationToken ct)
    {
        var metrics = (await chromium.SendAsync(session, "Performance.getMetrics", [], ct))["metrics"]!.AsArray();
        return metrics.Where(it => (string)it!["name"]! is "TaskDuration").Sum(it => (double)it!["value"]!) * 1000;
    }

    private async Task TellAsync(string name, List<Taken> taken)
    {
        double At(int percent) => Timings.Percentile([.. taken.Select(it => it.Time)], percent).TotalMilliseconds;
        var work = taken.Select(it => it.Work).Order().ElementAt(taken.Count / 2);
        var server = taken.Select(it => it.Server).Order().ElementAt(taken.Count / 2);
        var whole = taken.Select(it => it.Whole).Order().ElementAt(taken.Count / 2);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{name}   p50 {At(50),6:0} ms   p95 {At(95),6:0} ms   until the page came {server,4:0} ms   all drawn {whole,5:0} ms   own processor {work,4:0} ms   ratio {At(50) / Goal:0.00} (goal {Goal} ms)"));
    }

    // Interactive: the calendar is drawn with all the visits that the window shows, and the browser has had a frame and an idle moment since, so that nothing stands between a click
    // and its answer. What lies beyond the window's edge follows in small batches.
    private const string Interactive = """
        new Promise((done, failed) => {
            const end = performance.now() + 20000;
            const look = () => {
                const whole = performance.getEntriesByName('calendar-whole')[0]?.startTime;
                const isThere = whole && document.readyState === 'complete' && document.querySelectorAll('#calendar [data-visit]').length >= VISITS;
                if (!isThere && performance.now() > end) return failed(new Error('The calendar was not drawn: ' + document.title));
                if (!isThere) return setTimeout(look, 20);
                const drawn = performance.getEntriesByName('calendar-drawn')[0]?.startTime ?? performance.now();
                const [page] = performance.getEntriesByType('navigation');
                const files = performance.getEntriesByType('resource').filter(it => it.name.includes('/assets/'));
                const sum = list => list.reduce((all, it) => all + it.encodedBodySize, 0);
                done({ time: Math.max(drawn, page.domContentLoadedEventEnd), server: page.responseEnd, whole, scripts: sum(files.filter(it => it.name.endsWith('.js'))), all: sum(files) + page.encodedBodySize });
            };
            look();
        })
        """;
}
