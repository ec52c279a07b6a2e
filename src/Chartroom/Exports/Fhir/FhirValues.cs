using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chartroom.Charts;

namespace Chartroom.Exports;

/// <summary>Chart values as FHIR R4's data types. What is absent or empty is not written.</summary>
/// <seealso href="https://hl7.org/fhir/R4/datatypes.html"/>
internal static class FhirValues
{
    /// <summary>Where FHIR has one element and the chart knows more: our own extensions, which the import finds again and others pass over.</summary>
    public const string Own = "urn:chartroom:";

    public static JsonObject Object(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
            if (value is not null && value is not JsonArray { Count: 0 } && value is not JsonObject { Count: 0 }) made[name] = value;
        return made;
    }

    public static JsonArray List(IEnumerable<JsonNode?> items) => [.. items.Where(item => item is not null)];

    public static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    public static JsonNode? Code(Enum? status) => status is null ? null : JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());

    public static JsonObject? Coding(Coding? coding) => coding is null ? null : Object(("system", coding.System), ("code", coding.Code), ("display", coding.Display));

    public static JsonObject? Concept(Concept? concept) => concept is null ? null : Object(("coding", List(concept.Codings.Select(Coding))), ("text", concept.Text));

    public static JsonArray Concepts(IEnumerable<Concept> concepts) => List(concepts.Select(Concept));

    /// <summary>A status as a concept of one code.</summary>
    public static JsonObject? Status(string system, Enum? status) => status is null ? null
        : Object(("coding", List([Object(("system", "http://terminology.hl7.org/CodeSystem/" + system), ("code", Code(status)))])));

    public static JsonObject? Quantity(Quantity? amount)
    {
        if (amount is null) return null;
        var isCode = amount.Unit is { } unit && !unit.Any(char.IsWhiteSpace);
        return Object(("value", JsonValue.Create(amount.Value)), ("comparator", amount.Comparator), ("unit", amount.Shown ?? amount.Unit), ("code", isCode ? amount.Unit : null));
    }

    public static JsonNode? Time(PartialTime? time) => time?.Text;

    public static JsonObject? Period(PartialTime? from, PartialTime? to) => from is null && to is null ? null : Object(("start", Time(from)), ("end", Time(to)));

    /// <summary>Somebody or something that is only named.</summary>
    public static JsonObject? Named(string? name) => name is null ? null : Object(("display", name));

    public static JsonArray NamedAll(IEnumerable<string> names) => List(names.Select(Named));

    public static JsonObject Reference(Guid id, string? title = null) => Object(("reference", $"urn:uuid:{id}"), ("display", title));

    public static JsonArray Annotations(IEnumerable<string> comments) => List(comments.Select(comment => Object(("text", comment))));

    public static JsonObject Attachment(Attachment file) => Object(("contentType", file.MediaType), ("url", file.Url), ("title", file.Title), ("creation", Time(file.Created)),
        ("data", file.Bytes is { } bytes ? Convert.ToBase64String(bytes) : file.Text is { } text ? Convert.ToBase64String(EncodingOf(file.MediaType).GetBytes(text)) : null));

    public static JsonObject Extension(string name, string text) => Object(("url", Own + name), ("valueString", text));

    private static Encoding EncodingOf(string? type) => type is not null && (type.Contains("8859-1", StringComparison.OrdinalIgnoreCase) || type.Contains("us-ascii", StringComparison.OrdinalIgnoreCase))
        ? Encoding.Latin1 : Encoding.UTF8;
}
