using System.Text.Json;
using Chartroom.Charts;
using Chartroom.Patients;

namespace Chartroom.Import;

/// <summary>Reads a FHIR R4 Bundle: everything that a chart takes, or the one reason why none of it is taken. Pure: no clock, no database,
/// and never a request to an address that the file names.</summary>
public static class FhirBundle
{
    public const int DefaultLimitBytes = 50 * 1024 * 1024;

    /// <summary>Reads a file of JSON or gzipped JSON; which of them is seen from its content.</summary>
    /// <param name="limitBytes">The largest file taken, packed and unpacked; about four times as much memory is used.</param>
    public static async Task<Outcome<ReadBundle>> ReadAsync(Stream file, int limitBytes, CancellationToken ct)
    {
        var bytes = await BundleBytes.ReadAsync(file, limitBytes, ct);
        return bytes.IsOk ? Read(bytes.Value) : bytes.Refusal;
    }

    /// <summary>Reads unpacked JSON.</summary>
    public static Outcome<ReadBundle> Read(ReadOnlyMemory<byte> json)
    {
        var parsed = BundleBytes.Parse(json);
        if (!parsed.IsOk) return parsed.Refusal;
        using var document = parsed.Value;
        try
        {
            return Read(document.RootElement);
        }
        catch (FhirFault fault)
        {
            return fault.Refusal;
        }
    }

