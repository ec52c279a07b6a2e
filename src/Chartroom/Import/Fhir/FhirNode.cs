using System.Globalization;
using System.Text.Json;

namespace Chartroom.Import;

/// <summary>Ends the reading of a file: something in it is not FHIR. An exception, because it is met at the bottom of some forty small
/// readers that would otherwise each pass it up; <see cref="FhirBundle.Read"/>, the only way in, turns it into a refusal.</summary>
internal sealed class FhirFault(Refusal refusal) : Exception(refusal.Code)
{
    public Refusal Refusal { get; } = refusal;
}

/// <summary>A JSON object of a resource, read by element name. Whatever is absent is null or empty; whatever is there but not of the asked
/// type ends the reading with the element's path.</summary>
/// <param name="parent">Null for the resource itself.</param>
internal sealed class FhirNode(JsonElement element, FhirResource resource, FhirNode? parent = null, string name = "", int index = -1)
{
    public FhirResource Resource => resource;

    public FhirNode? One(string child) =>
        !element.TryGetProperty(child, out var value) ? null
        : value.ValueKind == JsonValueKind.Object ? new FhirNode(value, resource, this, child)
        : throw Fault(Refusals.WrongType, child, "is not an object");

    public IReadOnlyList<FhirNode> Many(string child)
    {
        var found = new List<FhirNode>();
        foreach (var value in Items(child))
        {
            if (value.ValueKind != JsonValueKind.Object) throw Fault(Refusals.WrongType, child, "holds something that is not an object");
            found.Add(new FhirNode(value, resource, this, child, found.Count));
        }
        return found;
    }

    public string? Text(string child)
    {
        if (!element.TryGetProperty(child, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) throw Fault(Refusals.WrongType, child, "is not a string");
        return StringOf(value, child) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    public string TextNeeded(string child) => Text(child) ?? throw Fault(Refusals.MissingElement, child, "is missing");

    /// <summary>A list of strings; nulls, which FHIR puts where only an extension stands, are passed over.</summary>
    public IReadOnlyList<string> Texts(string child)
    {
        var found = new List<string>();
        foreach (var value in Items(child))
        {
            if (value.ValueKind == JsonValueKind.Null) continue;
            if (value.ValueKind != JsonValueKind.String) throw Fault(Refusals.WrongType, child, "holds something that is not a string");
            if (StringOf(value, child) is { } text && !string.IsNullOrWhiteSpace(text)) found.Add(text);
        }
        return found;
    }

    public bool? Flag(string child) =>
        !element.TryGetProperty(child, out var value) ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Fault(Refusals.WrongType, child, "is not true or false");

    public decimal? Number(string child) =>
        !element.TryGetProperty(child, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number
        : throw Fault(Refusals.WrongType, child, "is not a number");

    public int? Whole(string child) =>
        !element.TryGetProperty(child, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw Fault(Refusals.WrongType, child, "is not a whole number");

    public PartialTime? Time(string child) =>
        Text(child) is not { } text ? null
        : PartialTime.TryParse(text, out var time) ? time
        : throw Fault(Refusals.InvalidDate, child, "is not a date");

    public PartialTime? FirstTime(string child) =>
        Texts(child) is not [var text, ..] ? null
        : PartialTime.TryParse(text, out var time) ? time
        : throw Fault(Refusals.InvalidDate, child, "is not a date");

    /// <summary>A date without a time of day.</summary>
    public PartialTime? Date(string child) =>
        Time(child) is not { } time ? null
        : time.Precision != TimePrecision.Instant ? time
        : throw Fault(Refusals.InvalidDate, child, "is not a date");

    public byte[]? Bytes(string child)
    {
        if (!element.TryGetProperty(child, out var value)) return null;
        return value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : throw Fault(Refusals.WrongType, child, "is not base64");
    }

    /// <summary>A code of a required value set; the enum's members are FHIR's codes without their hyphens.</summary>
    public T? Code<T>(string child) where T : struct, Enum =>
        Text(child) is { } code ? Codes.Parse<T>(code) ?? throw Fault(Refusals.UnknownCode, child, "is not a code that FHIR knows there") : null;

    public T CodeNeeded<T>(string child) where T : struct, Enum =>
        Code<T>(child) ?? throw Fault(Refusals.MissingElement, child, "is missing");

    public bool IsList(string child) => element.TryGetProperty(child, out var value) && value.ValueKind == JsonValueKind.Array;

    public FhirFault Fault(Refusal refusal, string child, string what) => new(refusal.On(resource.Where, $"{PathOf(child)} {what}"));

    public string Raw() => element.GetRawText();

    private string PathOf(string child)
    {
        var path = child;
        for (var (node, label, at) = (parent, name, index); node is not null; (label, at, node) = node.Label())
            path = at < 0 ? $"{label}.{path}" : string.Create(CultureInfo.InvariantCulture, $"{label}[{at}].{path}");
        return path;
    }

    private (string Name, int Index, FhirNode? Parent) Label() => (name, index, parent);

    private JsonElement.ArrayEnumerator Items(string child) =>
        !element.TryGetProperty(child, out var value) ? default
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
        : throw Fault(Refusals.WrongType, child, "is not a list");

    private string StringOf(JsonElement value, string child)
    {
        var text = value.GetString()!; // its kind is String
        return text.Contains('\0', StringComparison.Ordinal) ? throw Fault(Refusals.WrongType, child, "holds a character that FHIR forbids") : text;
    }
}

internal static class Codes
{
    /// <summary>FHIR code to enum member: <c>entered-in-error</c> to <c>EnteredInError</c>; null when there is none.</summary>
    public static T? Parse<T>(string code) where T : struct, Enum =>
        char.IsAsciiLetter(code[0]) && !code.Contains(',', StringComparison.Ordinal)
        && Enum.TryParse<T>(code.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) ? value : null;
}
