using System.Globalization;
using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>Observation as vital sign or result, and DiagnosticReport.</summary>
/// <seealso href="https://hl7.org/fhir/R4/observation.html"/>
internal static class ObservationReader
{
    public static Entry? Read(FhirNode observation)
    {
        if (Measured(observation) is not { } what) return null;
        var categories = observation.Concepts("category");
        var isVital = Vitals.Recognise(what.Code) is not null || categories.Any(IsVitalSigns);
        return isVital ? Vital(observation, what) : Result(observation, what, categories);
    }

    public static Entry? Report(FhirNode report) => report.Concept("code") is not { } code ? null : new Entry.Report
    {
        Code = code,
        Status = report.CodeNeeded<ReportStatus>("status"),
        Categories = report.Concepts("category"),
        Taken = report.TimeOf("effective"),
        Issued = report.Time("issued"),
        Results = report.Entries("result"),
        Conclusion = report.Text("conclusion"),
        ConclusionCodes = report.Concepts("conclusionCode"),
        Attachments = [.. report.Many("presentedForm").Select(FhirTypes.ToAttachment)],
        By = report.NamesOf("resultsInterpreter", "performer"),
    };

    private static Entry.Vital Vital(FhirNode observation, Measurement what) => new()
    {
        Status = observation.CodeNeeded<ObservationStatus>("status"),
        What = what,
        Parts = Parts(observation),
        Taken = observation.TimeOf("effective") ?? observation.Time("issued"),
        BodySite = observation.Concept("bodySite"),
        Method = observation.Concept("method"),
        By = observation.NamesOf("performer"),
        Comments = observation.Comments(),
    };

    private static Entry.Result Result(FhirNode observation, Measurement what, IReadOnlyList<Concept> categories) => new()
    {
        Status = observation.CodeNeeded<ObservationStatus>("status"),
        Categories = categories,
        What = what,
        Parts = Parts(observation),
        Members = observation.Entries("hasMember"),
        Taken = observation.TimeOf("effective"),
        Issued = observation.Time("issued"),
        Specimen = observation.One("specimen")?.Text("display"),
        BodySite = observation.Concept("bodySite"),
        Method = observation.Concept("method"),
        By = observation.NamesOf("performer"),
        Comments = observation.Comments(),
    };

    private static List<Measurement> Parts(FhirNode observation) => [.. observation.Many("component").Select(Measured).OfType<Measurement>()];

    private static Measurement? Measured(FhirNode node) => node.Concept("code") is not { } code ? null : new Measurement
    {
        Code = code,
        Value = Value(node),
        WhyAbsent = node.Concept("dataAbsentReason"),
        Interpretations = node.Concepts("interpretation"),
        Ranges = [.. node.Many("referenceRange").Select(range =>
            new ReferenceRange(range.Quantity("low")?.Value, range.Quantity("high")?.Value, range.Text("text")))],
    };

    private static Reading? Value(FhirNode node) =>
        node.Quantity("valueQuantity") is { } amount ? new Reading { Amount = amount }
        : node.Concept("valueCodeableConcept") is { } concept ? new Reading { Concept = concept }
        : node.One("valueRange") is { } range ? new Reading { Amount = range.Quantity("low"), UpTo = range.Quantity("high") }
        : node.Whole("valueInteger") is { } number ? new Reading { Amount = new Quantity(number, null) }
        : Words(node) is { } words ? new Reading { Text = words }
        : null;

    private static string? Words(FhirNode node) =>
        node.Text("valueString")
        ?? node.Text("valueTime")
        ?? node.Time("valueDateTime")?.Text
        ?? node.Flag("valueBoolean")?.ToString(CultureInfo.InvariantCulture).ToLowerInvariant()
        ?? (node.One("valueRatio") is { } ratio
            ? $"{FhirTypes.Words(ratio.Quantity("numerator"))} : {FhirTypes.Words(ratio.Quantity("denominator"))}" : null)
        ?? (node.One("valuePeriod") is { } period ? $"{period.Time("start")} – {period.Time("end")}" : null)
        ?? (node.One("valueSampledData") is not null ? "Waveform, not taken in" : null);

    private static bool IsVitalSigns(Concept category) => category.Codings.Any(coding => coding.Code == "vital-signs");
}
