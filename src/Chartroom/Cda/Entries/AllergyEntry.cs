using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>An allergy concern with its allergy observation; "no known allergies" is the negated one whose substance does not apply.</summary>
/// <seealso href="https://hl7.org/cda/us/ccda/STU1.1/2.16.840.1.113883.10.20.22.4.30.html"/>
internal static class AllergyEntry
{
    public const string Concern = "2.16.840.1.113883.10.20.22.4.30", Observation = "2.16.840.1.113883.10.20.22.4.7";

    public static Entry? Read(XElement observation, XElement? concern, CdaSource source)
    {
        var kind = observation.One("value");
        var substance = source.Concept(observation.One("participant/participantRole/playingEntity/code")) ?? NameOfSubstance(observation);
        if (observation.IsNegated() && substance is not null && AnySubstance.Any(any => substance.Has(CodeSystems.Snomed, any))) substance = null;
        var isNone = observation.IsNegated() && (substance is null || Nothing.Any(none => substance.Has(CodeSystems.Snomed, none.Code)));
        var code = substance ?? (isNone ? None(kind.Says("code")) : SaysNothing(observation) ? null : source.Concept(kind));
        if (code is null) return null;
        var (onset, ended) = source.Interval(observation.One("effectiveTime"));
        var type = Array.Find(Types, it => it.Code == kind.Says("code"));
        return new Entry.Allergy
        {
            Code = code,
            Status = Facts.CodeOf<AllergyStatus>(source, observation, "clinicalStatus") ?? (Facts.Of(observation, "no-clinicalStatus").Any() ? null : Status(observation, concern, ended)),
            Verification = Facts.CodeOf<Verification>(source, observation, "verificationStatus") ?? (observation.IsNegated() && !isNone ? Verification.Refuted : null),
            Type = Facts.TextOf(source, observation, "type") ?? (Facts.Of(observation, "no-type").Any() ? null : type.Type),
            Categories = Facts.Of(observation, "category").Any() ? [.. Facts.Of(observation, "category").Select(source.Words).OfType<string>()]
                : Facts.Of(observation, "no-category").Any() || type.Category is null ? [] : [type.Category],
            Criticality = ProblemEntry.Nested(source, observation, "82606-5") is { Codings: [var critical, ..] } ? Array.Find(Criticalities, it => it.Code == critical.Code).Value : null,
            Reactions = [.. Reactions(observation).Select(reaction => Reaction(reaction, source)).Where(SaysSomething), .. Alone(source, observation)],
            Onset = onset,
            OnsetText = Facts.TextOf(source, observation, "onsetString"),
            LastSeen = Facts.TimeOf(source, observation, "lastOccurrence"),
            Recorded = Incoming.AuthorTime(source, observation) ?? Incoming.AuthorTime(source, concern ?? observation),
            By = ProblemEntry.By(source, observation, concern),
            Comments = [.. Incoming.Comments(source, observation), .. concern is null ? [] : Incoming.Comments(source, concern), .. Ended(ended)],
        };
    }

    public static XElement Write(Entry.Allergy allergy, Outgoing entry)
    {
        var none = Array.Find(Nothing, it => allergy.Code.Has(CodeSystems.Snomed, it.Code));
        var category = allergy.Categories is [var only] ? only : null;
        var type = Array.Find(Types, it => it.Type == allergy.Type && it.Category == category);
        if (type.Code is null) type = Array.Find(Types, it => it.Type == (allergy.Type ?? "allergy") && it.Category is null);
        if (type.Code is null) type = Types[0];
        var kind = none.Code is not null ? none.Kind : type.Code;
        var read = Array.Find(Types, it => it.Code == kind);
        var isNegated = none.Code is not null || allergy.Verification == Verification.Refuted;
        var substance = none.Code is null ? Cd("code", allergy.Code) : E("code", A("nullFlavor", "NA"), Text("originalText", allergy.Code.Text), allergy.Code.Codings.Select(it => Coded("translation", it)));
        var observation = Act("observation", "OBS", "EVN", isNegated ? A("negationInd", "true") : null, EntryTemplate("7", "2014-06-09"), EntryTemplate("7"), Id(entry.Id),
            Code("code", "ASSERTION", CodeSystems.ActCode), entry.TextLink, E("statusCode", A("code", "completed")), Interval("effectiveTime", allergy.Onset, null),
            WithType(Code("value", kind, CodeSystems.Snomed, Array.Find(Types, it => it.Code == kind).Words), "CD"), entry.Authors(allergy.Recorded),
            E("participant", A("typeCode", "CSM"), E("participantRole", A("classCode", "MANU"), E("playingEntity", A("classCode", "MMAT"), substance))),
            allergy.Status is { } status ? StatusOf(status) : Facts.Text("no-clinicalStatus", "unknown"),
            allergy.Criticality is { } critical ? CriticalityOf(critical) : null,
            allergy.Reactions.Select(ReactionOf),
            Facts.Status("verificationStatus", allergy.Verification, isNegated && none.Code is null ? Verification.Refuted : null),
            allergy.Type == read.Type ? null : allergy.Type is null ? Facts.Text("no-type", "unknown") : Facts.Text("type", allergy.Type),
            category == read.Category && allergy.Categories.Count < 2 ? null : CategoriesOf(allergy),
            Facts.Text("onsetString", allergy.OnsetText), Facts.Time("lastOccurrence", allergy.LastSeen), entry.Beside);
        var isTracked = allergy.Status is null or AllergyStatus.Active;
        return Act("act", "ACT", "EVN", EntryTemplate("30", "2015-08-01"), EntryTemplate("30"), Null("id", "NI"), Code("code", "CONC", ProblemEntry.ClassSystem),
            E("statusCode", A("code", isTracked ? "active" : "completed")), E("effectiveTime", Ts("low", allergy.Recorded ?? allergy.Onset), isTracked ? null : Null("high", "UNK")),
            Relation("SUBJ", observation));
    }

