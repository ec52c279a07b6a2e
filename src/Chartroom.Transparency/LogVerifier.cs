using System.Buffers.Binary;

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
/// inserted, reordered or moved. Where the witness has a leaf, its word is the truth the rows are held against; what the database alone says of a row that is gone proves
/// nothing. One pass, constant memory.
/// </summary>
public sealed class LogVerifier
{
    // A witnessed head within 60 seconds is promised; 30 more for the transaction that wrote the row and the round that seals it.
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromHours(1), ClockSkew = TimeSpan.FromSeconds(10), MostBehind = TimeSpan.FromSeconds(90);
    private readonly LogTrust trust;
    private readonly IAsyncEnumerator<WitnessLine>? witness;
    private readonly List<Finding> findings = [];
    private readonly HashSet<DateOnly> expired = [];
    private readonly List<Sealed> window = [];   // rows since the last head
    private readonly Frontier frontier = new();
    private WitnessLine? heard;
    private long checkpoints, lastGoodSize, witnessedSize;
    private DateTimeOffset? witnessedAt;
    private bool isForked;

    /// <param name="trust">What to hold it against.</param>
    /// <param name="witness">The witness's lines; null without one.</param>
    public LogVerifier(LogTrust trust, IAsyncEnumerable<WitnessLine>? witness)
    {
        this.trust = trust;
        this.witness = witness?.GetAsyncEnumerator();
    }

    /// <summary>Reads the log to its end.</summary>
    public async Task<Verdict> VerifyAsync(IAsyncEnumerable<LogRecord> records, CancellationToken ct)
    {
        await using var listening = witness;
        await HearAsync();
        LogEnd? end = null;
        await foreach (var record in records.WithCancellation(ct))
        {
            switch (record)
            {
                case LogHead head when head.Origin != trust.Origin: Found(FindingKind.HistoryForked, null, null, null, $"This is the log {head.Origin}, not {trust.Origin}."); break;
                case ExpiredMonth month: expired.Add(month.Month); break;
                case LogLeaf leaf: await CheckAsync(leaf); break;
                case LogCheckpoint checkpoint: await CheckAsync(checkpoint); break;
                case StrayRow stray: Check(stray.Entry); break;
                case LogEnd last: end = last; break;
            }
        }
        await RestOfWitnessAsync();
        CheckExpired(null);
        if (end is not null) CheckWaiting(end);
        return new(trust.Origin, frontier.Size, checkpoints, witnessedAt, witnessedSize, findings);
    }

    private async ValueTask CheckAsync(LogLeaf leaf)
    {
        if (leaf.Position < frontier.Size)
        {
            Found(FindingKind.LeafChanged, leaf.Position, leaf.EventId, leaf.EventAt, "A second leaf at the same position.");
            return;
        }
        while (frontier.Size < leaf.Position) await SkipMissingAsync();
        var sealedAs = await TakeWitnessedAsync(leaf.Position);
        if (sealedAs is not null && (sealedAs.EventId != leaf.EventId || !Same(sealedAs.Hash, leaf.Hash)))
            Found(FindingKind.LeafChanged, leaf.Position, sealedAs.EventId, leaf.EventAt, "The leaf is not the one the witness saw.");
        var truth = sealedAs?.Hash ?? leaf.Hash;
        var id = sealedAs?.EventId ?? leaf.EventId;
        CheckRow(leaf, id, truth);
        Grow(truth);
        window.Add(new(leaf.Position, id, leaf.Entry?.At ?? leaf.EventAt, leaf.Entry is null && IsSaidToHaveExpired(leaf.EventAt)));
    }

    private void CheckRow(LogLeaf leaf, Guid id, byte[] truth)
    {
        if (leaf.Entry is not { } row)
        {
            if (!IsSaidToHaveExpired(leaf.EventAt)) Found(FindingKind.RowMissing, leaf.Position, id, leaf.EventAt, "The row was sealed and is gone.");
        }
        else if (!Same(row.Hash(), truth)) Found(FindingKind.RowChanged, leaf.Position, id, row.At, "The row is not what was sealed.");
    }

    private async ValueTask CheckAsync(LogCheckpoint kept)
    {
        checkpoints++;
        if (!Checkpoint.TryParse(kept.Note, out var head) || head.Size != kept.Size || head.Origin != trust.Origin || !head.IsSignedBy(trust.Log, kept.Note))
        {
            Found(FindingKind.CheckpointForged, kept.Size, null, null, "The head bears no valid signature of the log's key.");
            return;
        }
        while (frontier.Size < kept.Size) await SkipMissingAsync();
        await HearHeadsBelowAsync(kept.Size);
        await CheckWitnessedAsync(kept, head);
        CheckTime(trust.Witness is null ? null : head.CosignedAt(trust.Witness, kept.Note));
        if (Same(frontier.Root(), head.Root)) lastGoodSize = head.Size;
        else if (!isForked)
        {
            isForked = true;
            Found(FindingKind.HistoryForked, head.Size, null, null, $"The rows from position {lastGoodSize} to {head.Size - 1} do not lead to the head that was signed.");
        }
    }

    private async ValueTask CheckWitnessedAsync(LogCheckpoint kept, Checkpoint head)
    {
        if (trust.Witness is not null && head.CosignedAt(trust.Witness, kept.Note) is null)
            Found(FindingKind.CheckpointForged, kept.Size, null, null, "The head bears no valid signature of the witness.");
        if (heard?.Checkpoint is not { } seen || seen.Size != kept.Size) return;
        if (seen.Note != kept.Note) Compare(seen, head);
        await HearAsync();
    }

