using System.Runtime.CompilerServices;
using Chartroom.Platform.Database;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>Files of one directory, one a log, with a key of their own there (<c>witness.key</c>). Opened for each round, so several nodes may share the directory.</summary>
public sealed class FileWitness : IWitness, IDisposable
{
    private readonly string directory;
    private readonly NoteSigner signer;
    private readonly NoteVerifier log;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <param name="directory">Made when missing; best on another disk than the database's.</param>
    /// <param name="log">Key of the logs; heads of another are refused.</param>
    /// <param name="clock">The witness's own clock.</param>
    public FileWitness(string directory, NoteVerifier log, TimeProvider clock)
    {
        (this.directory, this.log, this.clock) = (directory, log, clock);
        SecretFiles.EnsureDirectory(directory);
        signer = new($"{log.Name}/witness", NoteKeyKind.Witness, Convert.FromBase64String(SecretFiles.ReadOrMake(Path.Combine(directory, "witness.key"), AuditKeys.NewSeed)));
    }

    /// <inheritdoc/>
    public NoteVerifier Key => signer.Verifier;

    /// <summary>The file of a log.</summary>
    public string PathOf(string origin) => Path.Combine(directory, Uri.EscapeDataString(origin) + ".log");

    /// <summary>Shows it new leaves and the head over all of them. A file is made only for a head of that very log, signed by its key: strangers may ask too.</summary>
    public async Task<WitnessAnswer> AddAsync(string origin, IReadOnlyList<WitnessedLeaf> leaves, string note, CancellationToken ct)
    {
        if (!Checkpoint.TryParse(note, out var head) || head.Origin != origin || !head.IsSignedBy(log, note)) return new(0, null, WitnessRefusal.Signature);
        return await WithFileAsync(origin, file => file.Add(leaves, note, clock.GetUtcNow()), ct);
    }

    /// <inheritdoc/>
    public async Task<WitnessAnswer> StateAsync(string origin, CancellationToken ct) =>
        File.Exists(PathOf(origin)) ? await WithFileAsync(origin, file => new(file.Size, file.LastNote), ct) : new(0, null);

    /// <inheritdoc/>
    public async IAsyncEnumerable<WitnessLine> LinesAsync(string origin, long size, [EnumeratorCancellation] CancellationToken ct)
    {
        if (size == 0) yield break;
        using var text = File.OpenText(PathOf(origin));
        await foreach (var line in WitnessFile.ReadAsync(text, size, ct)) yield return line;
    }

    /// <summary>The same as text, for whoever asks over the network; nothing of a log it has not seen.</summary>
    public Task CopyLinesAsync(string origin, long size, Stream to, CancellationToken ct) =>
        size > 0 && File.Exists(PathOf(origin)) ? WitnessFile.CopyAsync(PathOf(origin), size, to, ct) : Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        oneAtATime.Dispose();
        signer.Dispose();
    }

    private async Task<WitnessAnswer> WithFileAsync(string origin, Func<WitnessFile, WitnessAnswer> work, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            using var file = new WitnessFile(PathOf(origin), signer, log);
            return work(file);
        }
        finally
        {
            oneAtATime.Release();
        }
    }
}
