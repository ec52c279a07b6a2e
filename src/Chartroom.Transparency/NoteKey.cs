using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Chartroom.Transparency;

/// <summary>What a key signs: the log its checkpoints, a witness what it has seen and when. The byte is the signature type of C2SP signed-note.</summary>
public enum NoteKeyKind
{
    /// <summary>Ed25519 over the note's text.</summary>
    Log = 0x01,
    /// <summary>Timestamped Ed25519 cosignature (C2SP tlog-cosignature v1).</summary>
    Witness = 0x04,
}

/// <summary>A public key under its name, as <c>name+id+base64</c> (a C2SP <i>vkey</i>).</summary>
public sealed class NoteVerifier
{
    private readonly PublicKey key;

    private NoteVerifier(string name, NoteKeyKind kind, byte[] publicKey)
    {
        (Name, Kind) = (name, kind);
        key = PublicKey.Import(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey);
        Id = IdOf(name, kind, publicKey);
        Text = $"{name}+{Id:x8}+{Convert.ToBase64String([(byte)kind, .. publicKey])}";
    }

    /// <summary>The key's name: no spaces, no plus.</summary>
    public string Name { get; }

    /// <summary>What it signs.</summary>
    public NoteKeyKind Kind { get; }

    /// <summary>First four bytes of the hash of name, kind and key.</summary>
    public uint Id { get; }

    /// <summary>The key in its written form.</summary>
    public string Text { get; }

    /// <summary>Makes it of its parts.</summary>
    public static NoteVerifier Of(string name, NoteKeyKind kind, byte[] publicKey) => new(name, kind, publicKey);

    /// <summary>Reads the written form.</summary>
    /// <exception cref="FormatException">It is not one, or its id does not belong to its key.</exception>
    public static NoteVerifier Parse(string text)
    {
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || parts[0].Length == 0) throw new FormatException("A verifier key is written name+id+key.");
        var material = Convert.FromBase64String(parts[2]);
        if (material.Length != 33 || material[0] is not ((byte)NoteKeyKind.Log or (byte)NoteKeyKind.Witness))
            throw new FormatException("Only Ed25519 keys of logs (1) and witnesses (4) are known.");
        var verifier = new NoteVerifier(parts[0], (NoteKeyKind)material[0], material[1..]);
        return parts[1] == $"{verifier.Id:x8}" ? verifier : throw new FormatException("The key's id does not belong to it.");
    }

    internal bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => SignatureAlgorithm.Ed25519.Verify(key, message, signature);

    internal static uint IdOf(string name, NoteKeyKind kind, byte[] publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)kind, .. publicKey]));
}

/// <summary>A private key under its name.</summary>
public sealed class NoteSigner : IDisposable
{
    private readonly Key key;

    /// <param name="name">The key's name.</param>
    /// <param name="kind">What it signs.</param>
    /// <param name="seed">32 bytes.</param>
    public NoteSigner(string name, NoteKeyKind kind, ReadOnlySpan<byte> seed)
    {
        key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
        Verifier = NoteVerifier.Of(name, kind, key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The public half.</summary>
    public NoteVerifier Verifier { get; }

    /// <summary>Signs the bytes.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(key, message);

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
