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

    /// <inheritdoc/>
    public Task<WitnessAnswer> AddAsync(string origin, IReadOnlyList<WitnessedLeaf> leaves, string note, CancellationToken ct) =>
        WithFileAsync(origin, file => file.Add(leaves, note, clock.GetUtcNow()), ct);

    /// <inheritdoc/>
    public Task<WitnessAnswer> StateAsync(string origin, CancellationToken ct) => WithFileAsync(origin, file => new(file.Size, file.LastNote), ct);

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