    private static IEnumerable<XElement> Reactions(XElement observation) => observation.Many("entryRelationship").Where(relation => relation.Says("typeCode") == "MFST").SelectMany(relation => relation.Many("observation"));

    private static Reaction Reaction(XElement reaction, CdaSource source)
    {
        var severity = SeverityOf(source, reaction);
        return new Reaction
        {
            Manifestations = [.. source.Concepts(reaction.Many("value")), .. Facts.ConceptsOf(source, reaction, "manifestation")],
            Substance = Facts.ConceptOf(source, reaction, "substance"),
            Severity = severity,
            Text = source.Words(reaction.One("text")) is { } words && reaction.One("text/reference") is null ? words : null,
            Onset = source.Interval(reaction.One("effectiveTime")).From,
        };
    }

    private static bool SaysSomething(Reaction reaction) => reaction is not { Manifestations.Count: 0, Substance: null, Severity: null, Text: null, Onset: null };

    /// <summary>A severity of the allergy as a whole: C-CDA R1.1 has it there.</summary>
    private static IEnumerable<Reaction> Alone(CdaSource source, XElement observation) =>
        !Reactions(observation).Any() && SeverityOf(source, observation) is { } severity ? [new Reaction { Severity = severity }] : [];

    private static string? SeverityOf(CdaSource source, XElement entry) => ProblemEntry.Nested(source, entry, "SEV") is not { } said ? null
        : said.Codings.Select(it => Array.Find(Severities, known => known.Code == it.Code).Severity).FirstOrDefault(it => it is not null) ?? said.Text;

    private static XElement ReactionOf(Reaction reaction) => Relation("MFST", Act("observation", "OBS", "EVN", EntryTemplate("9", "2014-06-09"), Null("id", "NI"), Code("code", "ASSERTION", CodeSystems.ActCode),
        reaction.Text is null ? null : Text("text", reaction.Text), E("statusCode", A("code", "completed")), reaction.Onset is null ? null : E("effectiveTime", Ts("low", reaction.Onset)),
        reaction.Manifestations is [var first, ..] ? Cd("value", first, "CD") : WithType(Null("value", "UNK"), "CD"), Facts.Coded("manifestation", reaction.Manifestations.Skip(1)),
        Facts.Coded("substance", reaction.Substance),
        reaction.Severity is null ? null : Relation("SUBJ", Act("observation", "OBS", "EVN", EntryTemplate("8", "2014-06-09"), Code("code", "SEV", CodeSystems.ActCode, "Severity"),
            E("statusCode", A("code", "completed")), Array.Find(Severities, it => it.Severity == reaction.Severity) is { Code: not null } known
                ? WithType(Code("value", known.Code, CodeSystems.Snomed, known.Severity), "CD") : WithType(E("value", A("nullFlavor", "OTH"), Text("originalText", reaction.Severity)), "CD")), isInverse: true)), isInverse: true);

    private static IEnumerable<XElement?> CategoriesOf(Entry.Allergy allergy) =>
        allergy.Categories.Count == 0 ? [Facts.Text("no-category", "unknown")] : allergy.Categories.Select(it => Facts.Text("category", it));

