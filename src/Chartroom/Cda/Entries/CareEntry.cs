using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>Immunizations, procedures (as procedure, observation or act) and encounters.</summary>
internal static class CareEntry
{
    public const string Shot = "2.16.840.1.113883.10.20.22.4.52", Procedure = "2.16.840.1.113883.10.20.22.4.14", Visit = "2.16.840.1.113883.10.20.22.4.49";

    public static Entry? ReadShot(XElement shot, CdaSource source)
    {
        var material = shot.One("consumable/manufacturedProduct/manufacturedMaterial");
        if ((source.Concept(material.One("code")) ?? (V3.Plain(material.One("name")?.Value) is { } name ? new Concept { Text = name } : null)) is not { } vaccine) return null;
        var isRefused = shot.IsNegated() || Incoming.Status(shot) is "cancelled" or "aborted";
        return new Entry.Immunization
        {
            Vaccine = vaccine,
            Status = Facts.CodeOf<ImmunizationStatus>(source, shot, "status") ?? (isRefused ? ImmunizationStatus.NotDone : ImmunizationStatus.Completed),
            WhyNot = Facts.ConceptOf(source, shot, "statusReason") ?? source.Concept(shot.Related("observation").FirstOrDefault(it => it.HasTemplate(RefusalReason)).One("code")),
            Given = source.Interval(shot.One("effectiveTime")).From,
            GivenText = Facts.TextOf(source, shot, "occurrenceString"),
            Manufacturer = V3.Plain(shot.One("consumable/manufacturedProduct/manufacturerOrganization/name")?.Value),
            Lot = V3.Plain(material.One("lotNumberText")?.Value),
            Expires = source.Time(material.One("expirationTime")),
            Site = source.Concept(shot.One("approachSiteCode")),
            Route = source.Concept(shot.One("routeCode")),
            Dose = CdaSource.Amount(shot.One("doseQuantity")),
            DoseNumber = Facts.TextOf(source, shot, "doseNumber") ?? shot.At("repeatNumber", "value"),
            By = source.By(shot),
            Comments = [.. Incoming.Comments(source, shot), .. Incoming.Reasons(source, shot).Select(reason => $"reason: {reason.Text}")],
        };
    }

    public static XElement WriteShot(Entry.Immunization shot, Outgoing entry)
    {
        var isNegated = shot.Status == ImmunizationStatus.NotDone;
        var number = shot.DoseNumber is { } said && said.All(char.IsAsciiDigit) ? said : null;
        var product = E("consumable", E("manufacturedProduct", A("classCode", "MANU"), EntryTemplate("54", "2014-06-09"), EntryTemplate("54"),
            E("manufacturedMaterial", Cd("code", shot.Vaccine), shot.Lot is null ? null : E("lotNumberText", shot.Lot),
                shot.Expires is null ? null : new XElement(V3.Sdtc + "expirationTime", A("value", CdaTimes.Write(shot.Expires)))),
            shot.Manufacturer is null ? null : E("manufacturerOrganization", E("name", shot.Manufacturer))));
        return Act("substanceAdministration", "SBADM", "EVN", A("negationInd", isNegated ? "true" : "false"), EntryTemplate("52", "2015-08-01"), EntryTemplate("52"), Id(entry.Id), entry.TextLink,
            E("statusCode", A("code", "completed")), Ts("effectiveTime", shot.Given), number is null ? null : E("repeatNumber", A("value", number)),
            shot.Route is null ? null : Cd("routeCode", shot.Route), shot.Site is null ? null : Cd("approachSiteCode", shot.Site), shot.Dose is null ? null : Pq("doseQuantity", shot.Dose),
            product, entry.Performers, Facts.Status("status", shot.Status, isNegated ? ImmunizationStatus.NotDone : ImmunizationStatus.Completed), Facts.Coded("statusReason", shot.WhyNot),
            Facts.Text("occurrenceString", shot.GivenText), number is null ? Facts.Text("doseNumber", shot.DoseNumber) : null, entry.Beside);
    }

