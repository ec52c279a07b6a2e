namespace Chartroom.Transparency;

/// <summary>Whose log it is and who may speak of it.</summary>
/// <param name="Origin">Name of the log, as in its checkpoints.</param>
/// <param name="Clinic">The clinic whose rows these are; null for the log of accounts.</param>
/// <param name="Log">The log's public key.</param>
/// <param name="Witness">The witness's; null when none is trusted: then a rewritten history that was signed anew cannot be told.</param>
/// <param name="OldestKept">Rows before it may have expired.</param>
public sealed record LogTrust(string Origin, Guid? Clinic, NoteVerifier Log, NoteVerifier? Witness, DateTimeOffset OldestKept);

/// <summary>
/// Recomputes a log from its rows and holds it against what was signed and what the witness wrote down; names every row that was altered, dropped,
/// inserted, reordered or moved. Where the witness has a leaf, its word is the truth the rows are held against. One pass, constant memory.
/// </summary>
public sealed class LogVerifier
{
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromHours(1), ClockSkew = TimeSpan.FromSeconds(10);
    private readonly LogTrust trust;
    private readonly IEnumerator<WitnessLine>? witness;
    private readonly List<Finding> findings = [];
    private readonly HashSet<DateOnly> expired = [];
    private readonly List<(long Position, Guid Id, DateTimeOffset At)> window = [];   // rows since the last head
    private readonly Frontier frontier = new();
    private WitnessLine? heard;
    private long checkpoints, lastGoodSize, witnessedSize;
    private DateTimeOffset? witnessedAt;
    private bool isForked;

    /// <param name="trust">What to hold it against.</param>
    /// <param name="witness">The witness's lines; null without one.</param>
    public LogVerifier(LogTrust trust, IEnumerable<WitnessLine>? witness)
    {
        this.trust = trust;
        this.witness = witness?.GetEnumerator();
        Hear();
    }

    /// <summary>Reads the log to its end.</summary>
    public async Task<Verdict> VerifyAsync(IAsyncEnumerable<LogRecord> records, CancellationToken ct)
    {
        await foreach (var record in records.WithCancellation(ct))
        {
            switch (record)
            {
                case LogHead head when head.Origin != trust.Origin: Found(FindingKind.HistoryForked, null, null, null, $"This is the log {head.Origin}, not {trust.Origin}."); break;
                case ExpiredMonth month: expired.Add(month.Month); break;
                case LogLeaf leaf: Check(leaf); break;
                case LogCheckpoint checkpoint: Check(checkpoint); break;
                case StrayRow stray: Check(stray.Entry); break;
            }
        }
        RestOfWitness();
        return new(trust.Origin, frontier.Size, checkpoints, witnessedAt, witnessedSize, findings);
    }

    private void Check(LogLeaf leaf)
    {
        if (leaf.Position < frontier.Size)
        {
            Found(FindingKind.LeafChanged, leaf.Position, leaf.EventId, leaf.EventAt, "A second leaf at the same position.");
            return;
        }
        while (frontier.Size < leaf.Position) SkipMissing();
        var sealedAs = TakeWitnessed(leaf.Position);
        if (sealedAs is not null && (sealedAs.EventId != leaf.EventId || !Same(sealedAs.Hash, leaf.Hash)))
            Found(FindingKind.LeafChanged, leaf.Position, sealedAs.EventId, leaf.EventAt, "The leaf is not the one the witness saw.");
        var truth = sealedAs?.Hash ?? leaf.Hash;
        CheckRow(leaf, sealedAs?.EventId ?? leaf.EventId, truth);
        Grow(truth);
        window.Add((leaf.Position, leaf.EventId, leaf.Entry?.At ?? leaf.EventAt));
    }

    private void CheckRow(LogLeaf leaf, Guid id, byte[] truth)
    {
        if (leaf.Entry is not { } row)
        {
            if (!HasExpired(leaf.EventAt)) Found(FindingKind.RowMissing, leaf.Position, id, leaf.EventAt, "The row was sealed and is gone.");
        }
        else if (!Same(row.Hash(), truth)) Found(FindingKind.RowChanged, leaf.Position, id, row.At, "The row is not what was sealed.");
    }

