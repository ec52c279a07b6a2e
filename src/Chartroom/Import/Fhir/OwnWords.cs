using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>What a bundle of this program says beside FHIR's elements, where FHIR has one place and the chart knew more: further people, comments of resources that carry
/// none, an issue date without a time of day, a drug that was reported and has refills.</summary>
internal static class OwnWords
{
    private const string Own = "urn:chartroom:";

    public static Entry AddTo(Entry content, FhirNode resource)
    {
        var own = resource.Many("extension").Where(extension => extension.Text("url")?.StartsWith(Own, StringComparison.Ordinal) == true)
            .ToLookup(extension => extension.Text("url")![Own.Length..], extension => extension);   // filtered: each has one
        if (own.Count == 0) return content;
        content = content with
        {
            By = [.. content.By, .. own["by"].Select(extension => extension.Text("valueString")).OfType<string>()],
            Comments = [.. content.Comments, .. own["comment"].Select(extension => extension.Text("valueString")).OfType<string>()],
        };
        var issued = own["issued"].Select(extension => extension.Time("valueString")).FirstOrDefault();
        return content switch
        {
            Entry.Result result when issued is not null => result with { Issued = issued },
            Entry.Report report when issued is not null => report with { Issued = issued },
            Entry.Medication drug when own["no-intent"].Any() => drug with { Intent = null },
            _ => content,
        };
    }
}
