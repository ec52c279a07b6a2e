using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>Somebody outside the database who has seen the logs grow: a file of this process, or a process on another host.</summary>
public interface IWitness
{
    /// <summary>Shows it new leaves and the head over all of them.</summary>
    Task<WitnessAnswer> AddAsync(string origin, IReadOnlyList<WitnessedLeaf> leaves, string note, CancellationToken ct);

    /// <summary>How far it has come, with its last note.</summary>
    Task<WitnessAnswer> StateAsync(string origin, CancellationToken ct);

    /// <summary>All it wrote down, up to the head of that size; nothing for 0.</summary>
    IAsyncEnumerable<WitnessLine> LinesAsync(string origin, long size, CancellationToken ct);

    /// <summary>Its public key.</summary>
    NoteVerifier Key { get; }
}