    private static AllergyStatus? Status(XElement observation, XElement? concern, PartialTime? ended)
    {
        var said = observation.Related("observation").FirstOrDefault(status => status.HasTemplate("2.16.840.1.113883.10.20.22.4.28") || status.At("code", "code") == "33999-4").At("value", "code");
        if (Array.Find(Statuses, pair => pair.Code == said) is { Code: not null } known) return known.Status;
        if (ended is not null) return AllergyStatus.Resolved;
        return concern is null ? null : Incoming.Status(concern) switch { "completed" or "aborted" or "suspended" => AllergyStatus.Inactive, "active" => AllergyStatus.Active, _ => null };
    }

    private static XElement StatusOf(AllergyStatus status)
    {
        var known = Array.Find(Statuses, pair => pair.Status == status);
        return Relation("SUBJ", Act("observation", "OBS", "EVN", EntryTemplate("28", "2019-06-20"), Code("code", "33999-4", CodeSystems.Loinc, "Status"), E("statusCode", A("code", "completed")),
            WithType(Code("value", known.Code, CodeSystems.Snomed, known.Status.ToString()), "CE")), isInverse: true);
    }

    private static XElement CriticalityOf(Criticality criticality)
    {
        var known = Array.Find(Criticalities, pair => pair.Value == criticality);
        return Relation("SUBJ", Act("observation", "OBS", "EVN", EntryTemplate("145"), Code("code", "82606-5", CodeSystems.Loinc, "Criticality"), E("statusCode", A("code", "completed")),
            WithType(Code("value", known.Code, "urn:oid:2.16.840.1.113883.5.1063"), "CD")), isInverse: true);
    }

    private static Concept? NameOfSubstance(XElement observation) =>
        V3.Plain(observation.One("participant/participantRole/playingEntity/name")?.Value) is { } name ? new Concept { Text = name } : null;

    /// <summary>An allergy whose substance nobody asked for or knows is none; one without a substance at all is at least of a kind.</summary>
    private static bool SaysNothing(XElement observation) => observation.At("participant/participantRole/playingEntity/code", "nullFlavor") is "NI" or "NASK" or "ASKU" or "NAV" or "NA";

    private static IEnumerable<string> Ended(PartialTime? ended) => ended is null ? [] : [$"ended {ended.Text}"];

    private static Concept None(string? kind)
    {
        var none = Array.Find(Nothing, it => it.Kind == kind);
        if (none.Code is null) none = Nothing[0];
        return new Concept { Text = none.Words, Codings = [new(CodeSystems.Snomed, none.Code, none.Words)] };
    }

    /// <summary>Substance, drug, edible substance: the negation of any of them is "no known …".</summary>
    private static readonly string[] AnySubstance = ["105590001", "410942007", "373873005", "762766007", "255620007"];

    private static readonly (string Kind, string Code, string Words)[] Nothing =
    [
        ("419199007", "716186003", "No known allergies"), ("416098002", "409137002", "No known drug allergies"), ("414285001", "429625007", "No known food allergies"),
    ];

    private static readonly (string Code, string? Type, string? Category, string Words)[] Types =
    [
        ("420134006", null, null, "Propensity to adverse reactions"), ("419199007", "allergy", null, "Allergy to substance"), ("416098002", "allergy", "medication", "Allergy to drug"),
        ("414285001", "allergy", "food", "Allergy to food"), ("232347008", "allergy", "environment", "Environmental allergy"), ("419511003", null, "medication", "Propensity to adverse reactions to drug"),
        ("418471000", null, "food", "Propensity to adverse reactions to food"), ("418038007", null, null, "Propensity to adverse reactions to substance"), ("59037007", "intolerance", "medication", "Intolerance to drug"),
        ("235719002", "intolerance", "food", "Intolerance to food"), ("782197009", "intolerance", null, "Intolerance to substance"),
    ];

    private static readonly (string Code, AllergyStatus Status)[] Statuses = [("55561003", AllergyStatus.Active), ("73425007", AllergyStatus.Inactive), ("413322009", AllergyStatus.Resolved)];
    private static readonly (string Code, Criticality? Value)[] Criticalities = [("CRITL", Criticality.Low), ("CRITH", Criticality.High), ("CRITU", Criticality.UnableToAssess)];

    private static readonly (string Code, string Severity)[] Severities =
        [("255604002", "mild"), ("6736007", "moderate"), ("24484000", "severe"), ("371923003", "moderate"), ("371924009", "severe"), ("399166001", "fatal")];
}
