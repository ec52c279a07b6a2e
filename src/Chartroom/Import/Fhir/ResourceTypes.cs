using System.Collections.Frozen;
using Chartroom.Charts;

namespace Chartroom.Import;

/// <summary>How one resource type becomes chart entries.</summary>
/// <param name="Subject">The element that names the patient.</param>
/// <param name="Encounter">The reference to its encounter.</param>
/// <param name="Read">Null when the resource does not say what it is about.</param>
internal sealed record ResourceType(string Subject, Func<FhirNode, FhirNode?> Encounter, Func<FhirNode, Entry?> Read);

internal static class ResourceTypes
{
    public static readonly FrozenDictionary<string, ResourceType> Taken = new Dictionary<string, ResourceType>
    {
        ["Encounter"] = new("subject", _ => null, CareReader.Encounter),
        ["Condition"] = new("subject", InEncounter, ListReader.Problem),
        ["AllergyIntolerance"] = new("patient", InEncounter, ListReader.Allergy),
        ["MedicationRequest"] = new("subject", InEncounter, ListReader.Ordered),
        ["MedicationStatement"] = new("subject", statement => statement.One("context"), ListReader.Reported),
        ["Observation"] = new("subject", InEncounter, ObservationReader.Read),
        ["Immunization"] = new("patient", InEncounter, CareReader.Immunization),
        ["Procedure"] = new("subject", InEncounter, CareReader.Procedure),
        ["DiagnosticReport"] = new("subject", InEncounter, ObservationReader.Report),
        ["DocumentReference"] = new("subject", document => document.One("context")?.Many("encounter") is [var first, ..] ? first : null, CareReader.Document),
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<string, string> WhyLeftOut = new Dictionary<string, string>
    {
        ["Practitioner"] = "only the name is kept, on the entries that mention it",
        ["PractitionerRole"] = "only the name is kept, on the entries that mention it",
        ["Organization"] = "only the name is kept, on the entries that mention it",
        ["Location"] = "only the name is kept, on the entries that mention it",
        ["RelatedPerson"] = "only the name is kept, on the entries that mention it",
        ["Medication"] = "only the name is kept, on the entries that mention it",
        ["Claim"] = "past billing stays with the sender",
        ["ClaimResponse"] = "past billing stays with the sender",
        ["ExplanationOfBenefit"] = "past billing stays with the sender",
        ["Account"] = "past billing stays with the sender",
        ["Invoice"] = "past billing stays with the sender",
        ["CarePlan"] = "care plans are not part of the chart yet",
        ["CareTeam"] = "care plans are not part of the chart yet",
        ["Goal"] = "care plans are not part of the chart yet",
        ["ImagingStudy"] = "pictures are not part of the chart; their reports are",
        ["Media"] = "pictures are not part of the chart; their reports are",
        ["Provenance"] = "the sender's own log stays with the sender",
        ["AuditEvent"] = "the sender's own log stays with the sender",
        ["OperationOutcome"] = "a message of the sender's server, not a record",
    }.ToFrozenDictionary();

    private static FhirNode? InEncounter(FhirNode resource) => resource.One("encounter");
}
