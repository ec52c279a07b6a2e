using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Chartroom.Transparency;

/// <summary>A leaf as a witness keeps it: enough to name a row that the database has lost.</summary>
public sealed record WitnessedLeaf(long Position, Guid EventId, byte[] Hash);

/// <summary>What a witness wrote down, in order: leaves, and after the last of each head its cosigned checkpoint.</summary>
/// <param name="Leaf">Set on a leaf's line.</param>
/// <param name="Checkpoint">Set on a checkpoint's line, with the note.</param>
public sealed record WitnessLine(WitnessedLeaf? Leaf, LogCheckpoint? Checkpoint);

/// <summary>What a witness answers.</summary>
/// <param name="Size">How far it has come.</param>
/// <param name="Note">The note with its line; null when it has not taken the head.</param>
/// <param name="Reason">Why not.</param>
public sealed record WitnessAnswer(long Size, string? Note, WitnessRefusal? Reason = null);

/// <summary>Why a witness does not take a head.</summary>
public enum WitnessRefusal
{
    /// <summary>It needs the leaves from its own size on.</summary>
    Gap,
    /// <summary>It has seen a longer log.</summary>
    Behind,
    /// <summary>The head does not continue what it has seen.</summary>
    Fork,
    /// <summary>No valid signature of the log, or another log's head.</summary>
    Signature,
    /// <summary>Its own clock stands before its last signature.</summary>
    Clock,
}

/// <summary>
/// A witness of one log: appends leaves and heads to a file of its own, outside the database, and signs only what continues what it has seen.
/// Lines: <c>leaf position event-id hash</c>, <c>checkpoint size note edge</c> (hash, note and edge in base64). What follows the last whole checkpoint
/// line was cut off by a crash and is dropped. Not thread-safe; one process holds the file at a time.
/// </summary>
public sealed class WitnessFile : IDisposable
{
    private const int TailSize = 64 * 1024;
    private readonly NoteSigner witness;
    private readonly NoteVerifier log;
    private readonly FileStream file;
    private Frontier frontier = new();
    private Checkpoint? last;
    private DateTimeOffset lastAt;

