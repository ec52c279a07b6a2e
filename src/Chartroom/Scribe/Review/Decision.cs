using Chartroom.Platform.Vault;

namespace Chartroom.Scribe;

/// <summary>What somebody did with a statement, something left out, or the draft as a whole.</summary>
public enum DecisionKind
{
    /// <summary>Looked at what the verifier found. Decides nothing.</summary>
    Opened,
    /// <summary>Takes the words as they stand.</summary>
    Accepted,
    /// <summary>Writes them anew; the verifier reads them again.</summary>
    Edited,
    /// <summary>Leaves the statement out, with a reason.</summary>
    Rejected,
    /// <summary>Takes in something that was said and not drafted.</summary>
    Added,
    /// <summary>Leaves it out.</summary>
    Dismissed,
    /// <summary>Found the error that was planted into the words. Decides nothing: the true words wait.</summary>
    Caught,
    /// <summary>Took words with a planted error. Decides nothing: the true words wait.</summary>
    Missed,
    /// <summary>The draft became the note.</summary>
    Signed,
    /// <summary>The draft was given up, with a reason.</summary>
    Discarded,
    /// <summary>The draft was brought back.</summary>
    Restored,
}

/// <summary>The sealed part of a decision.</summary>
/// <param name="Text">The words from now on, for an edit or an addition.</param>
/// <param name="Section">Where an addition goes.</param>
/// <param name="Verdict">The verifier's word on that text.</param>
/// <param name="Purpose">Of an order: what it is for from now on.</param>
public sealed record DecisionWords(string? Text, string? Reason, string? Section = null, StatementVerdict? Verdict = null, string? Purpose = null);

/// <summary>A decision as taken; never changed. A later one on the same statement counts in its place.</summary>
public sealed record Decision(int Statement, int Sequence, DecisionKind Kind, DecisionWords Words)
{
    public required string Person { get; init; }
    public required DateTimeOffset At { get; init; }
    public int? EditDistance { get; init; }
    public int? SecondsSpent { get; init; }
    /// <summary>Of the rules of review when it was taken.</summary>
    public required string PolicyVersion { get; init; }
}

/// <summary>A row of <c>decision</c>, still sealed.</summary>
internal sealed record DecisionRow
{
    public Guid Id { get; init; }
    public DraftId DraftId { get; init; }
    public int Statement { get; init; }
    public int Sequence { get; init; }
    public string Kind { get; init; } = "";
    public byte[]? Content { get; init; }
    public int? EditDistance { get; init; }
    public int? SecondsSpent { get; init; }
    public string PolicyVersion { get; init; } = "";
    public string Person { get; init; } = "";
    public DateTimeOffset DecidedAt { get; init; }

    public static Cell CellOf(Guid id) => new("decision", "content", id);

    public Decision Open(PatientKey key) => new(Statement, Sequence, Enum.Parse<DecisionKind>(Kind, ignoreCase: true),
        Content is null ? new(null, null) : key.Open<DecisionWords>(Content, CellOf(Id)))
    {
        Person = Person, At = DecidedAt, EditDistance = EditDistance, SecondsSpent = SecondsSpent, PolicyVersion = PolicyVersion,
    };
}
