using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Chartroom.Platform.Database;

namespace Chartroom.Platform.Vault;

/// <summary>The key-management service cannot be asked: it is down, slow, or refuses us. Nothing is read or written without it. Answered as 503.</summary>
public sealed class KmsUnavailableException(string code, Exception? inner = null) : CryptographicException($"The key-management service does not answer as it should: {code}.", inner);

/// <summary>
/// AWS KMS by its JSON API (<c>Encrypt</c>, <c>Decrypt</c>), signed with our own few lines instead of a package. The use is the encryption context, so AWS holds it too and
/// writes it to CloudTrail; it names ids only. Calls are synchronous: they happen once a clinic in five minutes, and never while a transaction is open.
/// See https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
/// </summary>
public sealed class AwsKms : IKms
{
    private readonly IHttpClientFactory clients;
    private readonly KmsSettings settings;
    private readonly TimeProvider clock;
    private readonly AwsSigner signer;
    private readonly Uri address;

    /// <param name="clients">Gives connections.</param>
    /// <param name="settings">Region, key and credentials.</param>
    /// <param name="clock">Dates the signatures; AWS refuses those more than five minutes off.</param>
    public AwsKms(IHttpClientFactory clients, KmsSettings settings, TimeProvider clock)
    {
        (this.clients, this.settings, this.clock) = (clients, settings, clock);
        signer = new(settings.AccessKeyId!, SecretFiles.ReadOnly(settings.SecretAccessKeyFile!), settings.Region!, "kms");   // the settings' own check holds them present
        address = new(settings.Endpoint ?? $"https://kms.{settings.Region}.amazonaws.com/");
    }

    /// <inheritdoc/>
    public byte[] Wrap(ReadOnlySpan<byte> key, string use) =>
        Call("Encrypt", new(settings.KeyId!, new() { ["use"] = use }) { Plaintext = key.ToArray() }).CiphertextBlob ?? throw new KmsUnavailableException("no-ciphertext");

    /// <inheritdoc/>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string use) =>
        Call("Decrypt", new(settings.KeyId!, new() { ["use"] = use }) { CiphertextBlob = wrapped.ToArray() }).Plaintext ?? throw new KmsUnavailableException("no-plaintext");

    private Answer Call(string action, Ask ask)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(ask, Json);
        using var request = Sign(action, body);
        using var client = clients.CreateClient("kms");
        client.Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds);
        try
        {
            using var response = client.Send(request);
            using var content = response.Content.ReadAsStream();
            if (response.IsSuccessStatusCode) return JsonSerializer.Deserialize<Answer>(content, Json) ?? throw new KmsUnavailableException("empty-answer");
            throw Refused((int)response.StatusCode, JsonSerializer.Deserialize<Fault>(content, Json));
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            throw new KmsUnavailableException(error.GetType().Name, error);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private HttpRequestMessage Sign(string action, byte[] body)
    {
        var now = clock.GetUtcNow();
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/x-amz-json-1.1", ["host"] = address.Authority, ["x-amz-date"] = AwsSigner.DateOf(now), ["x-amz-target"] = $"TrentService.{action}",
        };
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1") } } };
        request.Headers.Host = headers["host"];
        foreach (var name in new[] { "x-amz-date", "x-amz-target" }) request.Headers.TryAddWithoutValidation(name, headers[name]);
        request.Headers.TryAddWithoutValidation("authorization", signer.Authorize("POST", headers, body, now));
        return request;
    }

    /// <summary>A ciphertext that is not of this key or not for this use is the caller's to know; everything else is an outage to them.</summary>
    private static CryptographicException Refused(int status, Fault? fault)
    {
        var code = fault?.Type?[(fault.Type.LastIndexOf('#') + 1)..] ?? $"{status}";
        return code is "InvalidCiphertextException" or "IncorrectKeyException" ? new CryptographicException($"Not wrapped by this key for this use: {code}.") : new KmsUnavailableException(code);
    }

    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private sealed record Ask(string KeyId, Dictionary<string, string> EncryptionContext)
    {
        public byte[]? Plaintext { get; init; }

        public byte[]? CiphertextBlob { get; init; }
    }

    private sealed record Answer(byte[]? Plaintext, byte[]? CiphertextBlob);

    private sealed record Fault
    {
        [System.Text.Json.Serialization.JsonPropertyName("__type")] public string? Type { get; init; }
    }
}
