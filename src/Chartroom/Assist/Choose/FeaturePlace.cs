namespace Chartroom.Assist;

/// <summary>A feature for which something drafts, as pages and operations name it, and what fits it (the database holds the same, <c>assist_choice_fits</c>).</summary>
/// <param name="Code">In addresses.</param>
/// <param name="Name">Of the operations.</param>
/// <param name="Title">As people know it.</param>
/// <param name="Does">What is drafted, as the end of a sentence.</param>
public sealed record FeaturePlace(AssistFeature Feature, string Code, string Name, string Title, string Does)
{
    public required string OffSummary { get; init; }
    public bool MayBeBuiltIn { get; init; }
    public bool MayBeOutside { get; init; }

    /// <summary>What is built in, in a sentence.</summary>
    public string BuiltIn { get; init; } = "";

    /// <summary>What is gone when it is off.</summary>
    public string WhenOff { get; init; } = "";

    /// <summary>What goes out to an outside model.</summary>
    public string GoesOut { get; init; } = "";

    public string NeverGoesOut { get; init; } = "";

    public string Path => $"{AssistantRoutes.Overview}/{Code}";

    public string Api => $"/api/v1/assistant/{Code}";

    public static readonly IReadOnlyList<FeaturePlace> All =
    [
        new(AssistFeature.VisitNotes, "visit-notes", "", "Visit notes", "visit notes")
        {
            MayBeBuiltIn = true, MayBeOutside = true, OffSummary = "Back to the built-in drafter, from which nothing leaves",
            BuiltIn = "By rules, from what was said. Nothing leaves this server.",
            WhenOff = "Notes are written by hand. Nothing is drafted from a transcript, so no orders are proposed either; recordings are still transcribed where that is on.",
            GoesOut = "What was said at the visit, line by line, with “clinician” or “patient” before it. Each transcript that somebody has drafted, once; more often only when the model did not answer.",
            NeverGoesOut = "The chart, other visits, who is signed in; a recording only where",
        },
        new(AssistFeature.Orders, "orders", "Orders", "Orders from the visit", "orders proposed from a visit")
        {
            MayBeBuiltIn = true, OffSummary = "",
            BuiltIn = "By rules, from what was said, beside the draft of the note. Nothing leaves this server. No outside model proposes orders.",
            WhenOff = "No orders are proposed; people place them by hand.",
        },
        new(AssistFeature.ChartSummary, "chart-summary", "ChartSummary", "Summary of the chart", "summaries of a chart")
        {
            MayBeBuiltIn = true, MayBeOutside = true, OffSummary = "Back to the built-in summary, from which nothing leaves",
            BuiltIn = "By rules, from what the chart says. Nothing leaves this server.",
            WhenOff = "The button “Draft a summary” is gone from charts.",
            GoesOut = "What the built-in summary would stand on, line by line: current problems, allergies and medications, the latest values, the beginning of the last two assessments, open orders, the last and next visits. "
                + "Each time somebody has a chart summarized, once; more often only when the model did not answer.",
            NeverGoesOut = "Private notes, the rest of the chart, documents, which entries and versions the lines are from, who is signed in; a recording only where",
        },
        new(AssistFeature.Transcription, "transcription", "Transcription", "Transcription", "transcripts of recordings") { MayBeOutside = true, OffSummary = "No recording leaves any more" },
    ];
}
