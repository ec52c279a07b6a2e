namespace Chartroom.Bench;

/// <summary>A visit of the big clinic before it is written. People and providers are numbers here.</summary>
internal sealed record BigVisit
{
    public required int Patient { get; init; }
    public required int Provider { get; init; }
    public required int Type { get; init; }
    public required DateTime Local { get; init; }
    /// <summary>IANA zone of that wall clock.</summary>
    public required string Zone { get; init; }
    public required DateTimeOffset Start { get; init; }
    public required int Minutes { get; init; }
    /// <summary>What happened to it, in order; the first is the booking, the last says how it stands.</summary>
    public required IReadOnlyList<BigMove> Moves { get; init; }
    /// <summary>Set for a cancelled one only.</summary>
    public BigCancel? Cancel { get; init; }

    public DateTimeOffset End => Start.AddMinutes(Minutes);
    public BigMove Last => Moves[^1];
}

/// <param name="Shift">How far from its last start the visit still was after this move.</param>
internal readonly record struct BigMove(string Act, string Status, DateTimeOffset At, TimeSpan Shift = default);

/// <param name="Reason">As the database names it.</param>
internal sealed record BigCancel(string Reason, string By, bool IsLate);

/// <summary>A kind of visit there.</summary>
/// <param name="Weight">How often it comes, of 100.</param>
/// <param name="NeedsDevice">Only the providers who have a device of their own give it.</param>
internal sealed record BigType(string Name, int Minutes, string Color, int Weight, bool NeedsDevice = false);
