namespace Chartroom.Transparency;

public sealed class CheckpointTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 16, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AUD_3_The_published_key_of_the_note_form_is_read_and_a_wrong_id_is_not()
    {
        Assert.Equal(0x530d903au, NoteVerifier.Parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").Id);
        Assert.Throws<FormatException>(() => NoteVerifier.Parse("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
    }

    [Fact]
    public void AUD_3_A_head_is_accepted_under_its_own_keys_only_and_no_byte_of_it_can_be_changed()
    {
        using var log = new NoteSigner("host.example/log", NoteKeyKind.Log, new byte[32]);
        using var other = new NoteSigner("host.example/log", NoteKeyKind.Log, [.. Enumerable.Repeat((byte)7, 32)]);
        using var witness = new NoteSigner("host.example/witness", NoteKeyKind.Witness, [.. Enumerable.Repeat((byte)9, 32)]);
        var head = new Checkpoint("host.example/log/clinic", 42, MerkleTree.HashLeaf([1]));
        var note = head.SignedBy(log);
        note += head.CosignedBy(witness, Now);

        Assert.True(Checkpoint.TryParse(note, out var read));
        Assert.True(read.IsSignedBy(log.Verifier, note));
        Assert.Equal(Now, read.CosignedAt(witness.Verifier, note));
        Assert.False(read.IsSignedBy(other.Verifier, note));
        Assert.Null(read.CosignedAt(log.Verifier, note));
        for (var at = 0; at < note.Length; at++)
        {
            var changed = string.Concat(note.AsSpan(0, at), note[at] == 'B' ? "C" : "B", note.AsSpan(at + 1));
            Assert.False(Checkpoint.TryParse(changed, out var bad) && bad.IsSignedBy(log.Verifier, changed) && bad.CosignedAt(witness.Verifier, changed) is not null, $"character {at}");
        }
    }

    [Fact]
    public async Task AUD_3_A_witness_signs_only_what_continues_what_it_has_seen()
    {
        var directory = Directory.CreateTempSubdirectory();
        var path = Path.Combine(directory.FullName, "log");
        using var log = new NoteSigner("log", NoteKeyKind.Log, new byte[32]);
        using var stranger = new NoteSigner("log", NoteKeyKind.Log, [.. Enumerable.Repeat((byte)3, 32)]);
        using var key = new NoteSigner("witness", NoteKeyKind.Witness, [.. Enumerable.Repeat((byte)9, 32)]);
        var leaves = Enumerable.Range(0, 9).Select(at => new WitnessedLeaf(at, Guid.CreateVersion7(), MerkleTree.HashLeaf(BitConverter.GetBytes(at)))).ToList();
        var forged = leaves.Select(leaf => leaf with { Hash = MerkleTree.HashLeaf([.. leaf.Hash, 1]) }).ToList();
        string Head(List<WitnessedLeaf> of, int size, NoteSigner signer) => new Checkpoint("log/a", size, MerkleTree.Root(of.Take(size).Select(leaf => leaf.Hash).ToArray())).SignedBy(signer);

        using (var witness = new WitnessFile(path, key, log.Verifier))
        {
            Assert.NotNull(witness.Add(leaves[..4], Head(leaves, 4, log), Now).Note);
            Assert.Equal(WitnessRefusal.Signature, witness.Add(leaves[4..6], Head(leaves, 6, stranger), Now).Reason);
            Assert.Equal(WitnessRefusal.Fork, witness.Add(leaves[4..6], Head(forged, 6, log), Now).Reason);
            Assert.Equal(((WitnessRefusal?)WitnessRefusal.Gap, 4L), (witness.Add(leaves[5..6], Head(leaves, 6, log), Now).Reason, witness.Size));
            Assert.Equal(WitnessRefusal.Behind, witness.Add([], Head(leaves, 3, log), Now).Reason);
            Assert.Equal(WitnessRefusal.Clock, witness.Add(leaves[4..6], Head(leaves, 6, log), Now.AddMinutes(-1)).Reason);
        }
        File.AppendAllText(path, "leaf 4 torn by a cra");
        using (var witness = new WitnessFile(path, key, log.Verifier))
        {
            Assert.Equal(4, witness.Size);
            Assert.NotNull(witness.Add(leaves[2..9], Head(leaves, 9, log), Now).Note);   // shown more than it lacks
        }
        Assert.Equal([0L, 1, 2, 3, 4, 5, 6, 7, 8], await WitnessFile.ReadAsync(path, default).Where(line => line.Leaf is not null).Select(line => line.Leaf!.Position).ToListAsync());
        directory.Delete(recursive: true);
    }
}
