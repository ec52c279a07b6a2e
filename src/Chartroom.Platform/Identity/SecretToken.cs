using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Platform.Identity;

/// <summary>A random secret of 256 bits that goes out once, in a cookie or a link; the database keeps only its SHA-256, so a stolen
/// table opens no session. A fast hash is enough, since nobody can guess 256 random bits (ASVS 5.0, 6.5.2).</summary>
public static class SecretToken
{
    private const int Bytes = 32;

    /// <summary>A new token, 43 signs that are safe in addresses and cookies.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What the database keeps: 32 bytes.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
