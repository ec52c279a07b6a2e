using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Chartroom.Assist;
using Chartroom.OutsideCalendars;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Rules;

/// <summary>Requirements of <c>docs/asvs.md</c> that one look at the sources, or at one answer of the running program, holds.</summary>
public sealed partial class AsvsRules
{
    private static readonly string[] Shown = [".css", ".js", ".svg", ".png", ".ico", ".woff2"];

    [Fact]
    public void Passwords_and_keys_are_typed_unseen_and_programs_that_keep_them_may_fill_them_in()
    {
        var fields = SourceTree.Product("*.razor").SelectMany(file => Fields().Matches(file.Text).Select(match => (file.Path, Field: match.Value))).ToList();
        var secret = fields.Where(it => SecretName().IsMatch(it.Field) || it.Field.Contains("\"password\"", StringComparison.Ordinal)).ToList();

        Assert.True(secret.Count >= 6, $"{secret.Count} fields: the rule has stopped looking.");
        Assert.DoesNotContain(secret, it => !it.Field.Contains("Type=\"password\"", StringComparison.Ordinal));
        Assert.DoesNotContain(secret, it => !Kept().IsMatch(it.Field));
        Assert.Empty(SourceTree.Product("*.js").Concat(SourceTree.Product("*.razor")).Where(file => Pasted().IsMatch(file.Text)).Select(file => file.Path));   // nothing gets in the way of pasting one
    }

    [Fact]
    public void What_has_to_be_secret_is_never_drawn_from_dice_that_can_be_guessed()
    {
        string[] playthings = ["src/Chartroom/Bench/", "src/Chartroom/Demo/", "src/Chartroom/Patients/SearchBench/"];
        var dice = SourceTree.Product("*.cs").Where(file => Dice().IsMatch(SourceTree.Bare(file.Text))).Select(file => file.Path).ToList();

        Assert.NotEmpty(dice);
        Assert.DoesNotContain(dice, path => !playthings.Any(it => path.StartsWith(it, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_sum_that_does_not_fit_is_a_fault_and_never_another_number()
    {
        var most = int.MaxValue;
        Assert.Throws<OverflowException>(() => most + 1);   // the tests are built by the same rule as the product
        Assert.Contains("<CheckForOverflowUnderflow>true<", File.ReadAllText(Path.Combine(SourceTree.Root, "Directory.Build.props")), StringComparison.Ordinal);
        Assert.Empty(SourceTree.Product("*.csproj").Where(file => file.Text.Contains("CheckForOverflow", StringComparison.Ordinal)).Select(file => file.Path));
        Assert.Empty(SourceTree.Product("*.cs").Where(file => Unchecked().IsMatch(SourceTree.Bare(file.Text))).Select(file => file.Path));
    }

    [Fact]
    public void Other_programs_are_started_at_one_place_and_never_by_a_shell()
    {
        var starts = SourceTree.Product("*.cs").Where(file => SourceTree.Bare(file.Text).Contains("ProcessStartInfo", StringComparison.Ordinal) && !file.Path.StartsWith("src/Chartroom/Bench/", StringComparison.Ordinal));
        Assert.Equal(["src/Chartroom/Shell/OtherProgram.cs"], starts.Select(file => file.Path));
        string[] words = ["; touch /tmp/x", "$(id)", "a b", "--help"];

        var plan = OtherProgram.Plan("/usr/bin/ffmpeg", TimeSpan.FromSeconds(9), words);

        Assert.Equal(("/usr/bin/prlimit", false, ""), (plan.FileName, plan.UseShellExecute, plan.Arguments));
        Assert.Equal(["--", "/usr/bin/ffmpeg", .. words], plan.ArgumentList.TakeLast(6));
        Assert.Equal(["LC_ALL"], plan.Environment.Keys);
    }

    [Fact]
    public async Task What_serves_is_told_by_no_answer_not_even_to_nonsense()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        var home = new Uri(clinic.Address);
        var answers = new List<string>();
        foreach (var asked in new[] { "GET / HTTP/1.1", "GET /sign-in HTTP/1.1", "GET /no-such-page HTTP/1.1", "GET /api/v1/patients HTTP/1.1", "GET /healthz HTTP/1.1", "OPTIONS * HTTP/1.1", "GET / HTTP/9.9", "NONSENSE" })
            answers.Add(await RawAsync(home, $"{asked}\r\nHost: {home.Authority}\r\nConnection: close\r\n\r\n"));

        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal));
        Assert.DoesNotContain(answers, answer => Maker().IsMatch(answer));
    }

    [Fact]
    public async Task Nothing_but_styles_scripts_fonts_and_pictures_is_served_as_a_file()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var client = clinic.Anonymous();
        var embedded = typeof(Shell.Host).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("assets/", StringComparison.Ordinal)).ToList();
        Assert.True(embedded.Count > 10, $"{embedded.Count} files");
        Assert.DoesNotContain(embedded, name => !Shown.Contains(Path.GetExtension(name)));

