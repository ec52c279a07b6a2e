using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Chartroom.Shell;

/// <summary>
/// What the program speaks when it ends TLS itself instead of a proxy (ACC-11): 1.2 and 1.3, forward secrecy and authenticated encryption only
/// (NIST SP 800-52 Rev. 2, 3.3.1; RFC 9325, 4.2).
/// </summary>
internal static class Tls
{
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    internal static void Configure(HttpsConnectionAdapterOptions https)
    {
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (!OperatingSystem.IsLinux()) return;   // elsewhere the system alone chooses the suites
        https.OnAuthenticate = (_, connection) => Narrow(connection);
    }

    [SupportedOSPlatform("linux")]
    private static void Narrow(SslServerAuthenticationOptions connection)
    {
        connection.CipherSuitesPolicy = new CipherSuitesPolicy(Suites);
        connection.AllowRenegotiation = false;
    }
}
