using System.Text;
using System.Text.Json;

namespace Chartroom.Import;

/// <summary>A made-up visit of a made-up person, small enough to be read, with every resource type that a chart takes in.</summary>
internal static class Sample
{
    public static string[] Visit { get; } =
    [
        """
        {"resourceType":"Patient","id":"p1","active":true,
         "identifier":[{"system":"urn:sample:mrn","value":"4711"},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"000-00-0001"}],
         "name":[{"use":"official","family":"O’Neill-Ångström","given":["Zoë"],"_given":[null]},{"use":"old","text":"Zoe Former"}],
         "telecom":[{"system":"phone","value":"555-010-0001","use":"mobile"}],"gender":"female","birthDate":"1980-03-04",
         "contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"C"}]}],"name":{"text":"Kim Contact"}}],
         "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"es"}],"text":"Spanish"},"preferred":true}]}
        """,
        """{"resourceType":"Practitioner","id":"dr1","name":[{"prefix":["Dr."],"given":["Ada"],"family":"Sample"}]}""",
        """
        {"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"AMB"},"type":[{"text":"Office visit"}],"subject":{"reference":"Patient/p1"},
         "participant":[{"individual":{"reference":"Practitioner/dr1"}}],"period":{"start":"2024-05-06T09:00:00+02:00","end":"2024-05-06T09:40:00+02:00"}}
        """,
        """
        {"resourceType":"Condition","id":"c1","clinicalStatus":{"coding":[{"code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"1"}],"text":"Sample cough"},
         "subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},"onsetDateTime":"2024-04"}
        """,
        """
        {"resourceType":"AllergyIntolerance","id":"a1","patient":{"reference":"Patient/p1"},"code":{"text":"Samplenut"},"criticality":"high",
         "category":["food"],"reaction":[{"manifestation":[{"text":"Hives"}],"severity":"moderate"}]}
        """,
        """
        {"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},
         "contained":[{"resourceType":"Medication","id":"drug","code":{"text":"Samplomycin 10 MG Oral Tablet"}}],"medicationReference":{"reference":"#drug"},
         "requester":{"reference":"Practitioner/dr1"},"reasonReference":[{"reference":"Condition/c1"}],"authoredOn":"2024-05-06",
         "dosageInstruction":[{"timing":{"repeat":{"frequency":2,"period":1.0,"periodUnit":"d"}},"doseAndRate":[{"doseQuantity":{"value":1}}]}]}
        """,
        """
        {"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}],"text":"Blood pressure"},
         "subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2024-05-06T09:10:00+02:00",
         "component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":128,"unit":"mmHg","code":"mm[Hg]"}},
                      {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":82,"unit":"mmHg","code":"mm[Hg]"}}]}
        """,
        """
        {"resourceType":"Observation","id":"o2","status":"final","category":[{"coding":[{"code":"laboratory"}]}],"code":{"text":"Glucose"},
         "subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2024-05-06T09:30:00+02:00",
         "valueQuantity":{"value":5.60,"unit":"mmol/L"}}
        """,
        """
        {"resourceType":"DiagnosticReport","id":"r1","status":"final","code":{"text":"Chemistry"},"subject":{"reference":"Patient/p1"},
         "encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2024-05-06","result":[{"reference":"Observation/o2","display":"Glucose"}]}
        """,
        """
        {"resourceType":"DocumentReference","id":"d1","status":"current","type":{"text":"Letter"},"subject":{"reference":"Patient/p1"},
         "context":{"encounter":[{"reference":"Encounter/e1"}]},"date":"2024-05-06T12:00:00Z",
         "content":[{"attachment":{"contentType":"text/plain; charset=utf-8","data":"R3LDvMOfZQ=="}}]}
        """,
        """
        {"resourceType":"Coverage","id":"k1","status":"active","beneficiary":{"reference":"Patient/p1"},"subscriberId":"M-1","relationship":{"coding":[{"code":"self"}]},
         "payor":[{"display":"Sample Health"}]}
        """,
        """{"resourceType":"Claim","id":"b1","status":"active"}""",
    ];

    public static Outcome<ReadBundle> Read(string[] resources) => FhirBundle.Read(Bundle(resources));

    /// <summary>The visit with one resource changed; a change that changes nothing is a mistake of the test.</summary>
    public static string[] With(string id, string was, string becomes)
    {
        var at = Array.FindIndex(Visit, resource => resource.Contains($"\"id\":\"{id}\"", StringComparison.Ordinal));
        Assert.Contains(was, Visit[at], StringComparison.Ordinal);
        return [.. Visit[..at], Visit[at].Replace(was, becomes, StringComparison.Ordinal), .. Visit[(at + 1)..]];
    }

    public static byte[] Bundle(string[] resources, Func<string, int, string>? fullUrl = null) => Encoding.UTF8.GetBytes(
        "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
        + string.Join(',', resources.Select((resource, at) =>
            "{" + (fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl(resource, at)}\",") + $"\"resource\":{resource}}}"))
        + "]}");

    /// <summary>Every string value of a resource but its type.</summary>
    public static IEnumerable<string> StringsOf(string resource)
    {
        using var document = JsonDocument.Parse(resource);
        var type = document.RootElement.GetProperty("resourceType").GetString();
        return [.. Strings(document.RootElement.Clone()).Where(value => value != type).Distinct()];
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value)),
        _ => [],
    };
}
