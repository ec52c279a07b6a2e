using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Chartroom.Bench;

/// <summary>A server in the bench's own process, at an address that the system picks, whose limits no bench reaches.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private BenchServer(WebApplication app) => this.app = app;

    /// <param name="configure">Adds workers, where a bench is about what they do.</param>
    public static BenchServer Build(Action<WebApplicationBuilder>? configure = null) => new(Shell.Host.Build(
    [
        "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Warning", "--RateLimits:Work=10000000", "--RateLimits:Stranger=10000000", "--RateLimits:Door=10000000", "--RateLimits:Light=10000000",
    ], configure ?? (_ => { })));

    /// <summary>What the program is made of; there before it listens.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Where it listens, once <see cref="StartAsync"/> has ended.</summary>
    public string Address => Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();   // a started server has one

    /// <summary>Listens from now on.</summary>
    public Task StartAsync(CancellationToken ct) => app.StartAsync(ct);

    /// <summary>Somebody with that session, one request at a time.</summary>
    public HttpClient ClientOf(string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new(Address) };
        client.DefaultRequestHeaders.Add("Cookie", $"chartroom={token}");
        return client;
    }

    /// <summary>Asks over and over, from sending to the last byte; answers the times, sorted, and how long the last answer was. Throws when one is refused.</summary>
    public static async Task<(List<TimeSpan> Times, int Bytes)> TimeAsync(HttpClient client, Func<HttpRequestMessage> ask, (int WarmUp, int Rounds) turns, CancellationToken ct)
    {
        var (times, bytes) = (new List<TimeSpan>(), 0);
        for (var number = -turns.WarmUp; number < turns.Rounds; number++)
        {
            using var request = ask();
            var start = Stopwatch.GetTimestamp();
            using var answer = await client.SendAsync(request, ct);
            bytes = (await answer.Content.ReadAsByteArrayAsync(ct)).Length;
            if (number >= 0) times.Add(Stopwatch.GetElapsedTime(start));
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{request.RequestUri}: {(int)answer.StatusCode}");
        }
        times.Sort();
        return (times, bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }
}
