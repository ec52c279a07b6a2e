namespace Chartroom.Insights;

/// <summary>Why there are no figures.</summary>
internal static class Refusals
{
    public static readonly Refusal BackToFront = new("insights.back-to-front", 422, "The last day is before the first one. Choose them the other way round.");
    public static readonly Refusal TooLong = new("insights.too-long", 422, "That is too long at once: choose at most two years by week, or ten years by month.");
    public static readonly Refusal NoSuchFigure = new("insights.no-such-figure", 404, "There is no such figure. Open it from its number on the page.");
}
