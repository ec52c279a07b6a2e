using System.Text.Json;
using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>What the chart knows and no C-CDA template has a place for: an observation beside the entry, coded with the name of the FHIR element. Open templates allow it,
/// another program shows or passes over it, and this one finds it again.</summary>
internal static class Facts
{
    private const string System = "FHIR R4 element";

    public static XElement Fact(string name, XElement value) => Act("observation", "OBS", "EVN", E("code", A("code", name), A("codeSystemName", System)), value);

    public static XElement? Related(string name, XElement? value) => value is null ? null : Relation("REFR", Fact(name, value));

    public static XElement? Text(string name, string? text) => text is null ? null : Related(name, Words(text));

    public static XElement? Coded(string name, Concept? concept) => concept is null ? null : Related(name, Cd("value", concept, "CD"));

    public static IEnumerable<XElement?> Coded(string name, IEnumerable<Concept> concepts) => concepts.Select(concept => Coded(name, concept));

    public static XElement? Time(string name, PartialTime? time) => time is null ? null : Related(name, WithType(Ts("value", time), "TS"));

    public static XElement? Amount(string name, Quantity? amount) => amount is null ? null : Related(name, Pq("value", amount, "PQ"));

    /// <summary>A code of FHIR that the entry's own status cannot say.</summary>
    public static XElement? Status(string name, Enum? status, Enum? said) => status is null || status.Equals(said) ? null : Text(name, CodeOf(status));

    public static string CodeOf(Enum status) => JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString());

    public static IEnumerable<XElement> Of(XElement entry, string name) => entry.Related("observation").Concat(entry.Many("component/observation"))
        .Where(fact => IsFact(fact) && fact.At("code", "code") == name).Select(fact => fact.One("value")).OfType<XElement>();

    public static bool IsFact(XElement observation) => observation.At("code", "codeSystemName") == System;

    public static string? TextOf(CdaSource source, XElement entry, string name) => source.Words(Of(entry, name).FirstOrDefault());

    public static Concept? ConceptOf(CdaSource source, XElement entry, string name) => source.Concept(Of(entry, name).FirstOrDefault());

    public static IReadOnlyList<Concept> ConceptsOf(CdaSource source, XElement entry, string name) => source.Concepts(Of(entry, name));

    public static PartialTime? TimeOf(CdaSource source, XElement entry, string name) => source.Time(Of(entry, name).FirstOrDefault());

    public static T? CodeOf<T>(CdaSource source, XElement entry, string name) where T : struct, Enum =>
        TextOf(source, entry, name) is { } code && Enum.TryParse<T>(code.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
}

/// <summary>What every entry has on its way out.</summary>
/// <param name="Anchor">Its place in the narrative.</param>
internal sealed record Outgoing(StandingEntry Entry, string Anchor)
{
    public Guid Id => Entry.Id.Value;

    public XElement TextLink => E("text", E("reference", A("value", "#" + Anchor)));

    /// <summary>Comments, warnings in spite of which it was written, and the encounter it belongs to.</summary>
    public IEnumerable<XElement> Beside =>
    [
        .. Entry.Content.Comments.Select(Comment), .. Entry.Content.Accepted.Select(warning => Comment($"Written in spite of a warning ({warning.Warning}): {warning.Reason}")),
        .. Entry.Encounter is { } encounter
            ? [Relation("COMP", Act("encounter", "ENC", "EVN", CdaOut.Id(encounter.Value)), isInverse: true)] : Array.Empty<XElement>(),
    ];

    public IEnumerable<XElement> Authors(PartialTime? at = null) =>
        Entry.Content.By.Count == 0 && at is not null ? [NamelessAuthor(at)] : Entry.Content.By.Select((name, number) => Author(name, number == 0 ? at : null));

    public IEnumerable<XElement> Performers => Entry.Content.By.Select(Performer);

    public static XElement Comment(string text) => Relation("SUBJ", Act("act", "ACT", "EVN",
        EntryTemplate("64"), Code("code", "48767-8", CodeSystems.Loinc, "Annotation comment"), CdaOut.Text("text", text)), isInverse: true);

    private static XElement NamelessAuthor(PartialTime at) => E("author", Ts("time", at), E("assignedAuthor", Null("id", "NI")));
}

/// <summary>What every entry has on its way in.</summary>
internal static class Incoming
{
    public static IReadOnlyList<string> Comments(CdaSource source, XElement entry) => [.. entry.Related("act")
        .Where(act => act.HasTemplate("2.16.840.1.113883.10.20.22.4.64") || act.At("code", "code") == "48767-8").Select(act => source.Words(act.One("text"))).OfType<string>()];

    public static PartialTime? AuthorTime(CdaSource source, XElement entry) => source.Time(entry.One("author/time"));

    /// <summary>Why it was given, done or came about: indications.</summary>
    public static IReadOnlyList<Concept> Reasons(CdaSource source, XElement entry) => source.Concepts(entry.Many("entryRelationship")
        .Where(relation => relation.Says("typeCode") == "RSON").SelectMany(relation => relation.Elements().Where(act => act.Name.LocalName is "observation" or "act"))
        .Select(reason => reason.One("value") ?? reason.One("code")).OfType<XElement>());

    public static XElement Reason(Concept reason) => Relation("RSON", Act("observation", "OBS", "EVN", EntryTemplate("19", "2014-06-09"), Null("id", "NI"),
        Code("code", "404684003", CodeSystems.Snomed, "Clinical finding"), E("statusCode", A("code", "completed")), Cd("value", reason, "CD")));

    public static string? Place(CdaSource source, XElement entry) => entry.Many("participant").Where(party => party.Says("typeCode") == "LOC")
        .Select(party => V3.Plain(party.One("participantRole/playingEntity/name")?.Value) ?? source.Concept(party.One("participantRole/code"))?.Text).FirstOrDefault(name => name is not null);

    public static string? Status(XElement entry) => entry.At("statusCode", "code");
}
