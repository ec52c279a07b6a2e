using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Platform.Identity;

/// <summary>The codes a person keeps for the day the phone is lost: ten, each good once. A code has 120 random bits, so a plain
/// SHA-256 of it may be stored (ASVS 5.0, 6.5.2 asks for a password hash below 112).</summary>
public static class RecoveryCodes
{
    /// <summary>How many are given at once.</summary>
    public const int Count = 10;

    private const int Bytes = 15;

    /// <summary>Ten new codes of six groups of four: <c>abcd-efgh-…</c>. They are shown once.</summary>
    public static IReadOnlyList<string> New() => [.. Enumerable.Range(0, Count).Select(_ => NewCode())];

    /// <summary>What the database keeps of a typed code, or null when it cannot be one. Case, spaces and hyphens do not matter.</summary>
    public static byte[]? HashOf(string typed) =>
        Base32.Read(typed) is { Length: Bytes } code ? SHA256.HashData(Encoding.UTF8.GetBytes(Base32.Write(code))) : null;

    private static string NewCode() =>
        string.Join('-', Base32.Write(RandomNumberGenerator.GetBytes(Bytes)).ToLowerInvariant().Chunk(4).Select(four => new string(four)));
}
