using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Chartroom.OutsideCalendars;

/// <summary>What came of asking.</summary>
/// <param name="Text">The calendar; null when it has not changed.</param>
internal sealed record Fetched(string? Text, string? ETag);

/// <summary>
/// Reads a calendar at an address somebody typed, which is what a server-side request forgery needs: so only https, no redirects, 10 seconds, 2 MB, and no address that
/// is not on the open internet. The name is resolved by us and the connection goes to the very address that was looked at, so a name that changes its mind meanwhile gains
/// nothing (OWASP, Server-Side Request Forgery Prevention).
/// </summary>
internal sealed class OutsideFetch(IHttpClientFactory clients, OutsideCalendarSettings settings)
{
    public const string Client = "outside-calendar";
    private const int MostBytes = 2 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The address as it will be asked, or null for one that never is. <c>webcal:</c> is how calendar programs write https.</summary>
    public Uri? AddressOf(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.StartsWith("webcal://", StringComparison.OrdinalIgnoreCase)) text = "https://" + text["webcal://".Length..];
        if (text.Length > 2000 || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.UserInfo.Length > 0) return null;
        if (address.Scheme == Uri.UriSchemeHttps && (address.Port == 443 || settings.AllowLoopback)) return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && !IsOpen(ip) ? null : address;
        return settings.AllowLoopback && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback ? address : null;
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
            throw new UnreadableCalendarException(error.InnerException is UnreadableCalendarException inner ? inner.Code : "no_answer");
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

    /// <summary>Connections that go where they were looked at, and nowhere inside.</summary>
    public static HttpMessageHandler Handler(OutsideCalendarSettings settings) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = Longest, MaxResponseHeadersLength = 32, PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, settings.AllowLoopback, ct),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, bool allowLoopback, CancellationToken ct)
    {
        var found = await Dns.GetHostAddressesAsync(to.Host, ct);
        // One address inside among several outside is an attempt, not a mistake: nothing of it is asked.
        if (found.Length == 0 || found.Any(address => !IsOpen(address) && !(allowLoopback && IPAddress.IsLoopback(address)))) throw new UnreadableCalendarException("inside");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, to.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>True for an address on the open internet: none of IANA's special-purpose ones, nor one that wraps such a one.</summary>
    internal static bool IsOpen(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 4) return !Inside4.Any(net => net.Contains(address));
        if (!Open6.Contains(address) || Inside6.Any(net => net.Contains(address))) return false;
        return !(bytes[0] == 0x20 && bytes[1] == 0x02);   // 6to4 wraps an IPv4 address
    }

    private static readonly IPNetwork[] Inside4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Open6 = IPNetwork.Parse("2000::/3");   // global unicast; the NAT64 prefix, unique local, link-local and multicast lie outside

    private static readonly IPNetwork[] Inside6 = [.. new[] { "2001::/23", "2001:db8::/32", "3fff::/20" }.Select(IPNetwork.Parse)];
}
