using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Chartroom.Platform.Vault;

public sealed class AwsKmsTests
{
    /// <summary>From AWS's own test suite of signature version 4: get-vanilla and post-vanilla.</summary>
    [Theory]
    [InlineData("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    public void KEY_3_Requests_are_signed_as_aws_publishes_it(string method, string signature)
    {
        var at = new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = "example.amazonaws.com", ["x-amz-date"] = AwsSigner.DateOf(at) };

        Assert.Equal($"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={signature}",
            new AwsSigner("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service").Authorize(method, headers, [], at));
    }

    [Fact]
    public async Task KEY_3_A_key_wrapped_by_aws_opens_for_its_use_and_no_other()
    {
        await using var aws = await Double.StartAsync();
        var kms = aws.Kms();
        var wrapped = kms.Wrap("a key"u8, "clinic 1");

        Assert.Equal("a key"u8.ToArray(), kms.Unwrap(wrapped, "clinic 1"));
        Assert.DoesNotContain("a key", Encoding.Latin1.GetString(wrapped), StringComparison.Ordinal);
        Assert.Contains("InvalidCiphertext", Assert.Throws<CryptographicException>(() => kms.Unwrap(wrapped, "clinic 2")).Message, StringComparison.Ordinal);
        wrapped[^1] ^= 1;
        Assert.Throws<CryptographicException>(() => kms.Unwrap(wrapped, "clinic 1"));
        Assert.Contains("InvalidSignature", Assert.Throws<KmsUnavailableException>(() => aws.Kms(secret: "another secret").Wrap("a key"u8, "clinic 1")).Message, StringComparison.Ordinal);
        Assert.Contains("NotFound", Assert.Throws<KmsUnavailableException>(() => aws.Kms(key: "alias/other").Wrap("a key"u8, "clinic 1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("down"), InlineData("slow"), InlineData("disabled"), InlineData("garbled")]
    public async Task KEY_3_When_the_service_fails_the_program_goes_on_for_five_minutes_then_refuses_and_never_writes_in_clear(string fault)
    {
        await using var aws = await Double.StartAsync();
        await using var clinic = await TestClinic.OpenAsync(kms: aws.Kms());
        using var desk = clinic.As(ClinicRole.FrontDesk);
        Assert.Equal(HttpStatusCode.Created, (await EnterAsync(desk, "Before")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync("/readyz")).StatusCode);
        var before = await clinic.OneAsync<long>("select count(*) from patient");

        aws.Fault = fault;
        Assert.Equal(HttpStatusCode.Created, (await EnterAsync(desk, "Cached")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await desk.GetAsync("/readyz")).StatusCode);
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        var refused = await EnterAsync(desk, "Refused");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("/problems/vault.kms-unavailable", JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["type"]!.GetValue<string>());
        Assert.Equal(before + 1, await clinic.OneAsync<long>("select count(*) from patient"));
        aws.Fault = null;
        Assert.Equal(HttpStatusCode.Created, (await EnterAsync(desk, "After")).StatusCode);
    }

    private static Task<HttpResponseMessage> EnterAsync(HttpClient desk, string family) => desk.PostAsJsonAsync("/api/v1/patients",
        new { patient = new { name = new { given = "Jo", family }, birthDate = "1980-02-03", sex = "female", contact = new { } }, confirmed = true });

    /// <summary>AWS KMS as far as we use it, on a port of this machine: really wraps, checks context, key and signature.</summary>
    private sealed class Double : IAsyncDisposable
    {
        private const string Key = "alias/chartroom", Secret = "double's secret";
        private readonly byte[] master = RandomNumberGenerator.GetBytes(32);
        private readonly string secretFile = Path.Combine(Directory.CreateTempSubdirectory("chartroom-aws-").FullName, "secret");
        private readonly WebApplication app;
        private readonly ServiceProvider clients = new ServiceCollection().AddHttpClient().BuildServiceProvider();

        private Double()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            app = builder.Build();
            app.MapPost("/", AnswerAsync);
        }

        public string? Fault { get; set; }

        public static async Task<Double> StartAsync()
        {
            var aws = new Double();
            await aws.app.StartAsync();
            return aws;
        }

        public AwsKms Kms(string secret = Secret, string key = Key)
        {
            var file = secret == Secret ? secretFile : secretFile + "2";
            File.WriteAllText(file, secret);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new(clients.GetRequiredService<IHttpClientFactory>(), new()
            {
                Provider = KmsProvider.Aws, Region = "us-east-1", KeyId = key, AccessKeyId = "AKID", SecretAccessKeyFile = file, Endpoint = app.Urls.Single(), TimeoutSeconds = 3,   // a busy machine has taken more than one
            }, TimeProvider.System);
        }

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            await clients.DisposeAsync();
        }

        private async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken ct)
        {
            using var memory = new MemoryStream();
            await request.Body.CopyToAsync(memory, ct);
            switch (Fault)
            {
                case "down": request.HttpContext.Abort(); return Results.Empty;
                case "slow": await Task.Delay(Timeout.Infinite, ct).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default); return Results.Empty;
                case "disabled": return Refuse("com.amazonaws.kms#DisabledException");
                case "garbled": return Results.Text("<html>", "text/html");
            }
            if (!IsSigned(request, memory.ToArray())) return Refuse("InvalidSignatureException");
            var ask = JsonNode.Parse(memory.ToArray())!;
            if (ask["KeyId"]!.GetValue<string>() != Key) return Refuse("NotFoundException");
            return Wrap(request.Headers["x-amz-target"].ToString(), ask, Encoding.UTF8.GetBytes(ask["EncryptionContext"]!.ToJsonString()));
        }

        private IResult Wrap(string action, JsonNode ask, byte[] context)
        {
            using var cipher = new AesGcm(master, 16);
            if (action == "TrentService.Encrypt")
            {
                var content = Convert.FromBase64String(ask["Plaintext"]!.GetValue<string>());
                var blob = new byte[28 + content.Length];
                RandomNumberGenerator.Fill(blob.AsSpan(0, 12));
                cipher.Encrypt(blob.AsSpan(0, 12), content, blob.AsSpan(28), blob.AsSpan(12, 16), context);
                return Results.Json(new { KeyId = Key, CiphertextBlob = blob }, AsIs);
            }
            var wrapped = Convert.FromBase64String(ask["CiphertextBlob"]!.GetValue<string>());
            var plain = new byte[wrapped.Length - 28];
            try
            {
                cipher.Decrypt(wrapped.AsSpan(0, 12), wrapped.AsSpan(28), wrapped.AsSpan(12, 16), plain, context);
            }
            catch (CryptographicException)
            {
                return Refuse("InvalidCiphertextException");
            }
            return Results.Json(new { KeyId = Key, Plaintext = plain }, AsIs);
        }

        private static bool IsSigned(HttpRequest request, byte[] body)
        {
            var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var name in new[] { "content-type", "host", "x-amz-date", "x-amz-target" }) headers[name] = request.Headers[name].ToString();
            var at = DateTimeOffset.ParseExact(headers["x-amz-date"], "yyyyMMdd'T'HHmmss'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal);
            return new AwsSigner("AKID", Secret, "us-east-1", "kms").Authorize("POST", headers, body, at) == request.Headers.Authorization.ToString();
        }

        private static readonly JsonSerializerOptions AsIs = new();

        private static IResult Refuse(string type) => Results.Json(new Dictionary<string, string> { ["__type"] = type }, statusCode: 400);
    }
}
