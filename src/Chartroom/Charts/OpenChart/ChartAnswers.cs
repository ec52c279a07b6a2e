using System.Text.Json;

namespace Chartroom.Charts;

/// <summary>An entry as the API gives and takes it.</summary>
internal sealed record EntryAnswer
{
    public required EntryId Id { get; init; }
    public required int Version { get; init; }
    public required EntryState State { get; init; }
    public EntryId? EncounterId { get; init; }
    /// <summary>The first instant of the time the content gives.</summary>
    public DateTimeOffset? EffectiveAt { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public string? Author { get; init; }
    /// <summary>True for a result that waits until a provider has seen it.</summary>
    public bool IsUnseen { get; init; }
    public required Entry Content { get; init; }

    public static EntryAnswer Of(ChartEntry entry) => new()
    {
        Id = entry.Id, Version = entry.Version, State = entry.State, EncounterId = entry.Encounter, EffectiveAt = entry.EffectiveAt,
        RecordedAt = entry.RecordedAt, Author = entry.Author, IsUnseen = entry.IsUnseen, Content = entry.Content,
    };
}

/// <param name="Next">Give it as <c>after</c> for the next page; absent on the last one.</param>
internal sealed record EntriesPage(IReadOnlyList<EntryAnswer> Entries, EntryId? Next);

/// <summary>What an entry said in each version, newest first.</summary>
internal sealed record EntryHistory(IReadOnlyList<EntryAnswer> Versions);

/// <summary>The latest reading of one vital sign.</summary>
/// <param name="Flag">Low or High beside the range of the patient's age then; absent inside of it, or where no range is published.</param>
/// <param name="RangeSource">Whose range it is and who published it.</param>
internal sealed record LatestVital(string Name, string Value, DateTimeOffset? At, EntryId Entry, string? Flag, decimal? Low, decimal? High, string? RangeSource);

internal sealed record ChartSummary
{
    public required PatientId Patient { get; init; }
    public required IReadOnlyList<EntryAnswer> Problems { get; init; }
    public required IReadOnlyList<EntryAnswer> Allergies { get; init; }
    public required IReadOnlyList<EntryAnswer> Medications { get; init; }
    public required IReadOnlyList<LatestVital> Vitals { get; init; }
    /// <summary>How many entries of each kind the chart holds.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>The kinds whose content it needs.</summary>
    public static readonly EntryKind[] Kinds = [EntryKind.Problem, EntryKind.Allergy, EntryKind.Medication, EntryKind.Vital];

    public static ChartSummary Of(OpenedChart chart)
    {
        var view = ChartView.Of(chart.Entries, chart.Patient.Line.BirthDate);
        return new ChartSummary
        {
            Patient = chart.Patient.Line.Id,
            Problems = [.. view.Problems.Select(problem => EntryAnswer.Of(problem.Row))],
            Allergies = [.. view.Allergies.Select(allergy => EntryAnswer.Of(allergy.Row))],
            Medications = [.. view.Medications.Select(drug => EntryAnswer.Of(drug.Row))],
            Vitals = [.. view.Vitals.Select(vital => new LatestVital(
                vital.Name, vital.Latest, vital.Newest.EffectiveAt, vital.Newest.Id, vital.Flag, vital.Range?.Low, vital.Range?.High, vital.RangeSource))],
            Counts = chart.Counts.ToDictionary(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.Key.ToString()), kind => kind.Value),
        };
    }
}

internal static class ChartAnswers
{
    /// <summary>JSON in the chart's own form, which differs from the product's default by FHIR's spelling of codes.</summary>
    public static IResult Json<T>(T answer) => Results.Json(answer, ChartJson.Compact);
}
