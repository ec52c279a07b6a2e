using System.Numerics;
using System.Security.Cryptography;

namespace Chartroom.Transparency;

/// <summary>Hashes and proofs of RFC 9162 section 2.1. A hash is 32 bytes (SHA-256).</summary>
public static class MerkleTree
{
    /// <summary>Length of every hash, in bytes.</summary>
    public const int HashSize = 32;

    /// <summary>Root of the tree without leaves.</summary>
    public static byte[] EmptyRoot { get; } = SHA256.HashData([]);

    /// <summary>Hash of a leaf: SHA-256 of a zero byte and the entry.</summary>
    public static byte[] HashLeaf(ReadOnlySpan<byte> entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.AppendData(entry);
        return hash.GetHashAndReset();
    }

    /// <summary>Hash of an inner node: SHA-256 of a one byte, the left and the right child.</summary>
    public static byte[] HashChildren(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * HashSize)];
        node[0] = 1;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + HashSize)..]);
        return SHA256.HashData(node);
    }

    /// <summary>Root over the leaves' hashes, in order.</summary>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        var frontier = new Frontier();
        foreach (var leaf in leaves) frontier.Append(leaf);
        return frontier.Root();
    }

    /// <summary>The audit path of a leaf, lowest sibling first.</summary>
    public static List<byte[]> ProveInclusion(ReadOnlySpan<byte[]> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (leaves.Length == 1) return [];
        var split = Split(leaves.Length);
        var isLeft = index < split;
        var path = isLeft ? ProveInclusion(leaves[..split], index) : ProveInclusion(leaves[split..], index - split);
        path.Add(Root(isLeft ? leaves[split..] : leaves[..split]));
        return path;
    }

    /// <summary>The ranges of leaves whose roots are the audit path of a leaf, lowest sibling first: for a tree too large to hold at once.</summary>
    public static List<(long From, long To)> InclusionRanges(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var ranges = new List<(long From, long To)>();
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var split = from + (1L << BitOperations.Log2((ulong)(to - from - 1)));
            ranges.Add(index < split ? (split, to) : (from, split));
            (from, to) = index < split ? (from, split) : (split, to);
        }
        ranges.Reverse();
        return ranges;
    }

    /// <summary>Shows that the tree of the first <paramref name="earlier"/> leaves is a beginning of the whole. Empty when both are one tree.</summary>
    public static List<byte[]> ProveConsistency(ReadOnlySpan<byte[]> leaves, int earlier)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, leaves.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(earlier, 1);
        return SubProof(leaves, earlier, isWhole: true);
    }

    /// <summary>True when the path leads from the leaf at that index to the root of a tree of that size.</summary>
    public static bool VerifyInclusion(long index, long size, byte[] leafHash, IReadOnlyList<byte[]> path, byte[] root)
    {
        if (index < 0 || index >= size || !AreHashes([leafHash, root, .. path])) return false;
        var (position, last, hash) = (index, size - 1, leafHash);
        foreach (var sibling in path)
        {
            if (last == 0) return false;
            if ((position & 1) == 1 || position == last)
            {
                hash = HashChildren(sibling, hash);
                while ((position & 1) == 0 && position != 0) (position, last) = (position >> 1, last >> 1);
            }
            else hash = HashChildren(hash, sibling);
            (position, last) = (position >> 1, last >> 1);
        }
        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>True when the proof shows that the earlier tree is a beginning of the later one (RFC 9162, 2.1.4.2).</summary>
    public static bool VerifyConsistency(long earlier, long later, byte[] earlierRoot, byte[] laterRoot, IReadOnlyList<byte[]> proof)
    {
        if (earlier < 0 || later < earlier) return false;
        if (later == 0 && !laterRoot.AsSpan().SequenceEqual(EmptyRoot)) return false;
        if (earlier == later) return proof.Count == 0 && earlierRoot.AsSpan().SequenceEqual(laterRoot);
        if (!AreHashes([earlierRoot, laterRoot, .. proof])) return false;
        if (earlier == 0) return proof.Count == 0 && earlierRoot.AsSpan().SequenceEqual(EmptyRoot);
        if (proof.Count == 0) return false;
        List<byte[]> path = BitOperations.IsPow2(earlier) ? [earlierRoot, .. proof] : [.. proof];
        var (first, second) = (earlier - 1, later - 1);
        while ((first & 1) == 1) (first, second) = (first >> 1, second >> 1);
        var (one, two) = (path[0], path[0]);
        foreach (var node in path.Skip(1))
        {
            if (second == 0) return false;
            if ((first & 1) == 1 || first == second)
            {
                (one, two) = (HashChildren(node, one), HashChildren(node, two));
                while ((first & 1) == 0 && first != 0) (first, second) = (first >> 1, second >> 1);
            }
            else two = HashChildren(two, node);
            (first, second) = (first >> 1, second >> 1);
        }
        return second == 0 && one.AsSpan().SequenceEqual(earlierRoot) && two.AsSpan().SequenceEqual(laterRoot);
    }

    private static List<byte[]> SubProof(ReadOnlySpan<byte[]> leaves, int earlier, bool isWhole)
    {
        if (earlier == leaves.Length) return isWhole ? [] : [Root(leaves)];
        var split = Split(leaves.Length);
        var isLeft = earlier <= split;
        var proof = isLeft ? SubProof(leaves[..split], earlier, isWhole) : SubProof(leaves[split..], earlier - split, isWhole: false);
        proof.Add(Root(isLeft ? leaves[split..] : leaves[..split]));
        return proof;
    }

    /// <summary>Largest power of two below the size.</summary>
    private static int Split(int size) => 1 << BitOperations.Log2((uint)size - 1);

    private static bool AreHashes(IEnumerable<byte[]> hashes) => hashes.All(hash => hash.Length == HashSize);
}
