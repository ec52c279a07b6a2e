using System.Numerics;

namespace Chartroom.Transparency;

/// <summary>The right edge of a growing tree: all that is needed to append leaves and to know the root. At most 63 hashes.</summary>
public sealed class Frontier
{
    private readonly List<byte[]> edge = [];   // roots of the perfect subtrees, largest first

    /// <summary>An empty tree.</summary>
    public Frontier() { }

    /// <param name="size">Leaves of the tree.</param>
    /// <param name="edge">What <see cref="Export"/> gave.</param>
    public Frontier(long size, ReadOnlySpan<byte> edge)
    {
        if (size < 0 || edge.Length != BitOperations.PopCount((ulong)size) * MerkleTree.HashSize)
            throw new FormatException("That many hashes are not the edge of a tree of that size.");
        Size = size;
        for (var at = 0; at < edge.Length; at += MerkleTree.HashSize) this.edge.Add(edge.Slice(at, MerkleTree.HashSize).ToArray());
    }

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a leaf by its hash.</summary>
    public void Append(byte[] leafHash)
    {
        var node = leafHash;
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            node = MerkleTree.HashChildren(edge[^1], node);
            edge.RemoveAt(edge.Count - 1);
        }
        edge.Add(node);
        Size++;
    }

    /// <summary>Root of the tree.</summary>
    public byte[] Root()
    {
        if (edge.Count == 0) return MerkleTree.EmptyRoot;
        var root = edge[^1];
        for (var at = edge.Count - 2; at >= 0; at--) root = MerkleTree.HashChildren(edge[at], root);
        return root;
    }

    /// <summary>The edge, 32 bytes a hash, largest subtree first.</summary>
    public byte[] Export() => [.. edge.SelectMany(hash => hash)];
}
