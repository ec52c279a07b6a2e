using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Chartroom.Platform.Identity;

/// <summary>How much work one Argon2id hash is.</summary>
/// <param name="MemoryKib">Memory in KiB.</param>
/// <param name="Passes">Passes over that memory.</param>
/// <param name="Lanes">Threads that share it.</param>
public readonly record struct Argon2Cost(uint MemoryKib, uint Passes, uint Lanes)
{
    /// <summary>Memory times passes in KiB: what an attacker pays for one guess.</summary>
    internal ulong Work => (ulong)MemoryKib * Passes;
}

/// <summary>An Argon2id hash in the PHC string format, as the database keeps it:
/// <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>, base64 without padding.</summary>
/// <seealso href="https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md"/>
public sealed record PhcString(Argon2Cost Cost, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Hash)
{
    // A stored hash decides how much memory a check takes, so a forged row must not be able to ask for all of it.
    private const uint MostMemoryKib = 1024 * 1024;
    private const uint MostPasses = 64;
    private const uint MostLanes = 64;

    /// <summary>Reads the stored text; false for another algorithm, version or shape, and for costs no sane host would have chosen.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PhcString? phc)
    {
        phc = null;
        var parts = text.Split('$');
        if (parts is not ["", "argon2id", "v=19", var costs, var saltText, var hashText]) return false;
        if (!TryReadCost(costs, out var cost)) return false;
        if (!TryReadBase64(saltText, out var salt) || salt.Length is < 8 or > 64) return false;
        if (!TryReadBase64(hashText, out var hash) || hash.Length is < 16 or > 64) return false;
        phc = new PhcString(cost, salt, hash);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"$argon2id$v=19$m={Cost.MemoryKib},t={Cost.Passes},p={Cost.Lanes}${Base64(Salt)}${Base64(Hash)}");

    private static bool TryReadCost(string text, out Argon2Cost cost)
    {
        cost = default;
        if (text.Split(',') is not [var m, var t, var p]) return false;
        if (!TryReadNumber(m, "m=", MostMemoryKib, out var memory)) return false;
        if (!TryReadNumber(t, "t=", MostPasses, out var passes)) return false;
        if (!TryReadNumber(p, "p=", MostLanes, out var lanes)) return false;
        if (memory < 8 * lanes) return false;   // RFC 9106, 3.1: at least 8 KiB a lane
        cost = new Argon2Cost(memory, passes, lanes);
        return true;
    }

    private static bool TryReadNumber(string text, string prefix, uint most, out uint number)
    {
        number = 0;
        return text.StartsWith(prefix, StringComparison.Ordinal)
            && uint.TryParse(text.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number >= 1 && number <= most;
    }

    private static bool TryReadBase64(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Contains('=', StringComparison.Ordinal) || text.Length % 4 == 1) return false;
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), buffer, out var size)) return false;
        bytes = buffer[..size];
        return true;
    }

    private static string Base64(ReadOnlyMemory<byte> bytes) => Convert.ToBase64String(bytes.Span).TrimEnd('=');
}
