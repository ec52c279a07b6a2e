using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>A witness on another host: <c>chartroom witness</c>. Whatever keeps it from answering, as silence and as nonsense, is an <see cref="HttpRequestException"/>.</summary>
public sealed class HttpWitness(IHttpClientFactory clients, Uri address, NoteVerifier key) : IWitness
{
    private const int MostAnswerBytes = 1 << 20, Patience = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10), PerLeaf = TimeSpan.FromMilliseconds(1);
    private int silences;   // in a row
    private long silentAt;

    /// <summary>What is posted to <c>/add</c>.</summary>
    public sealed record Addition(string Origin, IReadOnlyList<WitnessedLeaf> Leaves, string Note);

    /// <inheritdoc/>
    public NoteVerifier Key => key;

    /// <summary>Ten seconds, and one more for each thousand leaves: one that begins late is shown a whole log.</summary>
    public Task<WitnessAnswer> AddAsync(string origin, IReadOnlyList<WitnessedLeaf> leaves, string note, CancellationToken ct) =>
        AskAsync((http, limit) => http.PostAsJsonAsync(new Uri(address, "add"), new Addition(origin, leaves, note), limit), Longest + (leaves.Count * PerLeaf), ct);

    /// <inheritdoc/>
    public Task<WitnessAnswer> StateAsync(string origin, CancellationToken ct) =>
        AskAsync((http, limit) => http.GetAsync(new Uri(address, $"state?origin={Uri.EscapeDataString(origin)}"), limit), Longest, ct);

    /// <summary>Read as they come; ten seconds of silence end it.</summary>
    public async IAsyncEnumerable<WitnessLine> LinesAsync(string origin, long size, [EnumeratorCancellation] CancellationToken ct)
    {
        if (size == 0) yield break;
        using var http = Client();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var lines = new Uri(address, $"lines?origin={Uri.EscapeDataString(origin)}&size={size}");
        using var answer = await HearAsync(http.GetAsync(lines, HttpCompletionOption.ResponseHeadersRead, limit.Token), limit, Longest, ct);
        await using var reading = WitnessFile.ReadAsync(new StreamReader(await answer.Content.ReadAsStreamAsync(ct)), size, limit.Token).GetAsyncEnumerator(limit.Token);
        var seen = 0L;
        while (await MoveAsync(reading, limit, ct))
        {
            seen = reading.Current.Checkpoint?.Size ?? seen;
            yield return reading.Current;
        }
        if (seen != size) throw new HttpRequestException("The witness's lines end before the head that it signed.");
    }

    private async Task<WitnessAnswer> AskAsync(Func<HttpClient, CancellationToken, Task<HttpResponseMessage>> ask, TimeSpan longest, CancellationToken ct)
    {
        using var http = Client();
        http.MaxResponseContentBufferSize = MostAnswerBytes;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var answer = await HearAsync(ask(http, limit.Token), limit, longest, ct);
        return await HearAsync(answer.Content.ReadFromJsonAsync<WitnessAnswer>(limit.Token), limit, Longest, ct) ?? throw new HttpRequestException("The witness answered nothing.");
    }

    /// <summary>After it was silent three times in a row, nobody waits for it anew for ten seconds: one that hangs would hold up the logs of all clinics, each by as much.</summary>
    private HttpClient Client()
    {
        if (Volatile.Read(ref silences) >= Patience && Stopwatch.GetElapsedTime(Interlocked.Read(ref silentAt)) < Longest) throw new HttpRequestException("The witness did not answer a moment ago.");
        var http = clients.CreateClient();
        http.Timeout = Timeout.InfiniteTimeSpan;   // each step has its own limit
        return http;
    }

    private ValueTask<bool> MoveAsync(IAsyncEnumerator<WitnessLine> reading, CancellationTokenSource limit, CancellationToken ct)
    {
        var next = reading.MoveNextAsync();   // mostly a line that is there already: no clock is set for it
        return next.IsCompletedSuccessfully ? next : new(HearAsync(next.AsTask(), limit, Longest, ct));
    }

    private async Task<T> HearAsync<T>(Task<T> step, CancellationTokenSource limit, TimeSpan longest, CancellationToken ct)
    {
        limit.CancelAfter(longest);
        try
        {
            var heard = await step;
            if (heard is HttpResponseMessage answer) answer.EnsureSuccessStatusCode();
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            Volatile.Write(ref silences, 0);
            return heard;
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            Interlocked.Exchange(ref silentAt, Stopwatch.GetTimestamp());
            Interlocked.Increment(ref silences);
            throw new HttpRequestException("The witness did not answer in time.", error);
        }
        catch (Exception error) when (error is JsonException or FormatException or OverflowException or NotSupportedException or IOException)
        {
            throw new HttpRequestException("The witness answered with something else.", error);
        }
    }
}
