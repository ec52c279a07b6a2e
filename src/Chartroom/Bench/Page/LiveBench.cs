using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Chartroom.Platform.News;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench live</c>: two nodes on one database. Somebody confirms a visit at the first, over and over taken back; the day of the second stands open in the machine's Chromium. Timed from
/// sending the change to the frame after which the other screen shows it: commit, notice between the nodes, event, the browser's own question, drawing. The goal is 2,000 ms at p95.
/// </summary>
internal sealed class LiveBench((BenchServer Here, BenchServer There) nodes, string token, TextWriter report)
{
    private const int Goal = 2000, WarmUp = 4;

    public static Command Make()
    {
        var rounds = new Option<int>("--rounds") { Description = "How many changes are timed.", DefaultValueFactory = _ => 60 };
        BenchVerbs.Hold(rounds, text => BenchVerbs.IsFrom1To(text, 1000), "a number from 1 to 1000");
        var chromium = Chromium.Where();
        var slug = BenchVerbs.DayOf();
        var verb = new Command("live", "Time how soon a change made at one node stands on a screen of another, in Chromium.") { rounds, chromium, slug };
        verb.SetAction(async (parsed, ct) =>
        {
            var executable = parsed.GetValue(chromium)!;   // has a default
            await using var here = Node();
            await using var there = Node();
            var clinic = new DayClinic(here.Services);
            var (token, _) = await clinic.OpenAsync(parsed.GetValue(slug)!, ct);
            return await new LiveBench((here, there), token, Console.Out).RunAsync(executable, await clinic.NextBookedAsync(parsed.GetValue(slug)!, ct), parsed.GetValue(rounds), ct);
        });
        return verb;
    }

    /// <summary>With the one worker that hears what other nodes tell.</summary>
    private static BenchServer Node() => BenchServer.Build(builder => builder.Services.AddHostedService(provider => provider.GetRequiredService<NewsWire>()));

    /// <summary>Answers 1 when the goal is missed.</summary>
    private async Task<int> RunAsync(string executable, (Guid Id, DateOnly Day) visit, int rounds, CancellationToken ct)
    {
        await nodes.Here.StartAsync(ct);
        await nodes.There.StartAsync(ct);
        using var client = nodes.Here.ClientOf(token);
        await using var chromium = await Chromium.StartAsync(executable, ct);
        var screen = await chromium.OpenAsync(nodes.There.Address, token, ct);
        await chromium.SendAsync(screen, "Page.navigate", new() { ["url"] = $"{nodes.There.Address}/day?view=day&date={visit.Day:yyyy-MM-dd}" }, ct);
        await chromium.AskAsync(screen, Listens.Replace("VISIT", visit.Id.ToString(), StringComparison.Ordinal), ct);

        var (times, answers, version) = (new List<TimeSpan>(), new List<TimeSpan>(), await VersionAsync(client, visit.Id, ct));
        for (var number = -WarmUp; number < rounds; number++)
        {
            await chromium.AskAsync(screen, Watch.Replace("VISIT", visit.Id.ToString(), StringComparison.Ordinal), ct);
            var start = Stopwatch.GetTimestamp();
            version = await ChangeAsync(client, (visit.Id, version), number % 2 == 0, ct);
            var answered = Stopwatch.GetElapsedTime(start);
            await chromium.AskAsync(screen, "window.benchChanged", ct);
            if (number < 0) continue;
            times.Add(Stopwatch.GetElapsedTime(start));
            answers.Add(answered);
        }
        if (rounds % 2 == 1) await ChangeAsync(client, (visit.Id, version), false, ct);
        times.Sort();
        answers.Sort();
        double At(List<TimeSpan> list, int percent) => Timings.Percentile(list, percent).TotalMilliseconds;
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} changes at one node until they stand on a screen of another   p50 {At(times, 50):0} ms   p95 {At(times, 95):0} ms   slowest {At(times, 100):0} ms   of which the change itself {At(answers, 50):0} ms   ratio to the goal of {Goal} ms {At(times, 95) / Goal:0.00}"));
        return At(times, 95) <= Goal ? 0 : 1;
    }

    private static async Task<int> VersionAsync(HttpClient client, Guid visit, CancellationToken ct) =>
        (int)(await client.GetFromJsonAsync<JsonObject>($"/api/v1/appointments/{visit}", ct))!["version"]!;   // a visit has one

    private static async Task<int> ChangeAsync(HttpClient client, (Guid Id, int Version) visit, bool isConfirmed, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/appointments/{visit.Id}/{(isConfirmed ? "status" : "undo")}") { Content = JsonContent.Create(isConfirmed ? new { status = "confirmed" } : (object)new { }) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{visit.Version}\"");
        using var answer = await client.SendAsync(request, ct);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{request.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}");
        return (int)(await answer.Content.ReadFromJsonAsync<JsonObject>(ct))!["version"]!;   // a visit has one
    }

    private const string Block = "(() => { const block = document.querySelector('#calendar [data-visit=\"VISIT\"]'); return block && block.closest('.ec-event').className + block.textContent; })()";

    private const string Listens = $$"""
        new Promise((done, failed) => {
            const end = performance.now() + 20000;
            const look = () => {
                if (performance.now() > end) return failed(new Error('The day does not listen: ' + document.title));
                if (!document.documentElement?.dataset.live || !{{Block}}) return setTimeout(look, 20);
                done(true);
            };
            look();
        })
        """;

    // Shown: the block reads or looks otherwise, and the browser has had a frame to paint it in. A look at each frame costs the same in every round and no more than one.
    private const string Watch = $$"""
        (() => {
            const before = {{Block}};
            const end = performance.now() + 20000;
            window.benchChanged = new Promise((done, failed) => {
                const look = () => {
                    if (performance.now() > end) return failed(new Error('The screen does not show it.'));
                    const now = {{Block}};
                    if (!now || now === before) return setTimeout(look, 5);
                    requestAnimationFrame(() => setTimeout(() => done(true)));
                };
                look();
            });
        })()
        """;
}