    public static Entry? ReadProcedure(XElement procedure, CdaSource source)
    {
        if (source.Concept(procedure.One("code")) is not { } code) return null;
        var (start, end) = source.Interval(procedure.One("effectiveTime"));
        return new Entry.Procedure
        {
            Code = code,
            Status = Facts.CodeOf<ProcedureStatus>(source, procedure, "status") ?? (procedure.IsNegated() ? ProcedureStatus.NotDone : Done(Incoming.Status(procedure))),
            WhyNot = Facts.ConceptOf(source, procedure, "statusReason"),
            Start = start,
            End = end,
            StartText = Facts.TextOf(source, procedure, "performedString"),
            Reasons = Incoming.Reasons(source, procedure),
            BodySites = source.Concepts(procedure.Many("targetSiteCode")),
            Outcome = Facts.ConceptOf(source, procedure, "outcome") ?? Found(procedure, source),
            Complications = Facts.ConceptsOf(source, procedure, "complication"),
            FollowUps = Facts.ConceptsOf(source, procedure, "followUp"),
            Place = Incoming.Place(source, procedure),
            By = source.By(procedure),
            Comments = [.. Incoming.Comments(source, procedure), .. source.Concepts(procedure.Many("methodCode")).Select(method => $"method: {method.Text}"), .. Devices(procedure, source)],
        };
    }

    public static XElement WriteProcedure(Entry.Procedure procedure, Outgoing entry)
    {
        var isNegated = procedure.Status == ProcedureStatus.NotDone;
        var code = Array.Find(ProcedureStatuses, pair => pair.Status == procedure.Status).Code ?? "completed";
        return Act("procedure", "PROC", "EVN", isNegated ? A("negationInd", "true") : null, EntryTemplate("14", "2014-06-09"), EntryTemplate("14"), Id(entry.Id), Cd("code", procedure.Code), entry.TextLink,
            E("statusCode", A("code", code)), PointOrInterval("effectiveTime", procedure.Start, procedure.End), procedure.BodySites.Select(site => Cd("targetSiteCode", site)), entry.Performers,
            procedure.Place is null ? null : Place(procedure.Place), procedure.Reasons.Select(Incoming.Reason),
            Facts.Status("status", procedure.Status, isNegated ? ProcedureStatus.NotDone : Done(code)), Facts.Coded("statusReason", procedure.WhyNot), Facts.Text("performedString", procedure.StartText),
            Facts.Coded("outcome", procedure.Outcome), Facts.Coded("complication", procedure.Complications), Facts.Coded("followUp", procedure.FollowUps), entry.Beside);
    }

    public static Entry ReadVisit(XElement visit, CdaSource source)
    {
        var (start, end) = source.Interval(visit.One("effectiveTime"));
        var code = source.Concept(visit.One("code"));
        var setting = code?.Codings.FirstOrDefault(coding => coding.System == CodeSystems.ActCode);
        var said = Facts.ConceptOf(source, visit, "class")?.Codings;
        Concept[] types = code is null || code.Codings.All(coding => coding == setting) && (code.Codings.Count > 0 || Facts.Of(visit, "no-type").Any()) ? []
            : [code with { Codings = [.. code.Codings.Where(coding => coding != setting)] }];
        return new Entry.Encounter
        {
            Status = Facts.CodeOf<EncounterStatus>(source, visit, "status") ?? VisitStatus(Incoming.Status(visit)),
            Class = said is [var own] ? own : setting,
            Types = [.. types, .. Facts.ConceptsOf(source, visit, "type")],
            Start = start,
            End = end,
            Reasons = [.. Incoming.Reasons(source, visit), .. Diagnoses(visit, source)],
            Place = Incoming.Place(source, visit) ?? V3.Plain(visit.One("location/healthCareFacility/location/name")?.Value) ?? V3.Plain(visit.One("location/healthCareFacility/serviceProviderOrganization/name")?.Value),
            Discharge = source.Concept(visit.One("dischargeDispositionCode")),
            By = [.. source.By(visit).Concat(visit.Many("responsibleParty/assignedEntity").Concat(visit.Many("encounterParticipant/assignedEntity")).Select(source.NameOfParty).OfType<string>()).Distinct()],
            Comments = Incoming.Comments(source, visit),
        };
    }

