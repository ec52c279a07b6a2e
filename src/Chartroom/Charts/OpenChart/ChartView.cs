using System.Globalization;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>An entry with its content's own type.</summary>
public sealed record Listed<T>(ChartEntry Row, T Content) where T : Entry;

/// <summary>One sign or test over time.</summary>
/// <param name="Newest">The latest entry, whichever way it is written.</param>
/// <param name="Latest">Its value in words.</param>
/// <param name="Points">Those that can be drawn: numbers in one unit, oldest first.</param>
public sealed record TrendRow(string Name, ChartEntry Newest, string Latest, IReadOnlyList<TrendPoint> Points)
{
    public string Unit { get; init; } = "";
    public (decimal Low, decimal High)? Range { get; init; }
    /// <summary>Whose range it is and who published it; null for a range that came with the result.</summary>
    public string? RangeSource { get; init; }
    /// <summary>High or Low beside the range of the age; of a result, the sender's own flag.</summary>
    public string? Flag { get; init; }
    public int Count { get; init; }
    public string Category { get; init; } = "";
}

/// <summary>A chart arranged for the page. Pure: entries in, lists out.</summary>
public sealed class ChartView
{
    public required IReadOnlyList<Listed<Entry.Problem>> Problems { get; init; }
    public required IReadOnlyList<Listed<Entry.Problem>> PastProblems { get; init; }
    public required IReadOnlyList<Listed<Entry.Allergy>> Allergies { get; init; }
    public required IReadOnlyList<Listed<Entry.Medication>> Medications { get; init; }
    public required IReadOnlyList<Listed<Entry.Medication>> PastMedications { get; init; }
    public required IReadOnlyList<TrendRow> Vitals { get; init; }
    public required IReadOnlyList<VitalTaking> Takings { get; init; }
    public required IReadOnlyList<TrendRow> Results { get; init; }
    /// <summary>Results nobody has seen: abnormal ones first, then the oldest.</summary>
    public required IReadOnlyList<Listed<Entry.Result>> Unseen { get; init; }
    public required IReadOnlyList<ChartEntry> Others { get; init; }

    public IReadOnlyList<Listed<T>> Of<T>() where T : Entry => Pick<T>(Others);

    /// <summary>What a part shows with its status and dates to be changed there.</summary>
    public IEnumerable<EntryId> Changeable(ChartPart part)
    {
        var shown = Problems.Select(it => it.Row).Concat(Allergies.Select(it => it.Row)).Concat(Medications.Select(it => it.Row));
        return (part == ChartPart.History ? [.. shown, .. PastProblems.Select(it => it.Row), .. PastMedications.Select(it => it.Row)] : shown).Select(row => row.Id);
    }

    /// <param name="entries">Newest first.</param>
    /// <param name="born">For the ranges of the age at each reading; null when nobody knows, and then nothing is flagged.</param>
    public static ChartView Of(IReadOnlyList<ChartEntry> entries, PartialTime? born)
    {
        var (problems, drugs) = (Pick<Entry.Problem>(entries), Pick<Entry.Medication>(entries));
        var vitals = VitalReading.Of(Pick<Entry.Vital>(entries), born);
        return new ChartView
        {
            Problems = [.. problems.Where(problem => IsActive(problem.Content))],
            PastProblems = [.. problems.Where(problem => !IsActive(problem.Content))],
            Allergies = [.. Pick<Entry.Allergy>(entries).Where(allergy => IsActive(allergy.Content))
                .OrderBy(allergy => allergy.Content.Criticality == Criticality.High ? 0 : 1)],
            Medications = [.. drugs.Where(drug => IsActive(drug.Content))],
            PastMedications = [.. drugs.Where(drug => !IsActive(drug.Content))],
            Vitals = VitalRows(Pick<Entry.Vital>(entries), vitals),
            Takings = VitalTaking.Of(vitals),
            Results = ResultRows(Pick<Entry.Result>(entries)),
            Unseen = [.. Pick<Entry.Result>(entries).Where(result => result.Row.IsUnseen).OrderBy(result => ResultFlags.IsAbnormal(result.Content) ? 0 : 1).ThenBy(result => result.Row.RecordedAt)],
            Others = [.. entries.Where(entry => entry.Content.Kind is not (EntryKind.Problem or EntryKind.Medication or EntryKind.Allergy
                or EntryKind.Vital or EntryKind.Result))],
        };
    }