    private static Outcome<ReadBundle> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("resourceType", out var type)
            || type.ValueKind != JsonValueKind.String || !type.ValueEquals("Bundle")) return Refusals.NotABundle;
        if (!root.TryGetProperty("type", out var kind) || kind.ValueKind != JsonValueKind.String
            || !Array.Exists(Carriers, carrier => kind.ValueEquals(carrier))) return Refusals.BundleType;

        var tally = new Tally();
        var resources = Resources(root, tally);
        var patients = new Dictionary<FhirResource, Gathered>();
        foreach (var resource in resources.Where(resource => resource.Type == "Patient"))
            patients.Add(resource, new Gathered(resource));
        if (patients.Count == 0) return Refusals.NoPatient;

        foreach (var resource in resources.Where(resource => resource.Type != "Patient")) Take(resource, patients, tally);
        foreach (var patient in patients.Keys) tally.In(patient.Type);
        ReadPatient[] read = [.. patients.Values.Select(patient => patient.Finish())];
        return Twice(read) is { } twice
            ? Refusals.DuplicateResource.On(twice.Where, "is the same person as an earlier Patient")
            : new ReadBundle { Patients = read, Types = tally.Report(), Keeper = Keeper(root) };
    }

    /// <summary>Who keeps the original, when the bundle says so by a UUID.</summary>
    private static string? Keeper(JsonElement root) =>
        root.TryGetProperty("identifier", out var identifier) && identifier.ValueKind == JsonValueKind.Object && identifier.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text && text.StartsWith("urn:uuid:", StringComparison.Ordinal) ? text["urn:uuid:".Length..] : null;

    /// <summary>A patient with a number that an earlier one of the file has too.</summary>
    private static ReadPatient? Twice(ReadPatient[] patients)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return Array.Find(patients, patient => !PatientIdentity.Of(patient.Demographics).Distinct().All(seen.Add));
    }

    private static List<FhirResource> Resources(JsonElement root, Tally tally)
    {
        var (found, index) = (new List<FhirResource>(), new BundleIndex());
        if (!root.TryGetProperty("entry", out var entries)) return found;
        if (entries.ValueKind != JsonValueKind.Array) throw Shape("Bundle", "entry is not a list");
        var number = -1;
        foreach (var entry in entries.EnumerateArray())
        {
            number++;
            if (entry.ValueKind != JsonValueKind.Object) throw Shape($"Bundle.entry[{number}]", "is not an object");
            if (!entry.TryGetProperty("resource", out var resource))
            {
                tally.LeftOut("(none)", "an entry without a resource");
                continue;
            }

            var read = new FhirResource(resource, TypeOf(resource, number), number, FullUrl(entry, number), index);
            index.Add(read);
            found.Add(read);
        }
        return found;
    }

    private static string TypeOf(JsonElement resource, int number) =>
        resource.ValueKind != JsonValueKind.Object ? throw Shape($"Bundle.entry[{number}]", "resource is not an object")
        : resource.TryGetProperty("resourceType", out var type) && type.ValueKind == JsonValueKind.String
            && type.GetString() is { Length: > 0 and <= 64 } name && name.All(char.IsAsciiLetter) ? name
        : throw new FhirFault(Refusals.MissingElement.On($"Bundle.entry[{number}]", "resource.resourceType is missing"));

    private static string? FullUrl(JsonElement entry, int number) =>
        !entry.TryGetProperty("fullUrl", out var url) ? null
        : url.ValueKind == JsonValueKind.String ? url.GetString() is { Length: > 0 } text ? text : null
        : throw Shape($"Bundle.entry[{number}]", "fullUrl is not a string");

    private static FhirFault Shape(string where, string what) => new(Refusals.WrongType.On(where, what));

    private static void Take(FhirResource resource, Dictionary<FhirResource, Gathered> patients, Tally tally)
    {
        if (resource.Type == "Coverage") TakeCoverage(resource, patients, tally);
        else if (!ResourceTypes.Taken.TryGetValue(resource.Type, out var type))
            tally.LeftOut(resource.Type, ResourceTypes.WhyLeftOut.GetValueOrDefault(resource.Type, "a chart has no place for it"));
        else if (Owner(resource.Node.One(type.Subject), patients) is not { } patient)
            tally.LeftOut(resource.Type, "it names no patient");
        else if (type.Read(resource.Node) is not { } content)
            tally.LeftOut(resource.Type, "it does not say what it is about (no code)");
        else
        {
            patient.Add(resource, OwnWords.AddTo(content, resource.Node), EncounterOf(resource, type, patient.Resource, patients));
            tally.In(resource.Type);
        }
    }

    private static void TakeCoverage(FhirResource resource, Dictionary<FhirResource, Gathered> patients, Tally tally)
    {
        if (resource.Node.Text("status") is not "active") tally.LeftOut(resource.Type, "it is not active");
        else if (Owner(resource.Node.One("beneficiary"), patients) is not { } patient) tally.LeftOut(resource.Type, "it names no patient");
        else
        {
            patient.Coverages.Add(PatientReader.Coverage(resource.Node));
            tally.In(resource.Type);
        }
    }

    /// <summary>Whose it is; null when it is about no patient at all. A patient who is named but not in the file ends the reading.</summary>
    private static Gathered? Owner(FhirNode? reference, Dictionary<FhirResource, Gathered> patients)
    {
        if (reference is null) return null;
        var followed = reference.Resource.Follow(reference);
        if (followed.Target is { } target)
            return target.Type == "Patient" ? patients[target] : null;
        return followed.Key?.StartsWith("Patient/", StringComparison.Ordinal) == true ? throw FhirResource.Dangling(reference) : null;
    }

    private static string? EncounterOf(
        FhirResource resource, ResourceType type, FhirResource patient, Dictionary<FhirResource, Gathered> patients)
    {
        if (type.Encounter(resource.Node) is not { } reference) return null;
        var followed = resource.Follow(reference);
        if (followed.Target is not { } encounter) return followed.Key?.StartsWith("Encounter/", StringComparison.Ordinal) == true ? followed.Key : null;
        if (encounter.Type is not "Encounter")
            return encounter.Type is "EpisodeOfCare" ? null : throw reference.Fault(Refusals.WrongReference, "reference", "is not an encounter");
        return Owner(encounter.Node.One("subject"), patients)?.Resource == patient
            ? encounter.Key
            : throw reference.Fault(Refusals.WrongReference, "reference", "is an encounter of somebody else");
    }

    private static readonly string[] Carriers = ["transaction", "batch", "collection", "searchset", "document"];

    /// <summary>One patient's share of the file.</summary>
    private sealed class Gathered(FhirResource patient)
    {
        private readonly List<ReadEntry> entries = [];
        private readonly HashSet<string> keys = new(StringComparer.Ordinal);
        private readonly Demographics demographics = PatientReader.Read(patient.Node);

        public FhirResource Resource => patient;

        private string Address => patient.FullUrl is { } url && url.StartsWith("http", StringComparison.Ordinal) ? url : patient.Key;

        public List<InsuranceCoverage> Coverages { get; } = [];

        public void Add(FhirResource resource, Entry content, string? encounterKey)
        {
            if (!keys.Add(resource.Key)) throw resource.Node.Fault(Refusals.DuplicateResource, "id", "stands on an earlier entry too");
            entries.Add(new ReadEntry(resource.Type, new SourcedEntry(resource.Key, content, encounterKey)));
        }

        public ReadPatient Finish() => new(
            patient.Where,
            PatientIdentity.Ensure(demographics, Address) with { Coverages = [.. Coverages.OrderBy(coverage => coverage.Rank ?? int.MaxValue)] },
            [.. entries.OrderBy(entry => entry.Entry.Content.Kind != EntryKind.Encounter)]);
    }
}
