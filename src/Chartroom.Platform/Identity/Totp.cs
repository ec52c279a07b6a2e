using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Platform.Identity;

/// <summary>Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, which is what every authenticator app knows.</summary>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc6238"/>
public static class Totp
{
    private const int SecretBytes = 20;
    private const int StepSeconds = 30;
    private const int Digits = 6;

    /// <summary>A fresh secret of 160 bits, the size of the hash (RFC 4226, 4).</summary>
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    /// <summary>The step that holds this moment: half minutes since 1970.</summary>
    public static long StepAt(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code an app shows during that step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step) => Truncate(secret, step, Digits);

    /// <summary>The step whose code this is: the present one or the one before, for a slow typist, and none that is not later than
    /// <paramref name="lastStep"/>. Null when there is none.</summary>
    /// <param name="secret">The account's secret.</param>
    /// <param name="typed">What the person typed; spaces are ignored.</param>
    /// <param name="now">The host's clock; never one that the client sent.</param>
    /// <param name="lastStep">The last step accepted from this account. The caller stores the new one with
    /// <c>where totp_step &lt; @step</c> and takes the code only if that changed a row, so that of many sent at once one is taken.</param>
    public static long? AcceptedStep(ReadOnlySpan<byte> secret, string typed, DateTimeOffset now, long lastStep)
    {
        var code = Encoding.UTF8.GetBytes(string.Concat(typed.Where(sign => !char.IsWhiteSpace(sign))));
        var present = StepAt(now);
        long? accepted = null;
        foreach (var step in (ReadOnlySpan<long>)[present - 1, present])   // both are always computed: the time taken tells nothing
        {
            var isRight = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(secret, step)), code);
            if (isRight && step > lastStep) accepted = step;
        }
        return accepted;
    }

    /// <summary>The address that an authenticator app reads from the QR code.</summary>
    public static string Uri(ReadOnlySpan<byte> secret, string account) => string.Create(CultureInfo.InvariantCulture,
        $"otpauth://totp/Chartroom:{System.Uri.EscapeDataString(account)}?secret={Base32.Write(secret)}&issuer=Chartroom&algorithm=SHA1&digits={Digits}&period={StepSeconds}");

    /// <summary>HOTP (RFC 4226, 5.3) with any number of digits; the RFC's own examples have eight.</summary>
    internal static string Truncate(ReadOnlySpan<byte> secret, long counter, int digits)
    {
        Span<byte> moving = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(moving, counter);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // HMAC-SHA-1 is what RFC 6238 and the apps use; its collisions do not matter in an HMAC.
        HMACSHA1.HashData(secret, moving, mac);
#pragma warning restore CA5350
        var offset = mac[^1] & 0x0F;
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[offset..]) & 0x7FFF_FFFF;
        var modulus = (int)Math.Pow(10, digits);
        return (number % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }
}
