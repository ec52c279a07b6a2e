using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>Encounter, Immunization, Procedure, DocumentReference. Null: FHIR allows it, but it names nothing that a chart could show.</summary>
internal static class CareReader
{
    public static Entry Encounter(FhirNode visit) => new Entry.Encounter
    {
        Status = visit.CodeNeeded<EncounterStatus>("status"),
        Class = visit.Coding("class"),
        Types = visit.Concepts("type"),
        Start = visit.One("period")?.Time("start"),
        End = visit.One("period")?.Time("end"),
        Reasons = [.. visit.Concepts("reasonCode"), .. visit.ConceptsBehind("reasonReference")],
        By = [.. visit.Many("participant").SelectMany(participant => participant.NamesOf("individual")).Distinct()],
        Place = (visit.NamesOf("serviceProvider") is [var organisation, ..] ? organisation : null)
            ?? visit.Many("location").SelectMany(location => location.NamesOf("location")).FirstOrDefault(),
        Discharge = visit.One("hospitalization")?.Concept("dischargeDisposition"),
    };

    public static Entry? Immunization(FhirNode shot) => shot.Concept("vaccineCode") is not { } vaccine ? null : new Entry.Immunization
    {
        Vaccine = vaccine,
        Status = shot.CodeNeeded<ImmunizationStatus>("status"),
        WhyNot = shot.Concept("statusReason"),
        Given = shot.TimeOf("occurrence"),
        GivenText = shot.Text("occurrenceString"),
        Manufacturer = shot.NamesOf("manufacturer") is [var maker, ..] ? maker : null,
        Lot = shot.Text("lotNumber"),
        Expires = shot.Date("expirationDate"),
        Site = shot.Concept("site"),
        Route = shot.Concept("route"),
        Dose = shot.Quantity("doseQuantity"),
        DoseNumber = shot.Many("protocolApplied") is [var protocol, ..]
            ? protocol.Text("doseNumberString") ?? protocol.Whole("doseNumberPositiveInt")?.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        By = [.. shot.Many("performer").SelectMany(performer => performer.NamesOf("actor")).Distinct()],
        Comments = shot.Comments(),
    };

    public static Entry? Procedure(FhirNode procedure) => procedure.Concept("code") is not { } code ? null : new Entry.Procedure
    {
        Code = code,
        Status = procedure.CodeNeeded<ProcedureStatus>("status"),
        WhyNot = procedure.Concept("statusReason"),
        Start = procedure.TimeOf("performed"),
        End = procedure.One("performedPeriod")?.Time("end"),
        StartText = procedure.WordsOf("performed"),
        Reasons = [.. procedure.Concepts("reasonCode"), .. procedure.ConceptsBehind("reasonReference")],
        BodySites = procedure.Concepts("bodySite"),
        Outcome = procedure.Concept("outcome"),
        Complications = procedure.Concepts("complication"),
        FollowUps = procedure.Concepts("followUp"),
        Place = procedure.NamesOf("location") is [var place, ..] ? place : null,
        By = [.. procedure.Many("performer").SelectMany(performer => performer.NamesOf("actor")).Distinct()],
        Comments = procedure.Comments(),
    };

    public static Entry Document(FhirNode document) => new Entry.Document
    {
        Status = document.CodeNeeded<DocumentStatus>("status"),
        Type = document.Concept("type"),
        Categories = document.Concepts("category"),
        Description = document.Text("description"),
        Written = document.Time("date") ?? document.One("context")?.One("period")?.Time("start"),
        Attachments = [.. document.Many("content").Select(content => content.One("attachment")).OfType<FhirNode>().Select(FhirTypes.ToAttachment)],
        By = document.NamesOf("author"),
    };
}
