using System.Net;
using System.Net.Sockets;

namespace Chartroom.Platform.Web;

/// <summary>An address that somebody typed leads to a private network, this machine or a cloud's own services.</summary>
public sealed class InsideAddressException() : Exception("The address is not on the open internet.");

/// <summary>
/// Requests to addresses that somebody typed, which is what a server-side request forgery needs: https on its usual port, no redirects, no proxy, and no address that is
/// not on the open internet. The name is resolved by us and the connection goes to the very address that was looked at, so a name that changes its mind meanwhile gains
/// nothing (OWASP, Server-Side Request Forgery Prevention).
/// </summary>
public static class OpenInternet
{
    /// <summary>The address as it will be asked, or null for one that never is.</summary>
    /// <param name="typed">An absolute address.</param>
    /// <param name="allowLoopback">True to take this machine's own, any port and plain http too: by configuration of the host only.</param>
    public static Uri? AddressOf(string? typed, bool allowLoopback)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length > 2000 || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.UserInfo.Length > 0) return null;
        if (allowLoopback && address.IsLoopback && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)) return address;
        if (address.Scheme != Uri.UriSchemeHttps || (address.Port != 443 && !allowLoopback)) return null;
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && !IsOpen(ip) ? null : address;
    }

    /// <summary>Connections that go where they were looked at, and nowhere inside.</summary>
    /// <param name="allowLoopback">True to reach this machine.</param>
    /// <param name="patience">How long a connection may take to come about.</param>
    public static SocketsHttpHandler Handler(bool allowLoopback, TimeSpan patience) => new()
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = patience, MaxResponseHeadersLength = 32, PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, allowLoopback, ct),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, bool allowLoopback, CancellationToken ct)
    {
        var found = await Dns.GetHostAddressesAsync(to.Host, ct);
        // One address inside among several outside is an attempt, not a mistake: nothing of it is asked.
        if (found.Length == 0 || found.Any(address => !IsOpen(address) && !(allowLoopback && IPAddress.IsLoopback(address)))) throw new InsideAddressException();
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
    public static bool IsOpen(IPAddress address)
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
