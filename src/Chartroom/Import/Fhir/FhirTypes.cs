using System.Globalization;
using System.Text;
using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>FHIR's compound data types as chart values.</summary>
/// <seealso href="https://hl7.org/fhir/R4/datatypes.html"/>
internal static class FhirTypes
{
    public static Concept? Concept(this FhirNode node, string child) => node.One(child) is { } concept ? ToConcept(concept) : null;

    public static IReadOnlyList<Concept> Concepts(this FhirNode node, string child) =>
        [.. node.Many(child).Select(ToConcept).OfType<Concept>()];

    /// <summary>The codes of a CodeableConcept; null when it holds neither words nor a code.</summary>
    public static Concept? ToConcept(FhirNode node)
    {
        var codings = node.Many("coding").OrderByDescending(coding => coding.Flag("userSelected") ?? false).ToList();
        var text = node.Text("text") ?? codings.Select(coding => coding.Text("display") ?? coding.Text("code")).FirstOrDefault(words => words is not null);
        return text is null ? null : new Concept { Text = text, Codings = [.. codings.Select(ToCoding).OfType<Coding>()] };
    }

    public static Coding? Coding(this FhirNode node, string child) => node.One(child) is { } coding ? ToCoding(coding) : null;

    private static Coding? ToCoding(FhirNode node) =>
        node.Text("code") is { } code ? new Coding(node.Text("system"), code, node.Text("display")) : null;

    /// <summary>The code of a CodeableConcept that holds a status, such as clinicalStatus.</summary>
    public static T? StatusConcept<T>(this FhirNode node, string child) where T : struct, Enum =>
        node.One(child) is not { } concept || concept.Many("coding") is not [var coding, ..] ? null : coding.Code<T>("code");

    public static Quantity? Quantity(this FhirNode node, string child) => node.One(child) is { } quantity ? ToQuantity(quantity) : null;

    public static Quantity? ToQuantity(FhirNode node)
    {
        if (node.Number("value") is not { } value) return null;
        var (unit, code) = (node.Text("unit"), node.Text("code"));
        return new Quantity(value, code ?? unit, code is null || code == unit ? null : unit, node.Text("comparator"));
    }

    /// <summary>Comments of a list of Annotations.</summary>
    public static IReadOnlyList<string> Comments(this FhirNode node, string child = "note") =>
        [.. node.Many(child).Select(note => note.Text("text")).OfType<string>()];

    /// <summary>A choice of dateTime, instant, Period (its start), or Timing (its first event).</summary>
    public static PartialTime? TimeOf(this FhirNode node, string choice) =>
        node.Time(choice + "DateTime") ?? node.Time(choice + "Instant")
        ?? node.One(choice + "Period")?.Start() ?? node.One(choice + "Timing")?.FirstTime("event");

    /// <summary>The beginning, or the end when only that is known.</summary>
    private static PartialTime? Start(this FhirNode period) => period.Time("start") ?? period.Time("end");

    /// <summary>A choice given as age, range or words instead of a time: "52 a", "from childhood".</summary>
    public static string? WordsOf(this FhirNode node, string choice) =>
        node.Text(choice + "String")
        ?? (node.Quantity(choice + "Age") is { } age ? Words(age) : null)
        ?? (node.One(choice + "Range") is { } range ? $"{Words(range.Quantity("low"))}–{Words(range.Quantity("high"))}" : null);

    public static string Words(Quantity? amount) => amount is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{amount.Comparator}{amount.Value} {amount.Shown ?? amount.Unit}").TrimEnd();

    /// <summary>The names behind a list of references, or behind one: practitioners, organisations, places, relatives.</summary>
    public static IReadOnlyList<string> NamesOf(this FhirNode node, params ReadOnlySpan<string> children)
    {
        var names = new List<string>();
        foreach (var child in children)
            foreach (var reference in node.References(child))
                if (NameBehind(reference) is { } name && !names.Contains(name)) names.Add(name);
        return names;
    }

    /// <summary>The references under an element, whether FHIR has it single or as a list here.</summary>
    private static IEnumerable<FhirNode> References(this FhirNode node, string child) =>
        node.IsList(child) ? node.Many(child) : node.One(child) is { } single ? [single] : [];

    /// <summary>The name of whoever or whatever a reference means; null when neither the file nor the reference says.</summary>
    public static string? NameBehind(FhirNode reference)
    {
        var followed = reference.Resource.Follow(reference);
        if (followed.Node is not { } node) return followed.Display;
        return node.Text("resourceType") switch
        {
            "Organization" or "Location" or "Device" => node.Text("name"),
            "PractitionerRole" => node.One("practitioner") is { } practitioner ? NameBehind(practitioner) : null,
            "Practitioner" or "RelatedPerson" or "Patient" or "Person" => node.Many("name") is [var name, ..] ? PatientReader.Name(name).Full : null,
            _ => null,
        } ?? followed.Display;
    }

    /// <summary>What a list of references to conditions or observations says, as reasons.</summary>
    public static IEnumerable<Concept> ConceptsBehind(this FhirNode node, string child)
    {
        foreach (var reference in node.Many(child))
        {
            var followed = reference.Resource.Follow(reference);
            var concept = followed.Node?.Text("resourceType") is "Condition" or "Observation" or "Procedure" ? followed.Node.Concept("code") : null;
            concept ??= followed.Display is { } words ? new Concept { Text = words } : null;
            if (concept is not null) yield return concept;
        }
    }

    /// <summary>References to entries of the chart; those that only carry a name keep it.</summary>
    public static IReadOnlyList<EntryReference> Entries(this FhirNode node, string child) =>
        [.. node.Many(child).Select(reference => (reference.Resource.Follow(reference), reference))
            .Where(pair => pair.Item1.Key is not null || pair.Item1.Display is not null)
            .Select(pair => new EntryReference(pair.Item1.Key, pair.Item1.Display))];

    /// <summary>An Attachment: what is text by its media type becomes text, broken text stays bytes.</summary>
    public static Attachment ToAttachment(FhirNode node)
    {
        var (type, bytes) = (node.Text("contentType"), node.Bytes("data"));
        var text = bytes is not null && type?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) == true ? AsText(bytes, type) : null;
        return new Attachment
        {
            MediaType = type,
            Title = node.Text("title"),
            Text = text,
            Bytes = text is null ? bytes : null,
            Url = node.Text("url"),
            Created = node.Time("creation"),
        };
    }

    private static string? AsText(byte[] bytes, string type)
    {
        var isLatin = type.Contains("8859-1", StringComparison.OrdinalIgnoreCase) || type.Contains("us-ascii", StringComparison.OrdinalIgnoreCase);
        if (isLatin) return Encoding.Latin1.GetString(bytes);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }
}
