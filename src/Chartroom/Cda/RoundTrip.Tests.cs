using System.Text.Json;
using System.Text.RegularExpressions;
using Chartroom.Charts;
using Chartroom.Exports;
using Chartroom.Import;
using Chartroom.Patients;

namespace Chartroom.Cda;

/// <summary>What came in goes out and comes in equal, by the document alone; the doors are tested beside it.</summary>
public sealed partial class RoundTripTests
{
    [SharedDataFact]
    public void CHT_6_Every_clinical_document_goes_out_and_comes_in_equal()
    {
        foreach (var file in CdaFiles()) AssertSame(Path.GetFileName(file), CdaDocument.Read(File.ReadAllBytes(file)).Value);
    }

    [SharedDataFact]
    public async Task CHT_6_Every_FHIR_chart_goes_out_as_a_clinical_document_and_comes_in_equal()
    {
        foreach (var file in SharedData.Files("clinical/synthea-r4/dev", "*.json.gz"))
        {
            await using var stream = File.OpenRead(file);
            AssertSame(Path.GetFileName(file), (await FhirBundle.ReadAsync(stream, FhirBundle.DefaultLimitBytes, default)).Value);
        }
    }

    [SharedDataFact]
    public async Task CHT_6_Every_chart_of_either_form_goes_out_as_FHIR_and_comes_in_equal()
    {
        foreach (var file in CdaFiles()) AssertSame(Path.GetFileName(file), CdaDocument.Read(File.ReadAllBytes(file)).Value, chart => FhirBundle.Read(FhirWriter.Write(chart)));
        foreach (var file in SharedData.Files("clinical/synthea-r4/dev", "*.json.gz").Take(12))
        {
            await using var stream = File.OpenRead(file);
            AssertSame(Path.GetFileName(file), (await FhirBundle.ReadAsync(stream, FhirBundle.DefaultLimitBytes, default)).Value, chart => FhirBundle.Read(FhirWriter.Write(chart)));
        }
    }

    internal static string[] CdaFiles() => [.. new[] { "hl7-examples", "ms-fhir-converter", "vendor-samples" }.SelectMany(folder => SharedData.Files($"clinical/c-cda/dev/{folder}", "*"))];

    /// <summary>An entry by what it says: where it refers to others only their names count, and UTC is UTC however it is written.</summary>
    internal static string Said(Entry entry) => UtcOffset().Replace(JsonSerializer.Serialize(entry switch
    {
        Entry.Report report => report with { Results = [.. report.Results.Select(result => new EntryReference(null, result.Title))] },
        Entry.Result result => result with { Members = [.. result.Members.Select(member => new EntryReference(null, member.Title))] },
        _ => entry,
    }, ChartJson.Compact), "${time}Z");

    private static void AssertSame(string file, ReadBundle read, Func<OutgoingChart, Outcome<ReadBundle>>? through = null)
    {
        var sent = read.Patients.Single();
        var chart = Standing(sent);

        var again = through is null ? CdaDocument.Read(CdaDocument.Write(chart)) : through(chart);

        Assert.True(again.IsOk, $"{file}: {again.Refusal?.Code} {string.Join("; ", again.Refusal?.Errors ?? new Dictionary<string, string>())}");
        var (before, after) = (Lines(sent.Entries), Lines(again.Value.Patients.Single().Entries));
        var (lost, made) = (before.Except(after).ToList(), after.Except(before).ToList());
        Assert.True(lost.Count == 0 && made.Count == 0, $"{file}: {lost.Count} lost, {made.Count} made\n{string.Join("\n", lost.Take(3))}\n--\n{string.Join("\n", made.Take(3))}");
        Assert.Equal(before.Count, after.Count);
        Assert.Equal(Person(sent.Demographics, through is null), Person(again.Value.Patients.Single().Demographics, through is null));
        Assert.Empty(again.Value.Types.SelectMany(type => type.LeftOut));
    }

    /// <summary>Who it is: all but numbers as FHIR, and what a header has a place for as a document.</summary>
    private static string Person(Demographics patient, bool isDocument) => isDocument
        ? $"{patient.LeadName?.Full} {patient.BirthDate} {patient.Sex} {patient.IsDeceased} {patient.MaritalStatus} {string.Join(',', patient.Races)} {patient.Ethnicity} {patient.Telecoms.Count} {string.Join(',', patient.Addresses.Select(address => address.PostalCode))}"
        : JsonSerializer.Serialize(patient with { Identifiers = [], Languages = [.. patient.Languages.Select(language => language with { Label = language.Label ?? language.Tag })] });

    /// <summary>Each entry with what it says and the encounter it belongs to.</summary>
    private static List<string> Lines(IReadOnlyList<ReadEntry> entries)
    {
        var visits = entries.Where(entry => entry.Entry.Content is Entry.Encounter).ToDictionary(entry => entry.Entry.Key, entry => Said(entry.Entry.Content));
        return [.. entries.Select(entry => Said(entry.Entry.Content) + " in " + (entry.Entry.EncounterKey is { } visit ? visits[visit] : "none")).Order(StringComparer.Ordinal)];
    }

    /// <summary>The file as the chart that an import makes of it.</summary>
    internal static OutgoingChart Standing(ReadPatient patient)
    {
        var ids = patient.Entries.ToDictionary(entry => entry.Entry.Key, _ => EntryId.New());
        Guid? Find(EntryReference reference) => reference.Key is { } key && ids.TryGetValue(key, out var id) ? id.Value : null;
        Entry Linked(Entry entry) => entry switch
        {
            Entry.Report report => report with { Results = [.. report.Results.Select(result => result with { Id = Find(result) })] },
            Entry.Result result => result with { Members = [.. result.Members.Select(member => member with { Id = Find(member) })] },
            _ => entry,
        };
        var line = new PatientLine { Id = PatientId.New(), Mrn = 1, State = PatientState.Active, Name = "", Sex = patient.Demographics.Sex, SeenAt = default };
        return new(new(line, patient.Demographics, 1, default, default),
            [.. patient.Entries.Select(entry => new StandingEntry(ids[entry.Entry.Key], entry.Entry.EncounterKey is { } visit && ids.TryGetValue(visit, out var id) ? id : null, Linked(entry.Entry.Content)))],
            new(Guid.CreateVersion7(), "Clinic", "Ada Sample"), new(2026, 3, 2, 9, 0, 0, TimeSpan.FromHours(-5)));
    }

    [GeneratedRegex(@"(?<time>\d\d:\d\d(:\d\d(\.\d+)?)?)\+00:00(?="")")]
    private static partial Regex UtcOffset();
}
