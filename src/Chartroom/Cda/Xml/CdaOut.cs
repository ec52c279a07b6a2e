using System.Globalization;
using System.Xml.Linq;
using Chartroom.Charts;

namespace Chartroom.Cda;

/// <summary>Chart values as CDA's data types.</summary>
internal static class CdaOut
{
    /// <summary>An element. Content that is null is left out.</summary>
    public static XElement E(string name, params object?[] content) => new(V3.Hl7 + name, content);

    public static XAttribute A(string name, string value) => new(name, value);

    /// <summary>An act, observation, … with its children in the order that CDA's schema asks for, whatever order they come in.</summary>
    public static XElement Act(string name, string classCode, string moodCode, params object?[] content)
    {
        var act = E(name, A("classCode", classCode), A("moodCode", moodCode), content);
        var children = act.Elements().OrderBy(child => Array.IndexOf(Order, child.Name.LocalName)).ToList();
        act.Elements().Remove();
        act.Add(children);
        return act;
    }

    /// <summary>A template in its version for C-CDA R2.1, or without one where it has not changed since R1.1.</summary>
    public static XElement Template(string id, string? version = null) => E("templateId", A("root", id), version is null ? null : A("extension", version));

    /// <summary>Template of an entry, by the end of its identifier.</summary>
    public static XElement EntryTemplate(string end, string? version = null) => Template("2.16.840.1.113883.10.20.22.4." + end, version);

    public static XElement Id(Guid id) => E("id", A("root", id.ToString()));

    public static XElement Null(string name, string flavor) => E(name, A("nullFlavor", flavor));

    public static XElement Code(string name, string code, string system, string? display = null)
    {
        var (oid, systemName) = CodeSystems.ToCda(system);
        return E(name, A("code", code), oid is null ? null : A("codeSystem", oid), systemName is null ? null : A("codeSystemName", systemName), display is null ? null : A("displayName", display));
    }

    /// <summary>Words and codes; the first code leads, the others are translations.</summary>
    public static XElement Cd(string name, Concept? concept, string? type = null)
    {
        if (concept is null) return WithType(Null(name, "UNK"), type);
        var element = concept.Codings is [var first, ..] ? Coded(name, first) : Null(name, "OTH");
        element.Add(Text("originalText", concept.Text), concept.Codings.Skip(1).Select(coding => Coded("translation", coding)));
        return WithType(element, type);
    }

    public static XElement Coded(string name, Coding coding)
    {
        var (oid, systemName) = CodeSystems.ToCda(coding.System);
        return E(name, A("code", coding.Code), oid is null ? null : A("codeSystem", oid), systemName is null ? null : A("codeSystemName", systemName),
            coding.Display is null ? null : A("displayName", coding.Display));
    }

    public static XElement WithType(XElement element, string? type)
    {
        if (type is not null) element.Add(new XAttribute(V3.Xsi + "type", type));
        return element;
    }

    /// <summary>Words; those whose line ends and spaces matter say so.</summary>
    public static XElement Text(string name, string text) => E(name, text == V3.Plain(text) ? null : A("mediaType", "text/plain"), text);

    public static XElement Ts(string name, PartialTime? time) => time is null ? Null(name, "UNK") : E(name, A("value", CdaTimes.Write(time)));

    /// <summary>A point when only the beginning is known, else an interval.</summary>
    public static XElement PointOrInterval(string name, PartialTime? from, PartialTime? to) => to is null ? Ts(name, from) : Interval(name, from, to);

    public static XElement Interval(string name, PartialTime? from, PartialTime? to) => E(name, Ts("low", from), to is null ? null : Ts("high", to));

    public static XElement Pq(string name, Quantity amount, string? type = null)
    {
        var hasCode = amount.Unit is { } unit && !unit.Any(char.IsWhiteSpace);
        var words = hasCode ? amount.Shown : amount.Unit;
        return WithType(E(name, A("value", Number(amount.Value)), hasCode ? A("unit", amount.Unit!) : null,   // hasCode says it is there
            words is null ? null : E("translation", A("value", Number(amount.Value)), E("originalText", words))), type);
    }

    public static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>What was observed, in the type that fits.</summary>
    public static XElement Value(Reading? reading) => reading switch
    {
        null => WithType(Null("value", "UNK"), "ST"),
        { Amount: { } low, UpTo: { } high } => WithType(E("value", Pq("low", low), Pq("high", high)), "IVL_PQ"),
        { Amount: { Comparator: { } sign } amount } => WithType(E("value", Inclusive(Pq(sign[0] == '<' ? "high" : "low", amount), sign.Length == 2)), "IVL_PQ"),
        { Amount: { } amount } => Pq("value", amount, "PQ"),
        { UpTo: { } high } => WithType(E("value", Pq("high", high)), "IVL_PQ"),
        { Concept: { } concept } => Cd("value", concept, "CD"),
        _ => WithType(Text("value", reading.Text ?? ""), "ST"),
    };

    public static XElement Relation(string type, XElement act, bool isInverse = false) =>
        E("entryRelationship", A("typeCode", type), isInverse ? A("inversionInd", "true") : null, act);

    public static XElement Words(string text) => WithType(Text("value", text), "ST");

    public static XElement Author(string name, PartialTime? at = null) =>
        E("author", Ts("time", at), E("assignedAuthor", Null("id", "NI"), E("assignedPerson", E("name", name))));

    public static XElement Performer(string name) => E("performer", E("assignedEntity", Null("id", "NI"), E("assignedPerson", E("name", name))));

    public static XElement Place(string name) => E("participant", A("typeCode", "LOC"),
        E("participantRole", A("classCode", "SDLOC"), EntryPlace, Null("code", "UNK"), E("playingEntity", A("classCode", "PLC"), E("name", name))));

    private static XElement EntryPlace => EntryTemplate("32");

    private static XElement Inclusive(XElement bound, bool isInclusive)
    {
        bound.Add(A("inclusive", isInclusive ? "true" : "false"));
        return bound;
    }

    private static readonly string[] Order =
    [
        "templateId", "id", "code", "derivationExpr", "text", "statusCode", "effectiveTime", "priorityCode", "dischargeDispositionCode", "repeatNumber", "independentInd", "languageCode",
        "value", "interpretationCode", "methodCode", "routeCode", "approachSiteCode", "targetSiteCode", "doseQuantity", "rateQuantity", "maxDoseQuantity", "administrationUnitCode",
        "quantity", "expectedUseTime", "subject", "specimen", "consumable", "product", "performer", "author", "informant", "participant", "entryRelationship", "reference", "precondition",
        "referenceRange", "component",
    ];
}
