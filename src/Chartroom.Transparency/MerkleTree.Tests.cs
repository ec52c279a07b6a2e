using System.Text;
using System.Text.Json;

namespace Chartroom.Transparency;

public sealed class MerkleTreeTests
{
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    [SharedDataFact]
    public void AUD_3_Every_published_probe_of_inclusion_gets_the_right_verdict()
    {
        var probes = Probes<InclusionProbe>("inclusion");
        Assert.NotEmpty(probes);
        Assert.All(probes, probe => Assert.True(
            MerkleTree.VerifyInclusion(unchecked((long)probe.Value.LeafIdx), unchecked((long)probe.Value.TreeSize), probe.Value.LeafHash ?? [], probe.Value.Proof ?? [], probe.Value.Root ?? []) != probe.Value.WantErr,
            probe.Path));
    }

    [SharedDataFact]
    public void AUD_3_Every_published_probe_of_consistency_gets_the_right_verdict()
    {
        var probes = Probes<ConsistencyProbe>("consistency");
        Assert.Equal(196, probes.Count + Probes<InclusionProbe>("inclusion").Count);
        Assert.All(probes, probe => Assert.True(
            MerkleTree.VerifyConsistency(unchecked((long)probe.Value.Size1), unchecked((long)probe.Value.Size2), probe.Value.Root1 ?? [], probe.Value.Root2 ?? [], probe.Value.Proof ?? []) != probe.Value.WantErr,
            probe.Path));
    }

    [SharedDataFact]
    public void AUD_3_Roots_are_those_of_the_reference()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.Root!, "security/merkle/reference.json")));
        var leaves = Enumerable.Range(0, 300).Select(at => MerkleTree.HashLeaf(Encoding.ASCII.GetBytes($"dev-entry-{at}"))).ToArray();
        var roots = reference.RootElement.GetProperty("roots").EnumerateObject().ToList();
        Assert.Equal(51, roots.Count);
        Assert.All(roots, root => Assert.Equal(root.Value.GetString(), Convert.ToBase64String(MerkleTree.Root(leaves.AsSpan(0, int.Parse(root.Name, null))))));
    }

    [Fact]
    public void AUD_3_Our_own_proofs_are_accepted_for_every_leaf_and_every_earlier_tree_and_for_nothing_else()
    {
        var leaves = Enumerable.Range(0, 41).Select(at => MerkleTree.HashLeaf(Encoding.ASCII.GetBytes($"row {at}"))).ToArray();
        for (var size = 1; size <= leaves.Length; size++)
        {
            var tree = leaves[..size];
            var root = MerkleTree.Root(tree);
            for (var at = 0; at < size; at++)
            {
                var path = MerkleTree.ProveInclusion(tree, at);
                Assert.True(MerkleTree.VerifyInclusion(at, size, tree[at], path, root));
                Assert.False(MerkleTree.VerifyInclusion(at, size, MerkleTree.HashLeaf([1]), path, root));
                var earlier = MerkleTree.Root(tree.AsSpan(0, at + 1));
                var proof = MerkleTree.ProveConsistency(tree, at + 1);
                Assert.True(MerkleTree.VerifyConsistency(at + 1, size, earlier, root, proof));
                Assert.False(MerkleTree.VerifyConsistency(at + 1, size, MerkleTree.HashLeaf([2]), root, proof));
            }
        }
    }

    [Fact]
    public void A_frontier_that_was_put_away_and_taken_up_leads_to_the_same_root()
    {
        var leaves = Enumerable.Range(0, 100).Select(at => MerkleTree.HashLeaf(BitConverter.GetBytes(at))).ToArray();
        var frontier = new Frontier();
        foreach (var leaf in leaves)
        {
            frontier = new Frontier(frontier.Size, frontier.Export());
            frontier.Append(leaf);
        }
        Assert.Equal(MerkleTree.Root(leaves), frontier.Root());
        Assert.Throws<FormatException>(() => new Frontier(3, new byte[32]));
    }

    [Fact]
    public void A_path_made_range_by_range_is_the_path_made_at_once()
    {
        var leaves = Enumerable.Range(0, 40).Select(at => MerkleTree.HashLeaf(BitConverter.GetBytes(at))).ToArray();
        foreach (var size in Enumerable.Range(1, leaves.Length))
            foreach (var index in Enumerable.Range(0, size))
                Assert.Equal(MerkleTree.ProveInclusion(leaves.AsSpan(0, size), index),
                    MerkleTree.InclusionRanges(index, size).Select(range => MerkleTree.Root(leaves.AsSpan((int)range.From, (int)(range.To - range.From)))));
    }

    private static List<(string Path, T Value)> Probes<T>(string kind) =>
        [.. Directory.EnumerateFiles(Path.Combine(SharedData.Root!, $"security/merkle/transparency-dev/{kind}"), "*.json", SearchOption.AllDirectories)
            .Select(path => (path, JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json)!))];

    private sealed record InclusionProbe(ulong LeafIdx, ulong TreeSize, byte[]? Root, byte[]? LeafHash, List<byte[]>? Proof, bool WantErr);

    private sealed record ConsistencyProbe(ulong Size1, ulong Size2, byte[]? Root1, byte[]? Root2, List<byte[]>? Proof, bool WantErr);
}
