using System.Net;
using System.Net.Sockets;

namespace Chartroom.Platform.Web;

/// <summary>The network of a client's address: providers give a customer a /24 or less of IPv4, a /64 or more of IPv6.</summary>
public static class ClientNetwork
{
    /// <summary>The network in CIDR form; <c>none</c> for what is no address.</summary>
    public static string Of(string? ip) => IPAddress.TryParse(ip, out var address) ? Of(address) : "none";

    private static string Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily == AddressFamily.InterNetwork ? 3 : 8;
        Array.Clear(bytes, kept, bytes.Length - kept);
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
