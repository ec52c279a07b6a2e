using System.Runtime.InteropServices;

namespace Chartroom.Platform.Identity;

/// <summary>The reference implementation of Argon2id (RFC 9106), which every Debian and Ubuntu ships as libargon2-1.</summary>
/// <remarks>The base class library has no Argon2, and a managed one is several times slower: the same wait would buy less safety.</remarks>
internal static partial class LibArgon2
{
    private const string Library = "libargon2.so.1";
    private const uint Version13 = 0x13;
    private const int TypeId = 2;

    /// <summary>Says at start-up, in a sentence, that the library is missing, rather than at the first sign-in.</summary>
    public static void EnsurePresent()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(LibArgon2).Assembly, null, out _))
            throw new InvalidOperationException($"{Library} is not installed. Install it with: apt-get install libargon2-1");
    }

    public static byte[] Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Argon2Cost cost, int sizeBytes)
    {
        var hash = new byte[sizeBytes];
        var answer = Native.Argon2Hash(cost.Passes, cost.MemoryKib, cost.Lanes, password, (nuint)password.Length,
            salt, (nuint)salt.Length, hash, (nuint)hash.Length, 0, 0, TypeId, Version13);
        if (answer != 0) throw new InvalidOperationException($"libargon2 answered with code {answer}.");
        return hash;
    }

    private static partial class Native
    {
        [LibraryImport(Library, EntryPoint = "argon2_hash")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int Argon2Hash(
            uint passes, uint memoryKib, uint lanes, ReadOnlySpan<byte> password, nuint passwordSize,
            ReadOnlySpan<byte> salt, nuint saltSize, Span<byte> hash, nuint hashSize,
            nint encoded, nuint encodedSize, int type, uint version);
    }
}