    /// <summary>A problem nobody has closed is shown as open: leaving it out would be the more dangerous mistake.</summary>
    internal static bool IsActive(Entry.Problem problem) =>
        problem.Verification is not Verification.Refuted
        && problem.Status switch
        {
            ProblemStatus.Inactive or ProblemStatus.Remission or ProblemStatus.Resolved => false,
            ProblemStatus.Active or ProblemStatus.Recurrence or ProblemStatus.Relapse => true,
            _ => problem.Abated is null && problem.AbatedText is null,
        };

    public static bool IsActive(Entry.Allergy allergy) =>
        allergy.Status is not (AllergyStatus.Inactive or AllergyStatus.Resolved) && allergy.Verification is not (Verification.Refuted or Verification.EnteredInError);

    public static bool IsActive(Entry.Medication drug) => drug.Status is MedicationStatus.Active or MedicationStatus.OnHold
        or MedicationStatus.Intended or MedicationStatus.Unknown;

    private static List<Listed<T>> Pick<T>(IEnumerable<ChartEntry> entries) where T : Entry =>
        [.. entries.Where(entry => entry.Content is T).Select(entry => new Listed<T>(entry, (T)entry.Content))];

    private static List<TrendRow> VitalRows(List<Listed<Entry.Vital>> vitals, IReadOnlyList<VitalReading> taken)
    {
        var readings = taken.ToLookup(reading => reading.Scale.Sign);
        var rows = Charts.Vitals.Scales.Where(scale => readings.Contains(scale.Sign)).Select(scale =>
        {
            var newest = readings[scale.Sign].First();
            return new TrendRow(scale.Name, newest.Row, newest.Words, Points(readings[scale.Sign].Select(reading => (reading.Row, reading.Value))))
            {
                Unit = scale.ShownUnit,
                Range = newest.Range is { } range ? (range.Low, range.High) : null,
                RangeSource = newest.Range is { } known ? $"{known.Ages}: {known.Source}" : null,
                Flag = newest.Flag?.ToString(),
                Count = readings[scale.Sign].Count(),
            };
        }).ToList();
        var drawn = readings.SelectMany(group => group).Select(reading => reading.Row.Id).ToHashSet();
        rows.AddRange(vitals.Where(vital => !drawn.Contains(vital.Row.Id)).GroupBy(vital => NameOf(vital.Content.What)).Select(same =>
            new TrendRow(same.First().Content.What.Code.Text, same.First().Row, ChartWords.Measured(same.First().Content.What, same.First().Content.Parts), [])
            { Count = same.Count() }));
        return rows;
    }

    private static List<TrendRow> ResultRows(List<Listed<Entry.Result>> results) =>
        [.. results.GroupBy(result => NameOf(result.Content.What)).Select(ResultRow).OrderBy(row => row.Category == "Laboratory" ? 0 : 1).ThenBy(row => row.Category, StringComparer.Ordinal)];

    private static TrendRow ResultRow(IGrouping<string, Listed<Entry.Result>> same)
    {
        var (newest, content) = same.First();
        var unit = content.What.Value?.Amount?.Unit;
        var drawable = same.Where(result => result.Content.What.Value is { Amount: { Comparator: null } amount, UpTo: null } && amount.Unit == unit);
        var range = content.What.Ranges is [{ Low: { } low, High: { } high }, ..] ? (low, high) : ((decimal, decimal)?)null;
        return new TrendRow(content.What.Code.Text, newest, ChartWords.Measured(content.What, content.Parts),
            Points(drawable.Select(result => (result.Row, result.Content.What.Value!.Amount!.Value))))   // filtered to those that have one
        {
            Unit = content.What.Value?.Amount is { } amount ? ChartWords.UnitOf(amount) : "",
            Range = range,
            Flag = content.What.Interpretations is [var flag, ..] && flag.Text is not ("Normal" or "N") ? flag.Text : null,
            Count = same.Count(),
            Category = CategoryOf(content),
        };
    }

    private static string CategoryOf(Entry.Result result)
    {
        var words = result.Categories is [var category, ..] ? category.Codings is [var coding, ..] ? coding.Code : category.Text : "other";
        return char.ToUpperInvariant(words[0]) + words[1..].Replace('-', ' ').ToLowerInvariant();
    }

    /// <summary>Tests are the same when code and words are: senders give one code to odour and appearance, and one word to several codes.</summary>
    private static string NameOf(Measurement what) => what.Code.Codings is [var coding, ..] ? $"{coding.System}|{coding.Code}|{what.Code.Text}" : what.Code.Text;

    private static List<TrendPoint> Points(IEnumerable<(ChartEntry Row, decimal Value)> readings) =>
        [.. readings.Where(reading => reading.Row.EffectiveAt is not null)
            .Select(reading => new TrendPoint(reading.Row.EffectiveAt!.Value, reading.Value)).Reverse()];   // filtered to those that have one
}
