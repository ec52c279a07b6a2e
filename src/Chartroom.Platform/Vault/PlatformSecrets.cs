using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Platform.Vault;

/// <summary>Seals what belongs to accounts rather than patients (TOTP secrets, vendors' tokens), straight under the key-management service.</summary>
public sealed class PlatformSecrets(IKms kms)
{
    /// <summary>Seals a secret for one owner and use.</summary>
    /// <param name="secret">The bytes to keep.</param>
    /// <param name="use">What for, e.g. <c>person.totp</c>.</param>
    /// <param name="owner">Key of the row it belongs to.</param>
    public byte[] Seal(ReadOnlySpan<byte> secret, string use, Guid owner) => kms.Wrap(secret, $"chartroom secret {use} {owner}");

    /// <summary>Opens it for the same owner and use; throws when either differs.</summary>
    public byte[] Open(byte[] envelope, string use, Guid owner) => kms.Unwrap(envelope, $"chartroom secret {use} {owner}");

    /// <summary>The same secret, sealed under the key-management service's present key.</summary>
    internal byte[] SealAnew(byte[] envelope, string use, Guid owner)
    {
        var secret = Open(envelope, use, owner);
        try
        {
            return Seal(secret, use, owner);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Seals text.</summary>
    public byte[] SealText(string secret, string use, Guid owner) => Seal(Encoding.UTF8.GetBytes(secret), use, owner);
}
