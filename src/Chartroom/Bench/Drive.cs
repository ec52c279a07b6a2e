using System.Diagnostics;

namespace Chartroom.Bench;

/// <summary>One thing a person does.</summary>
/// <param name="Name">In words.</param>
/// <param name="Request">The request of that number; numbers go up and are never used twice.</param>
/// <param name="Expected">The status it is answered with.</param>
internal sealed record LoadAct(string Name, Func<int, HttpRequestMessage> Request, int Expected);

/// <summary>Asks for an act over and over, each connection waiting for its answer before it asks again.</summary>
internal sealed class Drive(HttpClient client, int connections)
{
    private int number;

    /// <summary>Drives for that long; what the last failed request was answered with is in <see cref="LastFailure"/>.</summary>
    public async Task<Timings> RunAsync(LoadAct act, TimeSpan duration, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var each = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => AskUntilAsync(act, clock, duration, ct), ct)));
        return new([.. each.SelectMany(it => it.Took).Order()], clock.Elapsed, each.Sum(it => it.Failures));
    }

    /// <summary>Status and first words of the last answer that was not the expected one.</summary>
    public string? LastFailure { get; private set; }

    private async Task<(List<TimeSpan> Took, int Failures)> AskUntilAsync(LoadAct act, Stopwatch clock, TimeSpan duration, CancellationToken ct)
    {
        var (took, failures) = (new List<TimeSpan>(), 0);
        while (clock.Elapsed < duration)
        {
            var start = clock.Elapsed;
            if (await AskAsync(act, ct)) took.Add(clock.Elapsed - start);
            else failures++;
        }
        return (took, failures);
    }

    /// <summary>Asks once; reads the whole answer.</summary>
    public async Task<bool> AskAsync(LoadAct act, CancellationToken ct)
    {
        using var request = act.Request(Interlocked.Increment(ref number));
        using var answer = await client.SendAsync(request, ct);
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        if ((int)answer.StatusCode == act.Expected) return true;
        LastFailure = $"{(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 300)))}";
        return false;
    }
}
