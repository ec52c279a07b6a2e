using System.Globalization;
using System.Xml.Linq;

namespace Chartroom.Cda;

/// <summary>Ends the reading of a document: something that it cannot do without is wrong. Only <see cref="CdaDocument.Read"/> catches it.</summary>
internal sealed class CdaFault(Refusal refusal) : Exception(refusal.Code)
{
    public Refusal Refusal { get; } = refusal;
}

/// <summary>Elements of HL7 version 3 by their bare names.</summary>
internal static class V3
{
    public static readonly XNamespace Hl7 = "urn:hl7-org:v3";
    public static readonly XNamespace Sdtc = "urn:hl7-org:sdtc";
    public static readonly XNamespace Xsi = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>The first element at a path of bare names: <c>participant/participantRole</c>. A name matches in HL7's namespace and in that of its extensions.</summary>
    public static XElement? One(this XElement? element, string path) => element is null ? null : element.Many(path).FirstOrDefault();

    public static IEnumerable<XElement> Many(this XElement? element, string path)
    {
        if (element is null) return [];
        IEnumerable<XElement> found = [element];
        foreach (var name in path.Split('/')) found = found.SelectMany(parent => Named(parent, name));
        return found;
    }

    // Each part of a long organizer asks the organizer for its time, status and specimen: without an index that is the square of its length.
    private const int Long = 50;

    private static IEnumerable<XElement> Named(XElement parent, string name)
    {
        if (parent.Annotation<ILookup<string, XElement>>() is { } index) return index[name];
        if (!parent.Elements().Skip(Long).Any()) return parent.Elements().Where(child => child.Name.LocalName == name && IsOurs(child));
        index = parent.Elements().Where(IsOurs).ToLookup(child => child.Name.LocalName, StringComparer.Ordinal);
        parent.AddAnnotation(index);
        return index[name];
    }

    /// <summary>An attribute that says something.</summary>
    public static string? Says(this XElement? element, string attribute) =>
        element?.Attribute(attribute)?.Value.Trim() is { Length: > 0 } text ? text : null;

    public static string? At(this XElement? element, string path, string attribute) => element.One(path).Says(attribute);

    /// <summary>The type of a value, without its prefix: <c>PQ</c>, <c>CD</c>, …</summary>
    public static string? TypeOf(this XElement value) => value.Attribute(Xsi + "type")?.Value.Split(':')[^1].Trim();

    public static bool IsNegated(this XElement element) => element.Says("negationInd") is "true" or "1";

    public static bool HasTemplate(this XElement element, string root) => element.Many("templateId").Any(template => template.Says("root") == root);

    /// <summary>What one of the entry's relations leads to, by template or code.</summary>
    public static IEnumerable<XElement> Related(this XElement entry, string name) => entry.Many("entryRelationship/" + name);

    /// <summary>Where an element stands: <c>/ClinicalDocument/component[2]/structuredBody/…</c>; positions only where there are several.</summary>
    public static string Where(this XElement element)
    {
        var names = element.AncestorsAndSelf().Reverse().Select(step =>
        {
            var same = step.Parent?.Elements(step.Name).ToList() ?? [];
            return same.Count < 2 ? step.Name.LocalName : string.Create(CultureInfo.InvariantCulture, $"{step.Name.LocalName}[{same.IndexOf(step) + 1}]");
        });
        return "/" + string.Join('/', names);
    }

    public static CdaFault Fault(this XElement element, Refusal refusal, string what) => new(refusal.On(element.Where(), what));

    /// <summary>White space as a reader sees it.</summary>
    public static string? Plain(string? text) =>
        text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } plain ? plain : null;

    private static bool IsOurs(XElement element) => element.Name.Namespace == Hl7 || element.Name.Namespace == Sdtc;
}
