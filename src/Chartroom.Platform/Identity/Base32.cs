namespace Chartroom.Platform.Identity;

/// <summary>Base32 of RFC 4648 without padding: what authenticator apps take. Reading ignores case, spaces and hyphens.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        for (var at = 0; at < text.Length; at++) text[at] = Alphabet[FiveBits(bytes, at * 5)];
        return new string(text);
    }

    /// <summary>The bytes, or null when a sign is not of the alphabet. Bits left over at the end are dropped.</summary>
    public static byte[]? Read(string text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        int held = 0, bits = 0;
        foreach (var sign in text.Where(sign => sign is not (' ' or '-' or '=')))
        {
            var value = Alphabet.IndexOf(char.ToUpperInvariant(sign), StringComparison.Ordinal);
            if (value < 0) return null;
            held = ((held & 0xFF) << 5) | value;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)((held >> bits) & 0xFF));
        }
        return [.. bytes];
    }

    private static int FiveBits(ReadOnlySpan<byte> bytes, int fromBit)
    {
        var at = fromBit / 8;
        var pair = (bytes[at] << 8) | (at + 1 < bytes.Length ? bytes[at + 1] : 0);
        return (pair >> (11 - (fromBit % 8))) & 31;
    }
}
