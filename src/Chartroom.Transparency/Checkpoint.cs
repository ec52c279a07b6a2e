using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Chartroom.Transparency;

/// <summary>A tree's head in the C2SP form (tlog-checkpoint): origin, size, root.</summary>
/// <param name="Origin">Name of the log.</param>
/// <param name="Size">Number of leaves.</param>
/// <param name="Root">32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The text that is signed, with its last line break.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>The checkpoint as a note with the log's signature.</summary>
    public string SignedBy(NoteSigner log) => $"{Text}\n{Line(log.Verifier, log.Sign(Encoding.UTF8.GetBytes(Text)))}";

    /// <summary>A witness's line to put below the note: it has seen this head at that time, and none that contradicts it.</summary>
    public string CosignedBy(NoteSigner witness, DateTimeOffset at)
    {
        var signature = new byte[8 + 64];
        BinaryPrimitives.WriteInt64BigEndian(signature, at.ToUnixTimeSeconds());
        witness.Sign(CosignedMessage(at.ToUnixTimeSeconds())).CopyTo(signature, 8);
        return Line(witness.Verifier, signature);
    }

    /// <summary>Reads a note; says nothing of its signatures.</summary>
    public static bool TryParse(string note, [NotNullWhen(true)] out Checkpoint? checkpoint)
    {
        checkpoint = null;
        var lines = note.Split('\n');
        if (lines.Length < 4 || lines[0].Length == 0 || lines[3].Length != 0) return false;
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || lines[1] != size.ToString(CultureInfo.InvariantCulture)) return false;
        var root = new byte[MerkleTree.HashSize + 1];
        if (!Convert.TryFromBase64String(lines[2], root, out var length) || length != MerkleTree.HashSize) return false;
        checkpoint = new(lines[0], size, root[..length]);
        return true;
    }

    /// <summary>True when the note bears a valid signature of that key over this head.</summary>
    public bool IsSignedBy(NoteVerifier log, string note) =>
        log.Kind == NoteKeyKind.Log && SignatureOf(note, log) is { Length: 64 } signature && log.Verify(Encoding.UTF8.GetBytes(Text), signature);

    /// <summary>When the witness saw this head; null without a valid line of that key.</summary>
    public DateTimeOffset? CosignedAt(NoteVerifier witness, string note)
    {
        if (witness.Kind != NoteKeyKind.Witness || SignatureOf(note, witness) is not { Length: 72 } signature) return null;
        var seconds = BinaryPrimitives.ReadInt64BigEndian(signature);
        if (seconds is < 0 or > 253402300799) return null;
        return witness.Verify(CosignedMessage(seconds), signature.AsSpan(8)) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    private byte[] CosignedMessage(long seconds) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{Text}"));

    private static string Line(NoteVerifier key, byte[] signature)
    {
        var bytes = new byte[4 + signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, key.Id);
        signature.CopyTo(bytes, 4);
        return $"— {key.Name} {Convert.ToBase64String(bytes)}\n";
    }

    /// <summary>The signature bytes of the line with that key's name and id.</summary>
    private static byte[]? SignatureOf(string note, NoteVerifier key)
    {
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0) return null;
        foreach (var line in note[(split + 2)..].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (parts is not ["—", var name, var text] || name != key.Name) continue;
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, bytes, out var length) || length < 4) continue;
            if (BinaryPrimitives.ReadUInt32BigEndian(bytes) == key.Id) return bytes[4..length];
        }
        return null;
    }
}
