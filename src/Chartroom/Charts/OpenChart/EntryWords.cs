using System.Diagnostics;

namespace Chartroom.Charts;

/// <summary>An entry in a line of words.</summary>
internal static class EntryWords
{
    public static string TitleOf(Entry content) => content switch
    {
        Entry.Encounter visit => visit.Types is [var type, ..] ? type.Text : visit.Class is { } setting ? setting.Display ?? setting.Code : "Encounter",
        Entry.Problem problem => problem.Code.Text,
        Entry.Allergy allergy => allergy.Code.Text,
        Entry.Medication drug => drug.Code.Text,
        Entry.Vital vital => vital.What.Code.Text,
        Entry.Result result => result.What.Code.Text,
        Entry.Immunization shot => shot.Vaccine.Text,
        Entry.Procedure procedure => procedure.Code.Text,
        Entry.Report report => report.Code.Text,
        Entry.Document document => document.Type?.Text ?? document.Description ?? "Document",
        Entry.Note note => note.Title,
        _ => throw new UnreachableException(),
    };

    public static string DetailOf(Entry content, string zone) => string.Join(" · ", Details(content, zone).Where(part => !string.IsNullOrEmpty(part)));

    /// <summary>What the entry's page lists, name and words; empty ones are left out there.</summary>
    public static IReadOnlyList<(string Name, string? Words)> FactsOf(Entry content, string zone) => content switch
    {
        Entry.Encounter visit => [("Status", Of(visit.Status)), ("Began", ChartWords.Day(visit.Start, zone)), ("Ended", ChartWords.Day(visit.End, zone)), ("Why", Join(visit.Reasons)), ("Where", visit.Place), ("Discharge", visit.Discharge?.Text)],
        Entry.Problem problem => [("ICD-10-CM", ProblemCode.CodingOf(problem.Code)?.Code), ("Status", Of(problem.Status)), ("Verification", Of(problem.Verification)), ("Since", problem.OnsetText ?? ChartWords.Day(problem.Onset, zone)), ("Until", problem.AbatedText ?? ChartWords.Day(problem.Abated, zone)), ("Severity", problem.Severity?.Text), ("Site", Join(problem.BodySites))],
        Entry.Allergy allergy => [("Status", Of(allergy.Status)), ("Verification", Of(allergy.Verification)), ("Risk", Of(allergy.Criticality)), ("Reaction", EntryForm.Allergy.ReactionsOf(allergy)), ("Recorded", ChartWords.Day(allergy.Recorded, zone))],
        Entry.Medication drug => [("Status", Of(drug.Status)), ("Taken", EntryForm.Medication.SigOf(drug)), ("Why", Join(drug.Reasons)), ("Written", ChartWords.Day(drug.Written, zone)), ("From", ChartWords.Day(drug.Start, zone)), ("Until", ChartWords.Day(drug.End, zone))],
        Entry.Vital vital => [("Value", ChartWords.Measured(vital.What, vital.Parts)), ("Taken", At(vital.Taken, zone)), ("Status", Of(vital.Status)), ("Site", vital.BodySite?.Text)],
        Entry.Result result => [("Value", ChartWords.Measured(result.What, result.Parts)), ("Flag", Join(result.What.Interpretations)), ("Range", Ranges(result.What)), ("Taken", At(result.Taken, zone)), ("Status", Of(result.Status)), ("Specimen", result.Specimen), ("Method", result.Method?.Text)],
        Entry.Immunization shot => [("Status", Of(shot.Status)), ("Given", shot.GivenText ?? ChartWords.Day(shot.Given, zone)), ("Lot", shot.Lot), ("Maker", shot.Manufacturer), ("Site", shot.Site?.Text), ("Why not", shot.WhyNot?.Text)],
        Entry.Procedure procedure => [("Status", Of(procedure.Status)), ("When", procedure.StartText ?? ChartWords.Day(procedure.Start, zone)), ("Why", Join(procedure.Reasons)), ("Site", Join(procedure.BodySites)), ("Outcome", procedure.Outcome?.Text)],
        Entry.Report report => [("Status", Of(report.Status)), ("Taken", At(report.Taken, zone)), ("Conclusion", report.Conclusion ?? Join(report.ConclusionCodes)), ("Results", string.Join(", ", report.Results.Select(result => result.Title).OfType<string>()))],
        Entry.Document document => [("Status", Of(document.Status)), ("Description", document.Description), ("Written", At(document.Written, zone))],
        Entry.Note note => [("Written", At(note.Written, zone))],
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<string?> Details(Entry content, string zone) =>
        FactsOf(content, zone).Where(fact => fact.Name is not ("Since" or "Given" or "Verification" or "Written")).Select(fact => fact.Words);

    private static string? Of(Enum? code) =>
        code is null ? null : System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString()).Replace('-', ' ');

    private static string Join(IEnumerable<Concept> concepts) => string.Join(", ", concepts.Select(concept => concept.Text));

    private static string? At(PartialTime? time, string zone) =>
        time is { Precision: TimePrecision.Instant } ? ChartWords.DayAndTime(time.Earliest, zone) : ChartWords.Day(time, zone);

    private static string Ranges(Measurement what) => string.Join(", ", what.Ranges.Select(range =>
        range.Text ?? (range.Low, range.High) switch
        {
            ({ } low, { } high) => $"{ChartWords.Number(low)} – {ChartWords.Number(high)}",
            ({ } low, null) => $"from {ChartWords.Number(low)}",
            (null, { } high) => $"up to {ChartWords.Number(high)}",
            _ => "",
        }));
}
