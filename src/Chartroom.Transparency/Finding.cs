namespace Chartroom.Transparency;

/// <summary>What is wrong with a log.</summary>
public enum FindingKind
{
    /// <summary>A row is not what was sealed.</summary>
    RowChanged,
    /// <summary>A sealed row is gone.</summary>
    RowMissing,
    /// <summary>A row that was never sealed.</summary>
    RowInserted,
    /// <summary>A row that belongs to another clinic.</summary>
    RowOfAnotherClinic,
    /// <summary>A row's time cannot be that of the moment it was sealed.</summary>
    TimeImpossible,
    /// <summary>The list of leaves itself was changed.</summary>
    LeafChanged,
    /// <summary>A head that the witness has seen is gone.</summary>
    CheckpointMissing,
    /// <summary>A head without a valid signature of the log's key or the witness's.</summary>
    CheckpointForged,
    /// <summary>The rows do not lead to the head that was signed, or two heads of one size contradict each other.</summary>
    HistoryForked,
    /// <summary>Rows that no witnessed head covers, long after it should: until one does, whoever owns the database may drop them unseen.</summary>
    SealStalled,
}

/// <summary>One thing found.</summary>
/// <param name="Position">The leaf, or the head's size; null for a row without one.</param>
/// <param name="EventId">The row.</param>
/// <param name="EventAt">Its time, where known.</param>
public sealed record Finding(FindingKind Kind, long? Position, Guid? EventId, DateTimeOffset? EventAt, string Text);

/// <summary>What a verification found.</summary>
/// <param name="Size">Leaves that were read.</param>
/// <param name="Checkpoints">Heads that were read.</param>
/// <param name="WitnessedAt">When the witness last saw it; null without a witness.</param>
/// <param name="WitnessedSize">How much it had seen.</param>
/// <param name="Findings">Nothing when all is well.</param>
public sealed record Verdict(string Origin, long Size, long Checkpoints, DateTimeOffset? WitnessedAt, long WitnessedSize, IReadOnlyList<Finding> Findings);
