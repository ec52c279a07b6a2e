using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Cda;
using Chartroom.Charts;
using static Chartroom.Exports.FhirValues;

namespace Chartroom.Exports;

/// <summary>A chart as a FHIR R4 bundle (collection): Patient, Coverage, then one resource for each entry. References stay inside the bundle.</summary>
/// <seealso href="https://hl7.org/fhir/R4/bundle.html"/>
internal static class FhirWriter
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };   // a file of its own, never put into HTML

    public static byte[] Write(OutgoingChart chart)
    {
        var patient = chart.Patient.Line.Id.Value;
        var here = chart.Entries.Select(entry => entry.Id.Value).ToHashSet();
        var resources = chart.Patient.Demographics.Coverages.Select(cover => FhirPerson.Coverage(cover, patient))
            .Prepend(FhirPerson.Patient(chart.Patient, chart.Keeper.Id)).Concat(chart.Entries.Select(entry => FhirEntries.Write(entry, patient, here)));
        var bundle = Object(("resourceType", "Bundle"), ("identifier", Object(("system", "urn:ietf:rfc:3986"), ("value", $"urn:uuid:{chart.Keeper.Id}"))), ("type", "collection"),
            ("timestamp", Time(PartialTime.Of(chart.At))), ("entry", List(resources.Select(Placed))));
        return JsonSerializer.SerializeToUtf8Bytes(bundle, Plain);
    }

    private static JsonObject Placed(JsonObject resource) => Object(("fullUrl", resource["id"] is { } id ? $"urn:uuid:{id}" : null), ("resource", resource));
}