    /// <summary>What the witness has in the place of a head of ours, with other words.</summary>
    private void Compare(LogCheckpoint seen, Checkpoint ours)
    {
        if (!Checkpoint.TryParse(seen.Note, out var theirs) || (trust.Witness is not null && theirs.CosignedAt(trust.Witness, seen.Note) is null))
            Found(FindingKind.CheckpointForged, seen.Size, null, null, "Whoever answers for the witness shows a head of this size without the witness's signature.");
        else if (!Same(theirs.Root, ours.Root)) Found(FindingKind.HistoryForked, seen.Size, null, null, "The witness has seen another head of this size.");
    }

    /// <summary>A row was sealed between two heads: its time cannot lie well before the one or after the other.</summary>
    private void CheckTime(DateTimeOffset? at)
    {
        CheckExpired(at);
        if (at is { } sealedAt)
        {
            foreach (var row in window.Where(row => row.At > sealedAt + ClockSkew || row.At < witnessedAt - LongestTransaction))
                Found(FindingKind.TimeImpossible, row.Position, row.Id, row.At, $"Sealed at {sealedAt:u}, yet dated {row.At:u}.");
            if (at < witnessedAt) Found(FindingKind.TimeImpossible, frontier.Size, null, at, "The witness's times run backwards.");
            (witnessedAt, witnessedSize) = (sealedAt, frontier.Size);
        }
        window.Clear();
    }

    /// <summary>
    /// Rows that are gone and lie in a month that expired, as their leaves say. Nothing hashes what a leaf says of its time, so something else must say that the row was old enough:
    /// the witness, who signed the head over it that long ago, or the time within the row's id, which the witness wrote down.
    /// </summary>
    /// <param name="sealedAt">When the head over them was witnessed, if it was.</param>
    private void CheckExpired(DateTimeOffset? sealedAt)
    {
        var oldest = trust.OldestKept + LongestTransaction;
        if (sealedAt < oldest) return;
        foreach (var row in window.Where(row => row.IsSaidToHaveExpired && !(TimeIn(row.Id) < oldest)))
            Found(FindingKind.RowMissing, row.Position, row.Id, row.At, "The row was sealed and is gone; it is too young to have expired, whatever its leaf says.");
    }

    private void CheckWaiting(LogEnd end)
    {
        var loose = window.Select(row => (row.Id, row.At)).ToList();
        if (end is { OldestId: { } id, OldestAt: { } at }) loose.Add((id, at));
        if (loose.Count == 0 || loose.MinBy(row => row.At) is var oldest && end.At - oldest.At <= MostBehind) return;
        Found(FindingKind.SealStalled, null, oldest.Id, oldest.At,
            $"{window.Count + end.Waiting} rows, the oldest of {oldest.At:u}, are under no head that the witness has seen; at {end.At:u} they had waited longer than they may. Until they are, nobody would miss them.");
    }

    private void Check(LogEntry row)
    {
        var isForeign = row.ClinicId != trust.Clinic && trust.Clinic is not null;
        Found(isForeign ? FindingKind.RowOfAnotherClinic : FindingKind.RowInserted, null, row.Id, row.At,
            isForeign ? "The row belongs to another clinic." : "The row was never sealed: the program did not write it.");
    }

    /// <summary>A position without a leaf: named by the witness, if it knows.</summary>
    private async ValueTask SkipMissingAsync()
    {
        var position = frontier.Size;
        var seen = await TakeWitnessedAsync(position);
        Found(FindingKind.RowMissing, position, seen?.EventId, null, "The leaf is gone.");
        Grow(seen?.Hash ?? new byte[MerkleTree.HashSize]);
    }

    private async ValueTask RestOfWitnessAsync()
    {
        for (; heard is not null; await HearAsync())
        {
            if (heard.Leaf is { } leaf && leaf.Position >= frontier.Size)
            {
                Found(FindingKind.RowMissing, leaf.Position, leaf.EventId, null, "The end of the log was cut: the witness has this row.");
                Grow(leaf.Hash);
            }
            else if (heard.Checkpoint is { } head) MissHead(head);
        }
    }

    private async ValueTask<WitnessedLeaf?> TakeWitnessedAsync(long position)
    {
        await HearHeadsBelowAsync(position + 1);
        if (heard?.Leaf is not { } leaf || leaf.Position != position) return null;
        await HearAsync();
        return leaf;
    }

    /// <summary>Heads that the witness has and the log has passed.</summary>
    private async ValueTask HearHeadsBelowAsync(long size)
    {
        for (; heard?.Checkpoint is { } head && head.Size < size; await HearAsync()) MissHead(head);
    }

    private void MissHead(LogCheckpoint head)
    {
        Found(FindingKind.CheckpointMissing, head.Size, null, null, "The witness has seen this head; the database has it no more.");
        if (trust.Witness is not null && Checkpoint.TryParse(head.Note, out var seen)) CheckTime(seen.CosignedAt(trust.Witness, head.Note));
    }

    private async ValueTask HearAsync() => heard = witness is not null && await witness.MoveNextAsync() ? witness.Current : null;

    private void Grow(byte[] hash) => frontier.Append(hash);

    private bool IsSaidToHaveExpired(DateTimeOffset at) => at < trust.OldestKept && expired.Contains(new(at.UtcDateTime.Year, at.UtcDateTime.Month, 1));

    private void Found(FindingKind kind, long? position, Guid? id, DateTimeOffset? at, string text) => findings.Add(new(kind, position, id, at, text));

    private static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    /// <summary>The time in an id of version 7; null in any other.</summary>
    private static DateTimeOffset? TimeIn(Guid id) => id.Version != 7 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16));

    /// <summary>A position that was read, until a head covers it.</summary>
    private readonly record struct Sealed(long Position, Guid Id, DateTimeOffset At, bool IsSaidToHaveExpired);
}
