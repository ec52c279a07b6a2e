using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>Vital signs and results: observations in organizers. What the chart has as one panel goes out as an organizer whose parts stand in it as C-CDA wants them,
/// beside an observation (fact "panel") that says what they make up.</summary>
internal static class ObservationEntry
{
    public const string ResultOrganizer = "2.16.840.1.113883.10.20.22.4.1", VitalOrganizer = "2.16.840.1.113883.10.20.22.4.26";
    private const string Panel = "panel";

    /// <summary>One observation as a vital sign or a result.</summary>
    /// <param name="where">The organizer around it, whose time and status stand in for its own.</param>
    /// <param name="place">What kind of result it is, where its section says so, and whether that is the section of vital signs.</param>
    public static Entry? Read(XElement observation, XElement? where, (Concept? Category, bool IsAmongVitals) place, CdaSource source)
    {
        var category = place.Category;
        if (Measured(observation, source) is not { } what) return null;
        var isVital = place.IsAmongVitals || Vitals.Recognise(what.Code) is not null || where?.HasTemplate(VitalOrganizer) == true || observation.HasTemplate("2.16.840.1.113883.10.20.22.4.27");
        var (taken, until) = source.Interval(observation.One("effectiveTime"));
        if (taken is null) (taken, until) = source.Interval(where.One("effectiveTime"));
        if (until is not null && until != taken) source.Remark($"until {until.Text}");
        if (what.Value is null && observation.One("text/reference") is null && source.Words(observation.One("text")) is { } words) source.Remark(words);
        var status = Facts.CodeOf<ObservationStatus>(source, observation, "status") ?? StatusOf(Incoming.Status(observation) ?? where.At("statusCode", "code"));
        var site = source.Concept(observation.One("targetSiteCode"));
        var method = source.Concept(observation.One("methodCode"));
        var parts = where is null || !Facts.IsFact(observation) ? [] : Components(where).Select(part => Measured(part, source)).OfType<Measurement>().ToList();
        if (isVital) return new Entry.Vital
        {
            Status = status, What = what, Parts = parts, Taken = taken, BodySite = site, Method = method, By = source.By(observation), Comments = Incoming.Comments(source, observation),
        };
        var categories = Facts.ConceptsOf(source, observation, "category");
        return new Entry.Result
        {
            Status = status, What = what, Parts = parts, Taken = taken, BodySite = site, Method = method, By = source.By(observation), Comments = Incoming.Comments(source, observation),
            Categories = categories.Count > 0 || category is null ? categories : [category],
            Members = References(observation, "hasMember", source),
            Issued = Incoming.AuthorTime(source, observation),
            Specimen = SpecimenOf(observation, source) ?? SpecimenOf(where, source),
        };
    }

    /// <summary>The observation that says what the organizer's parts make up; null for an ordinary organizer.</summary>
    public static XElement? PanelOf(XElement organizer) => organizer.Many("component/observation").FirstOrDefault(part => Facts.IsFact(part) && part.At("code", "code") == Panel);

    /// <summary>The observations proper of an organizer.</summary>
    public static IEnumerable<XElement> Components(XElement organizer) => organizer.Many("component/observation").Where(part => !Facts.IsFact(part));

    public static XElement WriteVital(Entry.Vital vital, Outgoing entry) => Act("organizer", "CLUSTER", "EVN", EntryTemplate("26", "2015-08-01"), EntryTemplate("26"), CdaOut.Id(entry.Id),
        E("code", A("code", "46680005"), A("codeSystem", "2.16.840.1.113883.6.96"), A("displayName", "Vital signs"), Code("translation", "74728-7", CodeSystems.Loinc, "Vital signs")),
        E("statusCode", A("code", "completed")), PointOrInterval("effectiveTime", vital.Taken, null),
        InOrganizer(vital.What, vital.Parts, new(vital.Status, vital.Taken, null, vital.BodySite, vital.Method, null), entry, isVital: true).Select(part => E("component", part)));

    public static IEnumerable<XElement> WriteResult(Entry.Result result, Outgoing entry) => InOrganizer(result.What, result.Parts,
        new(result.Status, result.Taken, result.Issued, result.BodySite, result.Method, result.Specimen), entry, isVital: false,
        [.. Facts.Coded("category", result.Categories), .. result.Members.Select(member => Reference("hasMember", member))]);

    /// <summary>An organizer around results that belong together, or around one alone.</summary>
    public static XElement Organizer(Guid id, Concept code, PartialTime? at, IEnumerable<XElement> components) => Act("organizer", "BATTERY", "EVN",
        EntryTemplate("1", "2015-08-01"), EntryTemplate("1"), CdaOut.Id(id), Cd("code", code), E("statusCode", A("code", "completed")), PointOrInterval("effectiveTime", at, null),
        components.Select(component => E("component", component)));

