using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Chartroom.Platform.Vault;

/// <summary>
/// One key and what it does: AES-256-GCM with a random 96-bit nonce, in an envelope
/// <c>[format 1][key version 4][key commitment 16][nonce 12][ciphertext n][tag 16]</c>. The commitment (a PRF of the key) refuses ciphertexts made to
/// open under two keys, which GCM alone does not. Source: NIST SP 800-38D; AWS Encryption SDK, key commitment.
/// </summary>
internal sealed class SealingKey : IDisposable
{
    private const byte Format = 1;
    private const int CommitmentAt = 5, CommitmentLength = 16, NonceAt = 21, NonceLength = 12, BodyAt = 33, TagLength = 16;

    // One cipher context under OpenSSL: two threads in it mix their nonces and seal what nobody can open. A clinic's key is used by all its
    // requests at once, so each use takes the lock, for about a microsecond.
    private readonly AesGcm cipher;
    private readonly Lock turn = new();
    private readonly byte[] commitment;
    private int holders = 1;

    /// <param name="key">32 bytes; the caller may clear them afterwards.</param>
    /// <param name="version">Version of the key, written into every envelope.</param>
    public SealingKey(ReadOnlySpan<byte> key, int version)
    {
        Version = version;
        commitment = HMACSHA256.HashData(key, "chartroom key commitment 1"u8)[..CommitmentLength];
        cipher = new AesGcm(key, TagLength);
    }

    public int Version { get; }

    /// <summary>Bytes an envelope adds to its content.</summary>
    public const int Overhead = BodyAt + TagLength;

    public byte[] Seal(ReadOnlySpan<byte> content, ReadOnlySpan<byte> associated)
    {
        var envelope = new byte[content.Length + Overhead];
        envelope[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(envelope.AsSpan(1), Version);
        commitment.CopyTo(envelope.AsSpan(CommitmentAt));
        RandomNumberGenerator.Fill(envelope.AsSpan(NonceAt, NonceLength));
        lock (turn) cipher.Encrypt(envelope.AsSpan(NonceAt, NonceLength), content, envelope.AsSpan(BodyAt, content.Length), envelope.AsSpan(BodyAt + content.Length), associated);
        return envelope;
    }

    /// <exception cref="CryptographicException">The envelope is cut, altered, of another key, or belongs elsewhere.</exception>
    public byte[] Open(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> associated)
    {
        if (envelope.Length < Overhead || envelope[0] != Format) throw new CryptographicException("Not an envelope of this format.");
        if (VersionOf(envelope) != Version) throw new CryptographicException("Sealed under another key version.");
        if (!CryptographicOperations.FixedTimeEquals(envelope.Slice(CommitmentAt, CommitmentLength), commitment)) throw new CryptographicException("Sealed under another key.");
        var content = new byte[envelope.Length - Overhead];
        lock (turn) cipher.Decrypt(envelope.Slice(NonceAt, NonceLength), envelope[BodyAt..^TagLength], envelope[^TagLength..], content, associated);
        return content;
    }

    public static int VersionOf(ReadOnlySpan<byte> envelope) => BinaryPrimitives.ReadInt32BigEndian(envelope[1..]);

    /// <summary>The same key for one more holder; each of them disposes it once, and the last clears it.</summary>
    /// <exception cref="ObjectDisposedException">Its last holder is gone.</exception>
    public SealingKey Share()
    {
        lock (turn)
        {
            ObjectDisposedException.ThrowIf(holders == 0, this);
            holders++;
        }
        return this;
    }

    public void Dispose()
    {
        lock (turn)
        {
            if (holders == 0 || --holders > 0) return;
            cipher.Dispose();   // OpenSSL clears the key schedule
            CryptographicOperations.ZeroMemory(commitment);
        }
    }
}
