using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>How well a statement stands on its lines, as the few numbers that <see cref="Confidence"/> weighs.</summary>
internal static class Support
{
    /// <summary>The names of the features, in their order.</summary>
    public static readonly string[] Names = ["unsaid", "quantity", "other finding", "agrees", "disagrees"];

    /// <summary>The weight of the words that the cited lines do not hold (0 to 1); blocking findings about numbers, doses and dates, and about drugs, places and persons
    /// (0 to 2 each); how far the whole source says the same, and how much further it says the opposite (-1 to 1).</summary>
    public static double[] Of(Check check, SourceFinder source)
    {
        var wanted = SourceFinder.KeysOf(check.Said);
        var here = check.Evidence.Facts.SelectMany(SourceFinder.KeysOf).ToHashSet(StringComparer.Ordinal);
        var all = wanted.Sum(source.Weight);
        return
        [
            all == 0 ? 0 : wanted.Where(key => !here.Contains(key)).Sum(source.Weight) / all,
            Found(check, FindingKind.Number, FindingKind.Unit, FindingKind.Dose, FindingKind.Frequency, FindingKind.Date),
            Found(check, FindingKind.Drug, FindingKind.Side, FindingKind.Site, FindingKind.Experiencer, FindingKind.Contradiction, FindingKind.Route),
            check.Told.Agrees, check.Told.Disagrees - check.Told.Agrees,
        ];
    }

    private static double Found(Check check, params FindingKind[] kinds) => Math.Min(2, check.Findings.Count(finding => finding.Blocks && kinds.Contains(finding.Kind)));
}
