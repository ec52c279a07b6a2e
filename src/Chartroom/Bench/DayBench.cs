using System.Globalization;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench day</c>: asks a server of its own, in the same process, for a day of 12 × 40 visits, one request at a time, from sending it to the last byte: session,
/// queries, 480 names decrypted, page rendered, event committed. The goal is 25 ms at p95.
/// </summary>
internal sealed class DayBench(BenchServer server, (string Token, int Visits) day, TextWriter report)
{
    private const int WarmUp = 300, Goal = 25;

    /// <summary>Measures the page and the API's answer; answers 1 when the page misses the goal.</summary>
    /// <param name="requests">How many of each are timed.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<int> RunAsync(int requests, CancellationToken ct)
    {
        await server.StartAsync(ct);
        using var client = server.ClientOf(day.Token);
        await report.WriteLineAsync($"{DayClinic.Providers} providers, {day.Visits} visits, one request at a time, {requests} of each kind");
        var page = await MeasureAsync(client, "page", $"/day?closed=true&date={DayClinic.Day:yyyy-MM-dd}", requests, ct);
        await MeasureAsync(client, "API", $"/api/v1/days/{DayClinic.Day:yyyy-MM-dd}", requests, ct);
        return page <= Goal ? 0 : 1;
    }

    private async Task<double> MeasureAsync(HttpClient client, string name, string path, int requests, CancellationToken ct)
    {
        var (times, bytes) = await BenchServer.TimeAsync(client, () => new(HttpMethod.Get, path), (WarmUp, requests), ct);
        double At(int percent) => Timings.Percentile(times, percent).TotalMilliseconds;
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{name,-5} {bytes / 1024,5} kB   p50 {At(50),6:0.0} ms   p95 {At(95),6:0.0} ms   p99 {At(99),6:0.0} ms   ratio to the goal of {Goal} ms {At(95) / Goal:0.00}"));
        return At(95);
    }
}
