using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace Chartroom.Platform.Web;

/// <summary>Which proxies may say where a request came from. Section <c>Proxies</c>.</summary>
public sealed record ProxySettings
{
    /// <summary>Addresses and networks, parted by commas: <c>10.0.0.5, 10.1.0.0/24, fd00::/8</c>. Default none: then X-Forwarded-* is read by nobody.</summary>
    public string Trusted { get; init; } = "";
}

/// <summary>
/// The client's address and scheme (ACC-8). X-Forwarded-For is followed from right to left as long as each hop is a proxy the operator named; what a client wrote
/// further left, or sends without such a proxy, is never believed.
/// </summary>
public static class TrustedProxies
{
    /// <summary>First of all middleware: everything after it sees the client's own address.</summary>
    /// <exception cref="WrongSettingException">A part of the setting is no address and no network.</exception>
    public static void UseTrustedProxies(this WebApplication app, ProxySettings settings)
    {
        if (app.Configuration["FORWARDEDHEADERS_ENABLED"] is { Length: > 0 })
            throw new WrongSettingException("ASPNETCORE_FORWARDEDHEADERS_ENABLED would believe everybody. Remove it and name your proxies in Proxies__Trusted.");
        var options = OptionsOf(settings);
        if (options.KnownIPNetworks.Count == 0) return;
        // A connection without an address (a Unix socket) is no proxy that anybody named.
        app.UseWhen(context => context.Connection.RemoteIpAddress is not null, branch => branch.UseForwardedHeaders(options));
    }

    internal static ForwardedHeadersOptions OptionsOf(ProxySettings settings)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var part in settings.Trusted.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) options.KnownIPNetworks.Add(NetworkOf(part));
        return options;
    }

    private static System.Net.IPNetwork NetworkOf(string part)
    {
        if (System.Net.IPNetwork.TryParse(part, out var network)) return network;
        if (IPAddress.TryParse(part, out var address)) return new(address, address.GetAddressBytes().Length * 8);
        throw new WrongSettingException("Setting Proxies: Trusted holds something that is no address. Write it as 10.0.0.5, 10.1.0.0/24");
    }
}