    private void Check(LogCheckpoint kept)
    {
        checkpoints++;
        if (!Checkpoint.TryParse(kept.Note, out var head) || head.Size != kept.Size || head.Origin != trust.Origin || !head.IsSignedBy(trust.Log, kept.Note))
        {
            Found(FindingKind.CheckpointForged, kept.Size, null, null, "The head bears no valid signature of the log's key.");
            return;
        }
        while (frontier.Size < kept.Size) SkipMissing();
        HearHeadsBelow(kept.Size);
        CheckWitnessed(kept, head);
        CheckTime(trust.Witness is null ? null : head.CosignedAt(trust.Witness, kept.Note));
        if (Same(frontier.Root(), head.Root)) lastGoodSize = head.Size;
        else if (!isForked)
        {
            isForked = true;
            Found(FindingKind.HistoryForked, head.Size, null, null, $"The rows from position {lastGoodSize} to {head.Size - 1} do not lead to the head that was signed.");
        }
    }

    private void CheckWitnessed(LogCheckpoint kept, Checkpoint head)
    {
        if (trust.Witness is not null && head.CosignedAt(trust.Witness, kept.Note) is null)
            Found(FindingKind.CheckpointForged, kept.Size, null, null, "The head bears no valid signature of the witness.");
        if (heard?.Checkpoint is not { } seen || seen.Size != kept.Size) return;
        if (Checkpoint.TryParse(seen.Note, out var other) && !Same(other.Root, head.Root))
            Found(FindingKind.HistoryForked, kept.Size, null, null, "The witness has seen another head of this size.");
        Hear();
    }

    /// <summary>A row was sealed between two heads: its time cannot lie well before the one or after the other.</summary>
    private void CheckTime(DateTimeOffset? at)
    {
        if (at is { } sealedAt)
        {
            foreach (var row in window.Where(row => row.At > sealedAt + ClockSkew || row.At < witnessedAt - LongestTransaction))
                Found(FindingKind.TimeImpossible, row.Position, row.Id, row.At, $"Sealed at {sealedAt:u}, yet dated {row.At:u}.");
            if (at < witnessedAt) Found(FindingKind.TimeImpossible, frontier.Size, null, at, "The witness's times run backwards.");
            (witnessedAt, witnessedSize) = (sealedAt, frontier.Size);
        }
        window.Clear();
    }

    private void Check(LogEntry row)
    {
        var isForeign = row.ClinicId != trust.Clinic && trust.Clinic is not null;
        Found(isForeign ? FindingKind.RowOfAnotherClinic : FindingKind.RowInserted, null, row.Id, row.At,
            isForeign ? "The row belongs to another clinic." : "The row was never sealed: the program did not write it.");
    }

    /// <summary>A position without a leaf: named by the witness, if it knows.</summary>
    private void SkipMissing()
    {
        var position = frontier.Size;
        var seen = TakeWitnessed(position);
        Found(FindingKind.RowMissing, position, seen?.EventId, null, "The leaf is gone.");
        Grow(seen?.Hash ?? new byte[MerkleTree.HashSize]);
    }

    private void RestOfWitness()
    {
        for (; heard is not null; Hear())
        {
            if (heard.Leaf is { } leaf && leaf.Position >= frontier.Size)
            {
                Found(FindingKind.RowMissing, leaf.Position, leaf.EventId, null, "The end of the log was cut: the witness has this row.");
                Grow(leaf.Hash);
            }
            else if (heard.Checkpoint is { } head) MissHead(head);
        }
    }

    private WitnessedLeaf? TakeWitnessed(long position)
    {
        HearHeadsBelow(position + 1);
        if (heard?.Leaf is not { } leaf || leaf.Position != position) return null;
        Hear();
        return leaf;
    }

    /// <summary>Heads that the witness has and the log has passed.</summary>
    private void HearHeadsBelow(long size)
    {
        for (; heard?.Checkpoint is { } head && head.Size < size; Hear()) MissHead(head);
    }

    private void MissHead(LogCheckpoint head)
    {
        Found(FindingKind.CheckpointMissing, head.Size, null, null, "The witness has seen this head; the database has it no more.");
        if (trust.Witness is not null && Checkpoint.TryParse(head.Note, out var seen)) CheckTime(seen.CosignedAt(trust.Witness, head.Note));
    }

    private void Hear() => heard = witness?.MoveNext() == true ? witness.Current : null;

    private void Grow(byte[] hash) => frontier.Append(hash);

    private bool HasExpired(DateTimeOffset at) => at < trust.OldestKept && expired.Contains(new(at.UtcDateTime.Year, at.UtcDateTime.Month, 1));

    private void Found(FindingKind kind, long? position, Guid? id, DateTimeOffset? at, string text) => findings.Add(new(kind, position, id, at, text));

    private static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);
}
