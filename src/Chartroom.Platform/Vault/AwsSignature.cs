using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Platform.Vault;

/// <summary>What a request is signed as.</summary>
/// <param name="AccessKeyId">Public half of the credentials.</param>
/// <param name="SecretAccessKey">Secret half.</param>
/// <param name="Region">Such as <c>us-east-1</c>.</param>
/// <param name="Service">Such as <c>kms</c>.</param>
internal sealed record AwsSigner(string AccessKeyId, string SecretAccessKey, string Region, string Service)
{
    /// <summary>The <c>Authorization</c> header of a request to the path <c>/</c> without a query.
    /// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="headers">All headers to sign, names in lower case; <c>host</c> and <c>x-amz-date</c> among them.</param>
    /// <param name="body">The body as sent.</param>
    /// <param name="at">The instant that <c>x-amz-date</c> names.</param>
    public string Authorize(string method, SortedDictionary<string, string> headers, byte[] body, DateTimeOffset at)
    {
        var names = string.Join(';', headers.Keys);
        var canonical = $"{method}\n/\n\n{string.Concat(headers.Select(header => $"{header.Key}:{header.Value.Trim()}\n"))}\n{names}\n{Hex(SHA256.HashData(body))}";
        var day = at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var scope = $"{day}/{Region}/{Service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{DateOf(at)}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + SecretAccessKey);
        foreach (var part in new[] { day, Region, Service, "aws4_request" }) key = Mac(key, part);
        return $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Hex(Mac(key, toSign))}";
    }

    /// <summary>The value of <c>x-amz-date</c>.</summary>
    public static string DateOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
