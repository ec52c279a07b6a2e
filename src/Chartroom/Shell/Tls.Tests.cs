using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Chartroom.Rules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Xunit.Abstractions;

namespace Chartroom.Shell;

/// <summary>TLS by the program itself, on a port of this machine. Old versions are asked for in bytes, since the client's own library would not say them.</summary>
public sealed class TlsTests(ITestOutputHelper output)
{
    private const ushort Tls10 = 0x0301, Tls11 = 0x0302, Tls12 = 0x0303;
    private const ushort GoodSuite = 0xC02B;     // ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
    private static readonly ushort[] OldSuites = [0xC009, 0xC00A, 0xC013, 0x002F, 0x0035, 0x000A, 0x0005];   // CBC, 3DES and RC4, with forward secrecy and without
    private const byte HandshakeRecord = 22, AlertRecord = 21, ProtocolVersion = 70, HandshakeFailure = 40;

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static async Task<(WebApplication App, int Port)> ServeAsync(X509Certificate2 certificate)
    {
        var app = Host.Build([.. TestDatabase.Settings(await TestDatabase.ConnectionAsync()), "--Chartroom:PublicUrl=https://localhost"],
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate))));
        await app.StartAsync();
        return (app, new Uri(app.Urls.Single()).Port);
    }

    [Fact]
    public async Task ACC_11_Tls_1_2_and_1_3_are_spoken_and_older_versions_and_suites_are_refused()
    {
        using var certificate = Certificate();
        var (app, port) = await ServeAsync(certificate);
        await using var _ = app;

        foreach (var version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 })
        {
            using var client = new TcpClient("127.0.0.1", port);
            await using var secure = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version });
            Assert.Equal(version, secure.SslProtocol);
            Assert.EndsWith(version == SslProtocols.Tls12 ? "_GCM_SHA384" : "_SHA384", $"{secure.NegotiatedCipherSuite}", StringComparison.Ordinal);
        }
        Assert.Equal(HandshakeRecord, (await SayHelloAsync(port, Tls12, [GoodSuite])).Record);   // these bytes are a hello that a server takes …
        foreach (var old in new[] { Tls10, Tls11 })                                              // … and in an older version they are not
            Assert.Equal((AlertRecord, ProtocolVersion), await SayHelloAsync(port, old, [GoodSuite, .. OldSuites]));
        foreach (var suite in OldSuites) Assert.Equal((AlertRecord, HandshakeFailure), await SayHelloAsync(port, Tls12, [suite]));
        await app.StopAsync();
    }

    /// <summary>With CHARTROOM_TESTSSL=1 only: it takes minutes, and Debian's testssl.sh.</summary>
    private sealed class TestsslFactAttribute : FactAttribute
    {
        public TestsslFactAttribute()
        {
            if (Environment.GetEnvironmentVariable("CHARTROOM_TESTSSL") != "1") Skip = "takes minutes and Debian's testssl.sh: CHARTROOM_TESTSSL=1";
        }
    }

    [TestsslFact]
    public async Task ACC_11_Testssl_finds_nothing_of_medium_gravity_or_worse_at_our_own_port()
    {
        using var certificate = Certificate();
        var (app, port) = await ServeAsync(certificate);
        await using var _ = app;
        using var check = Process.Start(new ProcessStartInfo(Path.Combine(SourceTree.Root, "scripts/check-tls.sh"), [$"localhost:{port}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;   // started, or it throws
        var complaints = check.StandardError.ReadToEndAsync();
        var said = await check.StandardOutput.ReadToEndAsync() + await complaints;
        await check.WaitForExitAsync();

        output.WriteLine(said);
        Assert.True(check.ExitCode == 0, said);
        Assert.Matches("[1-9][0-9]+ findings, 0 of medium", said);
    }

    /// <summary>Type of the answer's record and, of an alert, its description.</summary>
    private static async Task<(byte Record, byte Description)> SayHelloAsync(int port, ushort version, ushort[] suites)
    {
        using var client = new TcpClient("127.0.0.1", port);
        await client.GetStream().WriteAsync(Hello(version, suites));
        var answer = new byte[7];
        await client.GetStream().ReadExactlyAsync(answer);
        return (answer[0], answer[0] == AlertRecord ? answer[6] : (byte)0);
    }

    /// <summary>A ClientHello as RFC 5246, 7.4.1.2 has it, with the curves, point form and signatures that a server of our kind asks for.</summary>
    private static byte[] Hello(ushort version, ushort[] suites)
    {
        byte[] extensions =
        [
            0x00, 0x0A, 0x00, 0x06, 0x00, 0x04, 0x00, 0x17, 0x00, 0x1D,               // groups: P-256, X25519
            0x00, 0x0B, 0x00, 0x02, 0x01, 0x00,                                       // points: uncompressed
            0x00, 0x0D, 0x00, 0x0A, 0x00, 0x08, 0x04, 0x03, 0x05, 0x03, 0x04, 0x01, 0x02, 0x03,   // signatures: ECDSA and RSA with SHA-256, SHA-384, SHA-1
        ];
        byte[] body =
        [
            .. Two(version), .. RandomNumberGenerator.GetBytes(32), 0x00,             // no session to take up
            .. Two((ushort)(suites.Length * 2)), .. suites.SelectMany(Two), 0x01, 0x00,
            .. Two((ushort)extensions.Length), .. extensions,
        ];
        return [HandshakeRecord, .. Two(Tls10), .. Two((ushort)(body.Length + 4)), 0x01, 0x00, .. Two((ushort)body.Length), .. body];
    }

    private static byte[] Two(ushort number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }
}