    public static Reading? Reading(XElement? value, CdaSource source)
    {
        if (value is null) return null;
        switch (value.TypeOf())
        {
            case "PQ" or "INT" or "REAL" or "MO":
                return CdaSource.Amount(value) is { } amount ? new() { Amount = amount } : V3.Plain($"{value.Says("value")} {value.Says("unit")}") is { } odd ? new() { Text = odd } : null;
            case "IVL_PQ" or "IVL_INT" or "IVL_REAL":
                return Range(CdaSource.Amount(value.One("low")), CdaSource.Amount(value.One("high")), value) ?? (CdaSource.Amount(value) is { } point ? new() { Amount = point } : null);
            case "CD" or "CE" or "CO" or "CV" or "CS":
                return source.Concept(value) is { } concept ? new() { Concept = concept } : null;
            case "RTO" or "RTO_PQ_PQ" or "RTO_INT_INT":
                return new() { Text = $"{value.At("numerator", "value")} {value.At("numerator", "unit")} : {value.At("denominator", "value")} {value.At("denominator", "unit")}" };
            default:
                return (source.Words(value) ?? value.Says("value")) is { } words ? new() { Text = words } : null;
        }
    }

    public static string Words(Reading reading) => reading switch
    {
        { Amount: { } low, UpTo: { } high } => $"{Number(low.Value)}–{Number(high.Value)} {high.Shown ?? high.Unit}".TrimEnd(),
        { Amount: { } amount } => $"{amount.Comparator}{Number(amount.Value)} {amount.Shown ?? amount.Unit}".TrimEnd(),
        { Concept: { } concept } => concept.Text,
        _ => reading.Text ?? "",
    };

    public static XElement? Reference(string name, EntryReference reference)
    {
        var fact = Facts.Fact(name, reference.Title is { } title ? CdaOut.Words(title) : WithType(Null("value", "NI"), "ST"));
        if (reference.Id is { } id) fact.AddFirst(CdaOut.Id(id));
        return Relation("REFR", fact);
    }

    public static IReadOnlyList<EntryReference> References(XElement entry, string name, CdaSource source) => [.. Facts.Of(entry, name)
        .Select(value => new EntryReference(value.Parent is { } fact && CdaSource.Ids(fact).FirstOrDefault() is { } id ? $"Observation|{id}" : null, source.Words(value)))];

    private static Reading? Range(Quantity? low, Quantity? high, XElement value) => (low, high) switch
    {
        (null, null) => null,
        ({ } bottom, { } top) => new() { Amount = bottom, UpTo = top },
        ({ } bottom, null) => new() { Amount = bottom with { Comparator = value.At("low", "inclusive") == "false" ? ">" : ">=" } },
        (null, { } top) => new() { Amount = top with { Comparator = value.At("high", "inclusive") == "false" ? "<" : "<=" } },
    };

    private static Measurement? Measured(XElement observation, CdaSource source)
    {
        var coded = Facts.Of(observation, "code").FirstOrDefault() ?? observation.One("code");
        if ((source.Concept(coded) ?? Named(observation)) is not { } code) return null;
        if (code is { Codings: [{ Code: "ASSERTION" }] }) code = Named(observation) ?? code with { Text = "Finding" };
        var value = observation.One("value");
        return new Measurement
        {
            Code = code,
            Value = Reading(value, source),
            WhyAbsent = Facts.ConceptOf(source, observation, "dataAbsentReason") ?? WhyAbsent(value),
            Interpretations = source.Concepts(observation.Many("interpretationCode")),
            Ranges = [.. observation.Many("referenceRange/observationRange").Select(range => Bounds(range, source)).Where(range => range is not { Low: null, High: null, Text: null })],
        };
    }

    private static ReferenceRange Bounds(XElement range, CdaSource source)
    {
        var value = range.One("value");
        var words = source.Words(range.One("text")) ?? (value?.TypeOf() is "ST" or "CD" or "CE" && Reading(value, source) is { } said ? Words(said) : null);
        return new(CdaSource.Number(value.At("low", "value")), CdaSource.Number(value.At("high", "value")), words);
    }

    /// <summary>Why there is no value, unless it only says "unknown" the way this program writes an absent value.</summary>
    private static Concept? WhyAbsent(XElement? value) => value.Says("nullFlavor") is { } flavor && flavor is not ("UNK" or "NI" or "OTH")
        ? new Concept { Text = flavor switch { "NASK" => "not asked", "ASKU" => "asked but unknown", "NA" => "not applicable", "MSK" => "masked", _ => flavor }, Codings = [new(CodeSystems.NullFlavor, flavor, null)] } : null;

