namespace Chartroom.Charts;

/// <summary>Whether a result lies beside its range, and whether a provider has to see it. Pure.</summary>
internal static class ResultFlags
{
    /// <summary>Days after which a result that comes from another system is history and asks nobody.</summary>
    public const int NewsDays = 30;

    private const string System = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

    public static readonly Concept Low = Named("L", "Low"), High = Named("H", "High"), Normal = Named("N", "Normal"), Abnormal = Named("A", "Abnormal");

    /// <summary>Codes and words of other systems that say "nothing unusual". Anything else they say is shown to a person first.</summary>
    private static readonly HashSet<string> Unremarkable = new(StringComparer.OrdinalIgnoreCase) { "N", "Normal", "NEG", "Negative", "ND", "Not detected", "NR", "Non-reactive" };

    /// <summary>Low, High or Normal beside the range of the measurement; null where there is no figure or no range of figures.</summary>
    public static Concept? OfRange(Measurement what)
    {
        if (what.Value is not { Amount: { } amount, UpTo: null } || what.Ranges.FirstOrDefault(range => range.Low is not null || range.High is not null) is not { } range) return null;
        // Of a bound only that side is known: "<0.1" is under a low of 0.4, ">200" says nothing of a high of 240.
        var (canBeLower, canBeHigher) = (amount.Comparator?.StartsWith('<') == true, amount.Comparator?.StartsWith('>') == true);
        var (isUnder, isOver) = (amount.Value < range.Low || (amount.Comparator == "<" && amount.Value == range.Low), amount.Value > range.High || (amount.Comparator == ">" && amount.Value == range.High));
        return isUnder && !canBeHigher ? Low
            : isOver && !canBeLower ? High
            : (canBeLower && range.Low is not null) || (canBeHigher && range.High is not null) || isUnder || isOver ? null
            : Normal;
    }

    /// <summary>The result with its flag worked out where figures say it; else the writer's own stays.</summary>
    public static Entry.Result Settled(Entry.Result result) => result with
    {
        What = Settled(result.What),
        Parts = [.. result.Parts.Select(Settled)],
    };

    private static Measurement Settled(Measurement what) => OfRange(what) is { } flag ? what with { Interpretations = [flag] } : what;

    /// <summary>True where the sender or the range says that it is not as usual.</summary>
    public static bool IsAbnormal(Entry.Result result) => result.Parts.Prepend(result.What).Any(IsAbnormal);

    private static bool IsAbnormal(Measurement what) => what.Interpretations.Count > 0
        ? what.Interpretations.Any(it => !Unremarkable.Contains(it.Codings is [var coding, ..] ? coding.Code : it.Text) && !Unremarkable.Contains(it.Text))
        : OfRange(what) is { } flag && flag != Normal;

    /// <summary>How it waits, as the column says it; null for what nobody has to see: cancelled ones and mistakes.</summary>
    public static string? ToSee(Entry.Result result) =>
        result.Status is ObservationStatus.EnteredInError or ObservationStatus.Cancelled or ObservationStatus.Registered ? null : IsAbnormal(result) ? "abnormal" : "normal";

    /// <summary>True for a result of another system that is news: of a laboratory or of imaging, or of a kind nobody names, and not older than <see cref="NewsDays"/>.</summary>
    public static bool IsNews(Entry.Result result, DateTimeOffset now) =>
        (result.Issued ?? result.Taken) is { } at && at.Earliest > now.AddDays(-NewsDays) && (result.Categories.Count == 0 || result.Categories.Any(IsOfLaboratory));

    private static bool IsOfLaboratory(Concept category) => category.Codings.Select(coding => coding.Code).Append(category.Text).Any(word =>
        string.Equals(word, "laboratory", StringComparison.OrdinalIgnoreCase) || string.Equals(word, "imaging", StringComparison.OrdinalIgnoreCase));

    private static Concept Named(string code, string words) => new() { Text = words, Codings = [new(System, code, words)] };
}
