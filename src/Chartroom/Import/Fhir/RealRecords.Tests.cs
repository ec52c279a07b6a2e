using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>Records of other people's systems, counted here by plain JSON and read by the product.</summary>
public sealed class RealRecordsTests
{
    private static readonly string[] Taken =
    [
        "Patient", "Encounter", "Condition", "AllergyIntolerance", "MedicationRequest", "Observation", "Immunization", "Procedure", "DiagnosticReport",
    ];

    [SharedDataFact]
    public async Task All_sixty_synthea_patients_are_read_and_every_resource_is_accounted_for()
    {
        var files = SharedData.Files("clinical/synthea-r4/dev", "*.json.gz");
        Assert.Equal(60, files.Length);
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(file);
            var read = (await FhirBundle.ReadAsync(stream, FhirBundle.DefaultLimitBytes, CancellationToken.None)).Value;

            var counted = await CountAsync(file);
            Assert.Equal(counted, read.Types.ToDictionary(type => type.Type, type => type.Total));
            Assert.Equal(counted.Where(type => Taken.Contains(type.Key)).ToDictionary(), read.Types.Where(type => type.In > 0).ToDictionary(type => type.Type, type => type.In));
            Assert.All(read.Types, type => Assert.True(type.In == 0 || type.LeftOut.Count == 0));
            var patient = Assert.Single(read.Patients);
            Assert.Equal(2, PatientIdentity.Of(patient.Demographics).Count());
            Assert.All(patient.Entries, entry => Assert.Contains(entry.Entry.Content.By.Count, new[] { 0, 1 }));
        }
    }

    [SharedDataFact]
    public async Task What_is_read_survives_being_written_and_read_again()
    {
        await using var stream = File.OpenRead(SharedData.Files("clinical/synthea-r4/dev", "*.json.gz")[0]);
        var read = (await FhirBundle.ReadAsync(stream, FhirBundle.DefaultLimitBytes, CancellationToken.None)).Value;

        foreach (var entry in read.Patients[0].Entries.Select(entry => entry.Entry))
        {
            var written = JsonSerializer.SerializeToUtf8Bytes(entry.Content, ChartJson.Compact);
            var again = JsonSerializer.Deserialize<Entry>(written, ChartJson.Compact)!;

            Assert.Equal(entry.Content.Kind, again.Kind);
            Assert.Equal(Encoding.UTF8.GetString(written), JsonSerializer.Serialize(again, ChartJson.Compact));
        }
    }

    [SharedDataFact]
    public void Every_HL7_example_is_read_or_refused_with_a_reason()
    {
        foreach (var file in SharedData.Files("clinical/hl7-fhir-r4-examples/dev", "*.json"))
        {
            var read = FhirBundle.Read(File.ReadAllBytes(file));

            if (!read.IsOk) Assert.StartsWith("import.", read.Refusal.Code, StringComparison.Ordinal);
        }
    }

    [SharedDataFact]
    public void Every_HL7_example_of_a_type_that_a_chart_takes_is_taken_when_its_patient_comes_along()
    {
        var files = SharedData.Files("clinical/hl7-fhir-r4-examples/dev", "*.json")
            .Where(file => ResourceTypes.Taken.ContainsKey(Path.GetFileName(file).Split('-')[0])).ToList();
        var refused = new List<string>();
        foreach (var file in files)
        {
            var resource = File.ReadAllText(file);
            using var document = JsonDocument.Parse(resource);
            if (!PatientOf(document.RootElement, out var patient)) continue;

            var read = Sample.Read([$$"""{"resourceType":"Patient","id":"{{patient}}","name":[{"family":"Example"}]}""", resource]);

            if (!read.IsOk) refused.Add($"{Path.GetFileName(file)}: {read.Refusal.Code} {string.Join("; ", read.Refusal.Errors)}");
        }
        // The only refusals are medications that are named by nothing but a reference to a server we don't have.
        Assert.All(refused, line => Assert.Contains("import.dangling-reference", line, StringComparison.Ordinal));
        Assert.InRange(refused.Count, 0, files.Count / 20);
    }

    private static bool PatientOf(JsonElement resource, out string? id)
    {
        id = (resource.TryGetProperty("subject", out var subject) || resource.TryGetProperty("patient", out subject))
            && subject.TryGetProperty("reference", out var reference) && reference.GetString() is { } text
            && text.StartsWith("Patient/", StringComparison.Ordinal) ? text["Patient/".Length..] : null;
        return id is not null;
    }

    private static async Task<Dictionary<string, int>> CountAsync(string file)
    {
        await using var unpacked = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var document = await JsonDocument.ParseAsync(unpacked);
        return document.RootElement.GetProperty("entry").EnumerateArray()
            .CountBy(entry => entry.GetProperty("resource").GetProperty("resourceType").GetString()!).ToDictionary();
    }
}