    /// <param name="path">The file; made when missing, readable by its owner only.</param>
    /// <param name="witness">Signs what was seen.</param>
    /// <param name="log">Key of the log; heads of another are refused.</param>
    public WitnessFile(string path, NoteSigner witness, NoteVerifier log)
    {
        (this.witness, this.log) = (witness, log);
        file = new(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        Resume();
    }

    /// <summary>Number of leaves seen.</summary>
    public long Size => frontier.Size;

    /// <summary>The last cosigned note; null before the first.</summary>
    public string? LastNote { get; private set; }

    /// <summary>Takes the leaves after <see cref="Size"/> and the head over all of them; on the disk before it answers.</summary>
    public WitnessAnswer Add(IReadOnlyList<WitnessedLeaf> leaves, string note, DateTimeOffset now)
    {
        if (!Checkpoint.TryParse(note, out var head) || !head.IsSignedBy(log, note) || head.Origin != (last?.Origin ?? head.Origin)) return Refused(WitnessRefusal.Signature);
        var fresh = leaves.SkipWhile(leaf => leaf.Position < frontier.Size).ToList();
        if (head.Size < frontier.Size) return Refused(WitnessRefusal.Behind);
        if (frontier.Size + fresh.Count != head.Size || fresh.Select((leaf, at) => leaf.Position - at).Any(start => start != frontier.Size)) return Refused(WitnessRefusal.Gap);
        if (now < lastAt) return Refused(WitnessRefusal.Clock);
        var next = new Frontier(frontier.Size, frontier.Export());
        foreach (var leaf in fresh) next.Append(leaf.Hash);
        if (!next.Root().AsSpan().SequenceEqual(head.Root)) return Refused(WitnessRefusal.Fork);
        if (last?.Size == head.Size) return new(frontier.Size, LastNote);
        var cosigned = note + head.CosignedBy(witness, now);
        Append(fresh, head.Size, cosigned, next);
        (frontier, last, lastAt, LastNote) = (next, head, now, cosigned);
        return new(frontier.Size, cosigned);
    }

    /// <summary>Reads such a file whole.</summary>
    public static async IAsyncEnumerable<WitnessLine> ReadAsync(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        using var text = File.OpenText(path);
        await foreach (var line in ReadAsync(text, long.MaxValue, ct)) yield return line;
    }

    /// <summary>Reads its lines from the first.</summary>
    /// <param name="from">The text, from a file or a connection.</param>
    /// <param name="size">The head to stop after: what stands behind it may be half written.</param>
    /// <exception cref="FormatException">A line is none of such a file.</exception>
    public static async IAsyncEnumerable<WitnessLine> ReadAsync(TextReader from, long size, [EnumeratorCancellation] CancellationToken ct)
    {
        var pending = new List<WitnessLine>();
        while (await from.ReadLineAsync(ct) is { } line)
        {
            var words = line.Split(' ');
            if (words is ["leaf", var position, var id, var hash])
                pending.Add(new(new(long.Parse(position, CultureInfo.InvariantCulture), Guid.Parse(id), Convert.FromBase64String(hash)), null));
            else if (words is ["checkpoint", var leaves, var note, _])
            {
                foreach (var leaf in pending) yield return leaf;
                pending.Clear();
                var head = new LogCheckpoint(long.Parse(leaves, CultureInfo.InvariantCulture), Encoding.UTF8.GetString(Convert.FromBase64String(note)));
                yield return new(null, head);
                if (head.Size >= size) yield break;
            }
            else throw new FormatException("This is not a witness file.");
        }
    }

    /// <summary>The lines as they stand, up to the head of that size, for whoever asks over the network.</summary>
    public static async Task CopyAsync(string path, long size, Stream to, CancellationToken ct)
    {
        await using var text = new StreamWriter(to, Encoding.ASCII, TailSize, leaveOpen: true) { NewLine = "\n" };
        var last = string.Create(CultureInfo.InvariantCulture, $"checkpoint {size} ");
        await foreach (var line in File.ReadLinesAsync(path, ct))
        {
            await text.WriteLineAsync(line.AsMemory(), ct);
            if (line.StartsWith(last, StringComparison.Ordinal)) break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private WitnessAnswer Refused(WitnessRefusal reason) => new(frontier.Size, null, reason);

    private void Append(List<WitnessedLeaf> leaves, long size, string note, Frontier next)
    {
        var text = new StringBuilder(leaves.Count * 100);
        foreach (var leaf in leaves) text.Append(CultureInfo.InvariantCulture, $"leaf {leaf.Position} {leaf.EventId} {Convert.ToBase64String(leaf.Hash)}\n");
        var edge = Convert.ToBase64String(next.Export());
        text.Append(CultureInfo.InvariantCulture, $"checkpoint {size} {Convert.ToBase64String(Encoding.UTF8.GetBytes(note))} {edge}\n");
        file.Write(Encoding.ASCII.GetBytes(text.ToString()));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Finds the last whole checkpoint from the end, takes up its state and cuts what follows.</summary>
    private void Resume()
    {
        for (var span = TailSize; file.Length > 0; span *= 4)
        {
            var start = Math.Max(0, file.Length - span);
            var tail = new byte[file.Length - start];
            file.Position = start;
            file.ReadExactly(tail);
            if (TakeUp(Encoding.ASCII.GetString(tail), start)) break;
            if (start == 0)
            {
                file.SetLength(0);
                break;
            }
        }
        file.Position = file.Length;
    }

    private bool TakeUp(string tail, long start)
    {
        var end = tail.LastIndexOf('\n') + 1;
        while (end > 0)
        {
            var begin = end < 2 ? 0 : tail.LastIndexOf('\n', end - 2) + 1;
            if (begin == 0 && start > 0) return false;
            if (tail[begin..(end - 1)].Split(' ') is ["checkpoint", var size, var note, var edge])
            {
                LastNote = Encoding.UTF8.GetString(Convert.FromBase64String(note));
                if (!Checkpoint.TryParse(LastNote, out last)) throw new FormatException("The witness file holds a checkpoint that cannot be read.");
                frontier = new(long.Parse(size, CultureInfo.InvariantCulture), Convert.FromBase64String(edge));
                lastAt = last.CosignedAt(witness.Verifier, LastNote) ?? throw new FormatException("The witness file was not written under this key.");
                file.SetLength(start + end);
                return true;
            }
            end = begin;
        }
        return false;
    }
}
