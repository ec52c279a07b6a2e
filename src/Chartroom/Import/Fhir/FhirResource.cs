using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chartroom.Import;

/// <summary>One entry's resource, with what is needed to follow its references.</summary>
internal sealed partial class FhirResource
{
    private readonly BundleIndex bundle;
    private readonly int number;

    public FhirResource(JsonElement element, string type, int number, string? fullUrl, BundleIndex bundle)
    {
        (this.bundle, this.number, Type, FullUrl) = (bundle, number, type, fullUrl);
        Node = new FhirNode(element, this);
        Id = Node.Text("id") is not { } id ? null
            : IdForm().IsMatch(id) ? id
            : throw Node.Fault(Refusals.WrongType, "id", "is not a FHIR id");
    }

    public string Type { get; }
    public string? Id { get; private set; }
    public string? FullUrl { get; }
    public FhirNode Node { get; }

    /// <summary>How a refusal names it.</summary>
    public string Where => Id is null ? $"Bundle.entry[{number}] {Type}" : $"Bundle.entry[{number}] {Type}/{Id}";

    /// <summary>The sender's name for it: type and id, else fullUrl; for a resource that has neither, a hash of the whole, so that at least
    /// the unchanged one is recognised.</summary>
    public string Key => Id is not null ? $"{Type}/{Id}"
        : FullUrl ?? $"{Type}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Node.Raw())))}";

    /// <summary>Follows a Reference element. A reference that can only mean something in this file (urn:, #) but does not, ends the reading.</summary>
    public Followed Follow(FhirNode reference)
    {
        var display = reference.Text("display");
        if (reference.Text("reference") is not { } literal) return new Followed(null, null, null, display);
        if (literal.StartsWith('#')) return new Followed(null, Contained(reference, literal[1..]), null, display);

        var target = bundle.Find(literal, FullUrl);
        if (target is null && literal.StartsWith("urn:", StringComparison.Ordinal)) throw Dangling(reference);
        return new Followed(target, target?.Node, target?.Key ?? RelativeKey(literal), display);
    }

    public static FhirFault Dangling(FhirNode reference) => reference.Fault(Refusals.DanglingReference, "reference", "is not in the file");

    private FhirNode? Contained(FhirNode reference, string id) =>
        id.Length == 0 ? Node
        : Node.Many("contained").FirstOrDefault(resource => resource.Text("id") == id) ?? throw Dangling(reference);

    /// <summary>The key that the target has, or had, in a file of its own: <c>http://host/fhir/Encounter/7/_history/2</c> → <c>Encounter/7</c>.</summary>
    private static string? RelativeKey(string literal) => TypeAndId().Match(literal) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^[A-Za-z0-9\-\.]{1,64}\z")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"(?:^|/)([A-Z][A-Za-z]{1,63}/[A-Za-z0-9\-\.]{1,64})(?:/_history/[A-Za-z0-9\-\.]{1,64})?\z")]
    private static partial Regex TypeAndId();
}

/// <summary>Where a reference leads.</summary>
/// <param name="Target">The entry of the file; null when the target is contained, elsewhere, or only named.</param>
/// <param name="Node">The resource, also when it is contained.</param>
/// <param name="Key">The target's key; null when contained or only named.</param>
internal sealed record Followed(FhirResource? Target, FhirNode? Node, string? Key, string? Display);

/// <summary>Finds a bundle's resources by the ways in which others refer to them.</summary>
/// <seealso href="https://hl7.org/fhir/R4/bundle.html#references"/>
internal sealed class BundleIndex
{
    private readonly Dictionary<string, FhirResource> byFullUrl = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FhirResource?> byTypeAndId = new(StringComparer.Ordinal); // null: two of them, so neither is meant

    public void Add(FhirResource resource)
    {
        if (resource.FullUrl is { } url && !byFullUrl.TryAdd(url, resource))
            throw resource.Node.Fault(Refusals.DuplicateFullUrl, "fullUrl", "stands on an earlier entry too");
        if (resource.Id is { } id && !byTypeAndId.TryAdd($"{resource.Type}/{id}", resource)) byTypeAndId[$"{resource.Type}/{id}"] = null;
    }

    public FhirResource? Find(string literal, string? fullUrlOfReferrer)
    {
        var version = literal.IndexOf("/_history/", StringComparison.Ordinal);
        var plain = version < 0 ? literal : literal[..version];
        if (byFullUrl.TryGetValue(plain, out var target)) return target;
        if (BaseOf(fullUrlOfReferrer) is { } server && byFullUrl.TryGetValue(server + plain, out target)) return target;
        return byTypeAndId.GetValueOrDefault(plain);
    }

    /// <summary><c>http://host/fhir/Observation/7</c> → <c>http://host/fhir/</c>.</summary>
    private static string? BaseOf(string? fullUrl)
    {
        if (fullUrl is null || !fullUrl.StartsWith("http", StringComparison.Ordinal)) return null;
        var id = fullUrl.LastIndexOf('/');
        var type = id > 0 ? fullUrl.LastIndexOf('/', id - 1) : -1;
        return type < 0 ? null : fullUrl[..(type + 1)];
    }
}