        foreach (var path in new[] { "appsettings.json", "assets/0/appsettings.json", "assets/0/../appsettings.json", "assets/0/..%2f..%2fChartroom.dll", "Chartroom.dll", ".env", ".git/HEAD", "wwwroot/app.js", "assets/0/app.js.map", "backup.sql", "secrets/app-login" })
            Assert.True((await client.GetAsync(new Uri("/" + path, UriKind.Relative))).StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, path);
    }

    [Fact]
    public async Task Downloads_are_named_by_us_whatever_a_patient_is_called()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        using var admin = desk.Clinic.As(ClinicRole.Admin);
        foreach (var path in new[] { "/api/v1/exports/patients.csv", "/api/v1/exports/patients.json", $"/api/v1/patients/{desk.Patient}/exports/ccd.xml", $"/api/v1/patients/{desk.Patient}/exports/fhir.json", "/api/v1/insights/figures.csv" })
        {
            using var answer = await admin.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            if (answer.Content.Headers.TryGetValues("Content-Disposition", out var names)) Assert.Matches(OurName(), Assert.Single(names));
            else Assert.Fail($"{path} has no name.");
        }
        string[] known = ["src/Chartroom/Exports/Exports.cs"];
        Assert.Equal(known, SourceTree.Product("*.cs").Where(file => file.Text.Contains(".ContentDisposition =", StringComparison.Ordinal)).Select(file => file.Path));
    }

    [Fact]
    public async Task No_client_of_ours_talks_to_a_server_whose_certificate_nobody_vouches_for()
    {
        await using var clinic = await TestClinic.OpenAsync(settings: ["--OutsideCalendars:AllowLoopback=true", "--Assist:AllowLoopback=true"]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var wish = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = wish.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(130));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);
        var address = new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/");

        foreach (var name in new[] { "", ModelClients.Client, OutsideFetch.Client })
        {
            using var client = clinic.The<IHttpClientFactory>().CreateClient(name);
            var error = await Assert.ThrowsAnyAsync<Exception>(() => client.GetStringAsync(address));
            Assert.True(error is ModelException or HttpRequestException { InnerException: AuthenticationException }, $"{name}: {error}");
        }

        listener.Stop();
        Assert.Equal((3, 0), await serving);
        Assert.Empty(SourceTree.Product("*.cs").Where(file => Blind().IsMatch(SourceTree.Bare(file.Text))).Select(file => file.Path));
    }

    /// <summary>How many came, and how many of them went on to ask something in spite of the certificate.</summary>
    private static async Task<(int Came, int WentOn)> ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        for (var (came, wentOn) = (0, 0); ;)
        {
            try
            {
                using var socket = await listener.AcceptTcpClientAsync();
                came++;
                await using var tls = new SslStream(socket.GetStream());
                await tls.AuthenticateAsServerAsync(certificate);
                await tls.ReadExactlyAsync(new byte[1]);
                wentOn++;
            }
            catch (Exception error) when (error is IOException or AuthenticationException)
            {
                // it hung up, as it should
            }
            catch (Exception error) when (error is SocketException or InvalidOperationException)   // the listener has stopped
            {
                return (came, wentOn);
            }
        }
    }

    private static async Task<string> RawAsync(Uri home, string text)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(home.Host, home.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    [GeneratedRegex(@"<(?:Field|input)\b[^>]*>")]
    private static partial Regex Fields();

    [GeneratedRegex(@"(?i)\bname=""(?:password|current|secret|key|apiKey)""")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"Autocomplete=""(?:current|new)-password""")]
    private static partial Regex Kept();

    [GeneratedRegex(@"(?i)onpaste|['""]paste['""]")]
    private static partial Regex Pasted();

    [GeneratedRegex(@"\bnew Random\(|\bRandom\.Shared|\bGuid\.NewGuid")]
    private static partial Regex Dice();

    [GeneratedRegex(@"\bunchecked\b")]
    private static partial Regex Unchecked();

    [GeneratedRegex(@"(?im)^(?:server|x-powered-by|x-aspnet\S*|via):|kestrel|asp\.net|npgsql")]
    private static partial Regex Maker();

    [GeneratedRegex(@"^attachment; filename=""?[a-z0-9.-]+\.(?:csv|json|xml)""?(?:; filename\*=UTF-8''[a-z0-9.-]+)?$")]
    private static partial Regex OurName();

    [GeneratedRegex(@"ServerCertificate|RemoteCertificateValidation|DangerousAccept|CheckCertificateRevocationList = false|TrustServerCertificate")]
    private static partial Regex Blind();
}