    /// <summary>What an observation that only asserts something is about, by its template (the second one is a slip of the pen in R1.1 that many senders copied).</summary>
    private static Concept? Named(XElement observation) =>
        observation.HasTemplate("2.16.840.1.113883.10.20.22.4.78") || observation.HasTemplate("2.16.840.1.113883.10.22.4.78") ? new() { Text = "Tobacco smoking status", Codings = [new(CodeSystems.Loinc, "72166-2", "Tobacco smoking status NHIS")] }
        : observation.HasTemplate("2.16.840.1.113883.10.20.22.4.85") ? new() { Text = "History of tobacco use", Codings = [new(CodeSystems.Loinc, "11367-0", "History of Tobacco use")] }
        : observation.HasTemplate("2.16.840.1.113883.10.20.15.3.8") ? new() { Text = "Pregnancy status", Codings = [new(CodeSystems.Loinc, "82810-3", "Pregnancy status")] }
        : null;

    private sealed record Circumstances(ObservationStatus Status, PartialTime? Taken, PartialTime? Issued, Concept? BodySite, Concept? Method, string? Specimen);

    private static IEnumerable<XElement> InOrganizer(
        Measurement what, IReadOnlyList<Measurement> parts, Circumstances how, Outgoing entry, bool isVital, IReadOnlyList<XElement?>? more = null)
    {
        object?[] template = isVital ? [EntryTemplate("27", "2014-06-09"), EntryTemplate("27")] : [EntryTemplate("2", "2015-08-01"), EntryTemplate("2")];
        var code = StatusCode(how.Status);
        object?[] beside =
        [
            E("statusCode", A("code", code)), PointOrInterval("effectiveTime", how.Taken, null), how.BodySite is null ? null : Cd("targetSiteCode", how.BodySite),
            how.Method is null ? null : Cd("methodCode", how.Method), entry.Authors(how.Issued), Facts.Status("status", how.Status, StatusOf(code)), more, entry.Beside,
            how.Specimen is null ? null : E("specimen", E("specimenRole", E("specimenPlayingEntity", E("name", how.Specimen)))),
        ];
        if (parts.Count == 0)
        {
            yield return Observed(what, [template, CdaOut.Id(entry.Id), Cd("code", what.Code), entry.TextLink, beside]);
            yield break;
        }
        foreach (var part in parts)
            yield return Observed(part, [template, Null("id", "NI"), Cd("code", part.Code), E("statusCode", A("code", code)), PointOrInterval("effectiveTime", how.Taken, null)]);
        yield return Observed(what, [CdaOut.Id(entry.Id), E("code", A("code", Panel), A("codeSystemName", "FHIR R4 element")), Facts.Coded("code", what.Code), beside]);
    }

    private static XElement Observed(Measurement what, params object?[] content) => Act("observation", "OBS", "EVN", content, Value(what.Value),
        what.Interpretations.Select(it => Cd("interpretationCode", it)), Facts.Coded("dataAbsentReason", what.WhyAbsent),
        what.Ranges.Select(range => E("referenceRange", E("observationRange", range.Text is null ? null : Text("text", range.Text), range is { Low: null, High: null } ? null
            : WithType(E("value", Bound("low", range.Low, what.Value), Bound("high", range.High, what.Value)), "IVL_PQ")))));

    private static XElement? Bound(string name, decimal? bound, Reading? value) => bound is null ? null
        : E(name, A("value", Number(bound.Value)), value?.Amount?.Unit is { } unit && !unit.Any(char.IsWhiteSpace) ? A("unit", unit) : null);

    private static string? SpecimenOf(XElement? entry, CdaSource source) => entry.One("specimen/specimenRole/specimenPlayingEntity") is not { } specimen ? null
        : V3.Plain(specimen.One("name")?.Value) ?? source.Concept(specimen.One("code"))?.Text;

    private static ObservationStatus StatusOf(string? code) => code switch
    {
        "completed" => ObservationStatus.Final,
        "active" => ObservationStatus.Preliminary,
        "aborted" or "cancelled" => ObservationStatus.Cancelled,
        "held" or "suspended" or "new" => ObservationStatus.Registered,
        "nullified" => ObservationStatus.EnteredInError,
        _ => ObservationStatus.Unknown,
    };

    private static string StatusCode(ObservationStatus status) => status switch
    {
        ObservationStatus.Preliminary or ObservationStatus.Unknown => "active",
        ObservationStatus.Cancelled => "cancelled",
        ObservationStatus.Registered => "held",
        ObservationStatus.EnteredInError => "nullified",
        _ => "completed",
    };
}
