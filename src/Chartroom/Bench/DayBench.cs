using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench day</c>: asks a server of its own, in the same process, for a day of 12 × 40 visits, one request at a time, from sending it to the last byte: session,
/// queries, 480 names decrypted, page rendered, event committed. The goal is 25 ms at p95.
/// </summary>
internal sealed class DayBench(WebApplication app, (string Token, int Visits) day, TextWriter report)
{
    private const int WarmUp = 300;

    /// <summary>Measures the page and the API's answer.</summary>
    /// <param name="requests">How many of each are timed.</param>
    /// <param name="ct">Gives up.</param>
    public async Task RunAsync(int requests, CancellationToken ct)
    {
        await app.StartAsync(ct);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();   // a started server has one
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(address) };
        client.DefaultRequestHeaders.Add("Cookie", $"chartroom={day.Token}");
        await report.WriteLineAsync($"{DayClinic.Providers} providers, {day.Visits} visits, one request at a time, {requests} of each kind");
        await MeasureAsync(client, "page", $"/day?closed=true&date={DayClinic.Day:yyyy-MM-dd}", requests, ct);
        await MeasureAsync(client, "API", $"/api/v1/days/{DayClinic.Day:yyyy-MM-dd}", requests, ct);
        await app.StopAsync(ct);
    }

    private async Task MeasureAsync(HttpClient client, string name, string path, int requests, CancellationToken ct)
    {
        var (times, bytes) = (new List<TimeSpan>(), 0);
        for (var number = -WarmUp; number < requests; number++)
        {
            var start = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(path, ct);
            bytes = (await answer.Content.ReadAsByteArrayAsync(ct)).Length;
            if (number >= 0) times.Add(Stopwatch.GetElapsedTime(start));
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)answer.StatusCode}");
        }
        times.Sort();
        double At(int percent) => Timings.Percentile(times, percent).TotalMilliseconds;
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name,-5} {bytes / 1024,5} kB   p50 {At(50),6:0.0} ms   p95 {At(95),6:0.0} ms   p99 {At(99),6:0.0} ms"));
    }
}