    public static XElement WriteVisit(Entry.Encounter visit, Outgoing entry)
    {
        var code = visit.Types is [var first, ..] ? Cd("code", first) : Null("code", "UNK");
        if (visit.Class is { } setting) code.Add(Coded("translation", setting with { System = CodeSystems.ActCode }));
        var discharge = visit.Discharge is null ? null : Cd("dischargeDispositionCode", visit.Discharge);
        if (discharge is not null) discharge.Name = V3.Sdtc + "dischargeDispositionCode";
        return Act("encounter", "ENC", "EVN", EntryTemplate("49", "2015-08-01"), EntryTemplate("49"), Id(entry.Id), code, entry.TextLink, E("statusCode", A("code", "completed")),
            visit.Start is null && visit.End is not null ? Interval("effectiveTime", null, visit.End) : PointOrInterval("effectiveTime", visit.Start, visit.End), discharge, entry.Performers,
            visit.Place is null ? null : Place(visit.Place), visit.Reasons.Select(Incoming.Reason), Facts.Status("status", visit.Status, EncounterStatus.Finished),
            visit.Class is { } other && other.System != CodeSystems.ActCode ? Facts.Coded("class", new Concept { Text = other.Display ?? other.Code, Codings = [other] }) : null,
            visit.Types.Count == 0 ? Facts.Text("no-type", "unknown") : null, Facts.Coded("type", visit.Types.Skip(1)), entry.Beside);
    }

    private static IEnumerable<Concept> Diagnoses(XElement visit, CdaSource source) => source.Concepts(visit.Related("act").Where(act => act.HasTemplate("2.16.840.1.113883.10.20.22.4.80"))
        .SelectMany(act => act.Related("observation")).Select(problem => problem.One("value")).OfType<XElement>());

    private static IEnumerable<string> Devices(XElement procedure, CdaSource source) => procedure.Many("participant").Where(party => party.Says("typeCode") == "DEV")
        .Select(party => source.Concept(party.One("participantRole/playingDevice/code"))?.Text ?? source.Concept(party.One("participantRole/code"))?.Text).OfType<string>().Select(device => $"device: {device}");

    /// <summary>What an observation that counts as a procedure found.</summary>
    private static Concept? Found(XElement procedure, CdaSource source) =>
        procedure.One("value") is not { } value ? null : ObservationEntry.Reading(value, source) is { } reading ? reading.Concept ?? new Concept { Text = ObservationEntry.Words(reading) } : null;

    private static ProcedureStatus Done(string? code) => code switch
    {
        "completed" => ProcedureStatus.Completed,
        "active" => ProcedureStatus.InProgress,
        "aborted" => ProcedureStatus.Stopped,
        "cancelled" => ProcedureStatus.NotDone,
        "suspended" or "held" => ProcedureStatus.OnHold,
        "nullified" => ProcedureStatus.EnteredInError,
        _ => ProcedureStatus.Unknown,
    };

    private static EncounterStatus VisitStatus(string? code) => code switch
    {
        null or "completed" => EncounterStatus.Finished,
        "active" => EncounterStatus.InProgress,
        "cancelled" or "aborted" => EncounterStatus.Cancelled,
        "nullified" => EncounterStatus.EnteredInError,
        _ => EncounterStatus.Unknown,
    };

    private const string RefusalReason = "2.16.840.1.113883.10.20.22.4.53";

    private static readonly (string? Code, ProcedureStatus Status)[] ProcedureStatuses =
    [
        ("completed", ProcedureStatus.Completed), ("active", ProcedureStatus.InProgress), ("aborted", ProcedureStatus.Stopped), ("suspended", ProcedureStatus.OnHold), ("cancelled", ProcedureStatus.NotDone),
        ("nullified", ProcedureStatus.EnteredInError),
    ];
}
