namespace Chartroom.Scribe;

/// <summary>What the review screen says about a kind of output: the screen itself is one, whatever the draft is to become.</summary>
/// <param name="Sources">Over what it stands on.</param>
/// <param name="SaidAt">Before the places of a statement.</param>
/// <param name="Finish">On the button that ends the review, with its icon, what it waits for nobody to undo, and its address under the draft.</param>
internal sealed record OutputWords(string Title, string Sources, string SaidAt, (string Text, string Icon, string Does, string Path) Finish)
{
    /// <summary>Sections whose plainly supported statements can be accepted at once.</summary>
    public bool AllowsMany { get; init; } = true;
    public required IReadOnlyList<(string Value, string Text)> RejectReasons { get; init; }
    public required string Discard { get; init; }

    public static OutputWords Of(DraftKind kind) => kind switch
    {
        DraftKind.Note => Note,
        DraftKind.Orders => Orders,
        DraftKind.Summary => Summary,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Where a draft is reviewed.</summary>
    public static string PathOf(DraftRow row) => row.AppointmentId is { } visit ? PathOf(row.Becomes, row.Id, visit) : $"/drafts/{row.Id}";

    public static string PathOf(DraftKind kind, DraftId id, AppointmentId visit) => kind == DraftKind.Note ? $"/visits/{visit}/review" : $"/drafts/{id}";

    /// <summary>The line above a section's heading.</summary>
    public static string Above(DraftKind kind, string section) => kind switch { DraftKind.Note => ReviewWords.Soap(section), DraftKind.Orders => "Proposed", _ => "From the chart" };

    private static readonly OutputWords Note = new("Visit note", "What was said", "said at", ("Sign note", "lock", "writes it to the chart", "signature"))
    {
        RejectReasons = ReviewWords.RejectReasons, Discard = "It can be brought back with your decisions, or drafted again from its transcript.",
    };

    private static readonly OutputWords Orders = new("Proposed orders", "What was said", "said at", ("Place the orders", "check", "places what you accepted", "placement"))
    {
        AllowsMany = false, Discard = "Nothing is ordered. It can be brought back with your decisions.",
        RejectReasons = [("not said", "Not said"), ("said otherwise", "Said otherwise"), ("not needed", "Not needed"), ("ordered already", "Ordered already"), ("other", "Another reason")],
    };

    private static readonly OutputWords Summary = new(SummaryDrafter.Title, "What the chart says", "from", ("Sign summary", "lock", "writes it to the chart as a note", "signature"))
    {
        Discard = "The chart stays as it is. The summary can be brought back with your decisions, or made anew at any time.",
        RejectReasons = [("wrong", "The chart is wrong here"), ("outdated", "No longer so"), ("not relevant", "Not relevant"), ("other", "Another reason")],
    };
}
