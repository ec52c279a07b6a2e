using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>A problem concern with its problem observation.</summary>
/// <seealso href="https://hl7.org/cda/us/ccda/STU1.1/2.16.840.1.113883.10.20.22.4.3.html"/>
internal static class ProblemEntry
{
    public const string Concern = "2.16.840.1.113883.10.20.22.4.3", Observation = "2.16.840.1.113883.10.20.22.4.4", StatusTemplate = "2.16.840.1.113883.10.20.22.4.6";

    public static Entry? Read(XElement observation, XElement? concern, CdaSource source)
    {
        var isNone = observation.IsNegated() && observation.At("value", "code") is "55607006" or "64572001" or "404684003";
        var code = isNone ? source.Concept(Facts.Of(observation, "code").FirstOrDefault()) ?? NoneKnown : source.Concept(observation.One("value"));
        if (code is null) return null;
        var (onset, abated) = source.Interval(observation.One("effectiveTime"));
        return new Entry.Problem
        {
            Code = code,
            Status = Facts.CodeOf<ProblemStatus>(source, observation, "clinicalStatus") ?? (Facts.Of(observation, "no-clinicalStatus").Any() ? null : Status(observation, concern, abated)),
            Verification = Facts.CodeOf<Verification>(source, observation, "verificationStatus") ?? (observation.IsNegated() && !isNone ? Verification.Refuted : null),
            Categories = Facts.ConceptsOf(source, observation, "category"),
            Severity = Nested(source, observation, "SEV"),
            BodySites = source.Concepts(observation.Many("targetSiteCode")),
            Onset = onset,
            OnsetText = Facts.TextOf(source, observation, "onsetString"),
            Abated = abated,
            AbatedText = Facts.TextOf(source, observation, "abatementString"),
            Recorded = Incoming.AuthorTime(source, observation) ?? Incoming.AuthorTime(source, concern ?? observation),
            By = By(source, observation, concern),
            Comments = [.. Incoming.Comments(source, observation), .. concern is null ? [] : Incoming.Comments(source, concern)],
        };
    }

    public static XElement Write(Entry.Problem problem, Outgoing entry)
    {
        var isNone = problem.Code.Has(CodeSystems.Snomed, NoneCode);
        var isNegated = isNone || problem.Verification == Verification.Refuted;
        var observation = Act("observation", "OBS", "EVN", isNegated ? A("negationInd", "true") : null, EntryTemplate("4", "2015-08-01"), EntryTemplate("4"), Id(entry.Id),
            Code("code", "55607006", CodeSystems.Snomed, "Problem"), entry.TextLink, E("statusCode", A("code", "completed")),
            Interval("effectiveTime", problem.Onset, problem.Abated),
            isNone ? WithType(Code("value", "55607006", CodeSystems.Snomed, "Problem"), "CD") : Cd("value", problem.Code, "CD"),
            problem.BodySites.Select(site => Cd("targetSiteCode", site)), entry.Authors(problem.Recorded),
            isNone ? Facts.Coded("code", problem.Code) : null,
            problem.Status is { } status ? StatusOf(status) : Facts.Text("no-clinicalStatus", "unknown"),
            problem.Severity is { } severity ? Relation("SUBJ", Act("observation", "OBS", "EVN", EntryTemplate("8", "2014-06-09"), Code("code", "SEV", CodeSystems.ActCode, "Severity"),
                E("statusCode", A("code", "completed")), Cd("value", severity, "CD")), isInverse: true) : null,
            Facts.Status("verificationStatus", problem.Verification, isNegated && !isNone ? Verification.Refuted : null),
            Facts.Coded("category", problem.Categories), Facts.Text("onsetString", problem.OnsetText), Facts.Text("abatementString", problem.AbatedText), entry.Beside);
        var isTracked = problem.Status is null or ProblemStatus.Active or ProblemStatus.Recurrence or ProblemStatus.Relapse;
        return Act("act", "ACT", "EVN", EntryTemplate("3", "2015-08-01"), EntryTemplate("3"), Null("id", "NI"), Code("code", "CONC", ClassSystem), E("statusCode", A("code", isTracked ? "active" : "completed")),
            E("effectiveTime", Ts("low", problem.Recorded ?? problem.Onset), isTracked ? null : Ts("high", problem.Abated)), Relation("SUBJ", observation));
    }

    /// <summary>What a relation of the entry says: severity, status, criticality, by the code of the observation.</summary>
    public static Concept? Nested(CdaSource source, XElement entry, string code) =>
        source.Concept(entry.Related("observation").FirstOrDefault(observation => observation.At("code", "code") == code)?.One("value"));

    public static IReadOnlyList<string> By(CdaSource source, XElement observation, XElement? concern) =>
        source.By(observation) is { Count: > 0 } own || concern is null ? source.By(observation) : source.By(concern);

    /// <summary>Its status observation, else what the dates and the concern say. A concern that is no longer tracked is not an active problem.</summary>
    private static ProblemStatus? Status(XElement observation, XElement? concern, PartialTime? abated)
    {
        var said = observation.Related("observation").FirstOrDefault(status => status.HasTemplate(StatusTemplate) || status.At("code", "code") == "33999-4").At("value", "code");
        if (Array.Find(Statuses, pair => pair.Code == said) is { Code: not null } known) return known.Status;
        if (abated is not null) return ProblemStatus.Resolved;
        return concern is null ? null : Incoming.Status(concern) switch { "completed" or "aborted" or "suspended" => ProblemStatus.Inactive, "active" => ProblemStatus.Active, _ => null };
    }

    private static XElement StatusOf(ProblemStatus status)
    {
        var known = Array.Find(Statuses, pair => pair.Status == status);
        return Relation("REFR", Act("observation", "OBS", "EVN", EntryTemplate("6", "2019-06-20"), Code("code", "33999-4", CodeSystems.Loinc, "Status"), E("statusCode", A("code", "completed")),
            WithType(Code("value", known.Code, CodeSystems.Snomed, known.Words), "CD")));
    }

    public const string ClassSystem = "urn:oid:2.16.840.1.113883.5.6";
    private const string NoneCode = "160245001";

    private static readonly Concept NoneKnown = new() { Text = "No known problems", Codings = [new(CodeSystems.Snomed, NoneCode, "No current problems or disability")] };

    private static readonly (string Code, string Words, ProblemStatus Status)[] Statuses =
    [
        ("55561003", "Active", ProblemStatus.Active), ("73425007", "Inactive", ProblemStatus.Inactive), ("413322009", "Resolved", ProblemStatus.Resolved),
        ("246455001", "Recurrence", ProblemStatus.Recurrence), ("263855007", "Relapse", ProblemStatus.Relapse), ("277022003", "Remission", ProblemStatus.Remission),
    ];
}
