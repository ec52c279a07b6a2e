using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Chartroom.Platform.Web;

namespace Chartroom.OutsideCalendars;

/// <summary>What came of asking.</summary>
/// <param name="Text">The calendar; null when it has not changed.</param>
internal sealed record Fetched(string? Text, string? ETag);

/// <summary>Reads a calendar at an address somebody typed, by the rules of <see cref="OpenInternet"/>: 10 seconds, 2 MB.</summary>
internal sealed class OutsideFetch(IHttpClientFactory clients, OutsideCalendarSettings settings)
{
    public const string Client = "outside-calendar";
    private const int MostBytes = 2 * 1024 * 1024;
    internal static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The address as it will be asked, or null for one that never is. <c>webcal:</c> is how calendar programs write https.</summary>
    public Uri? AddressOf(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.StartsWith("webcal://", StringComparison.OrdinalIgnoreCase)) text = "https://" + text["webcal://".Length..];
        return OpenInternet.AddressOf(text, settings.AllowLoopback);
    }

    /// <exception cref="UnreadableCalendarException">With the code that the page explains.</exception>
    public async Task<Fetched> GetAsync(Uri address, string? etag, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Longest);
        try
        {
            using var http = clients.CreateClient(Client);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("text/calendar");
            request.Headers.UserAgent.ParseAdd("Chartroom");
            if (etag is not null && EntityTagHeaderValue.TryParse(etag, out var tag)) request.Headers.IfNoneMatch.Add(tag);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (answer.StatusCode == HttpStatusCode.NotModified && etag is not null) return new(null, etag);
            if (CodeOf(answer.StatusCode) is { } code) throw new UnreadableCalendarException(code);
            return new(await TextAsync(answer, patience.Token), answer.Headers.ETag?.ToString() is { Length: <= 200 } given ? given : null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new UnreadableCalendarException("too_slow");
        }
        catch (HttpRequestException error)
        {
            throw new UnreadableCalendarException(error.InnerException is InsideAddressException ? "inside" : "no_answer");
        }
        catch (IOException)
        {
            throw new UnreadableCalendarException("no_answer");
        }
    }

    private static string? CodeOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => "moved",
        401 or 403 => "shut",
        404 or 410 => "gone",
        _ => "no_answer",
    };

    private static async Task<string> TextAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.Content.Headers.ContentLength > MostBytes) throw new UnreadableCalendarException("too_big");
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        using var kept = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(part, ct)) > 0;)
        {
            kept.Write(part, 0, read);
            if (kept.Length > MostBytes) throw new UnreadableCalendarException("too_big");
        }
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }
}
