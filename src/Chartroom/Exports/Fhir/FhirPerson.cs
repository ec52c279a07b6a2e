using System.Globalization;
using System.Text.Json.Nodes;
using Chartroom.Import;
using Chartroom.Patients;
using static Chartroom.Exports.FhirValues;

namespace Chartroom.Exports;

/// <summary>Who the patient is, as Patient and Coverage.</summary>
internal static class FhirPerson
{
    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

    public static JsonObject Patient(PatientRecord record, Guid clinic)
    {
        var it = record.Demographics;
        return Object(("resourceType", "Patient"), ("id", record.Line.Id.Value.ToString()), ("extension", Extensions(it)),
            ("identifier", List(it.Identifiers.Where(number => number.System != PatientIdentity.Stand).Select(Number)
                .Append(Number(new($"urn:uuid:{clinic}", record.Line.Mrn.ToString(CultureInfo.InvariantCulture), PatientIdentifier.MedicalRecord))))),
            ("name", List(it.Names.Select(Name))), ("telecom", List(it.Telecoms.Select(Telecom))), ("gender", it.Sex.ToString().ToLowerInvariant()), ("birthDate", Time(it.BirthDate)),
            ("deceasedBoolean", it.IsDeceased && it.DeceasedAt is null ? true : null), ("deceasedDateTime", Time(it.DeceasedAt)), ("address", List(it.Addresses.Select(Address))),
            ("maritalStatus", it.MaritalStatus is null ? null : Coded("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", it.MaritalStatus, null)),
            ("contact", List(it.Contacts.Select(Contact))),
            ("communication", List(it.Languages.Select(language => Object(("language", Coded("urn:ietf:bcp:47", language.Tag, language.Label)), ("preferred", language.IsPreferred ? true : null))))),
            ("generalPractitioner", NamedAll(it.UsualClinicians)));
    }

    public static JsonObject Coverage(InsuranceCoverage it, Guid patient) => Object(("resourceType", "Coverage"), ("status", "active"), ("beneficiary", Reference(patient)), ("subscriberId", it.MemberId),
        ("payor", List([Named(it.Payer)])), ("class", List([Class("plan", it.Plan), Class("group", it.GroupNumber)])), ("order", it.Rank), ("period", Period(it.Valid?.From, it.Valid?.To)),
        ("relationship", it.Relationship is null ? null : Coded("http://terminology.hl7.org/CodeSystem/subscriber-relationship", it.Relationship, null)), ("subscriber", Named(it.SubscriberName)));

    private static JsonObject? Class(string type, string? value) =>
        value is null ? null : Object(("type", Coded("http://terminology.hl7.org/CodeSystem/coverage-class", type, null)), ("value", value));

    private static JsonArray Extensions(Demographics it) => List([
        it.BirthSex is Sex.Female or Sex.Male ? Object(("url", UsCore + "us-core-birthsex"), ("valueCode", it.BirthSex == Sex.Female ? "F" : "M")) : null,
        it.GenderIdentity is null ? null : Object(("url", UsCore + "us-core-genderIdentity"), ("valueCodeableConcept", Object(("text", it.GenderIdentity)))),
        Groups("us-core-race", it.Races), Groups("us-core-ethnicity", it.Ethnicity is null ? [] : [it.Ethnicity]),
        it.MothersMaidenName is null ? null : Object(("url", "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"), ("valueString", it.MothersMaidenName))]);

    private static JsonObject? Groups(string name, IReadOnlyList<string> words) => words.Count == 0 ? null
        : Object(("url", UsCore + name), ("extension", List(words.Select(word => Object(("url", "ombCategory"), ("valueCoding", Object(("display", word))))).Append(Object(("url", "text"), ("valueString", string.Join(", ", words)))))));

    private static JsonObject Number(PatientIdentifier it) => Object(("system", it.System), ("value", it.Value),
        ("type", it.Type is null && it.Label is null ? null : Coded("http://terminology.hl7.org/CodeSystem/v2-0203", it.Type, it.Label)));

    private static JsonObject Coded(string system, string? code, string? text) => Object(("coding", code is null ? null : List([Object(("system", system), ("code", code))])), ("text", text));

    private static JsonObject Name(PersonName it) => Object(("use", it.Use switch
        {
            NameUse.Official => "official", NameUse.Nickname => "nickname", NameUse.Former => "old", NameUse.Maiden => "maiden", NameUse.Temporary => "temp", NameUse.Anonymous => "anonymous", _ => "usual",
        }), ("text", it.Text), ("family", it.Family), ("given", Texts(it.Given)), ("prefix", Texts(it.Prefixes)), ("suffix", Texts(it.Suffixes)), ("period", Period(it.Valid?.From, it.Valid?.To)));

    private static JsonObject Telecom(ContactPoint it) => Object(("system", it.System.ToString().ToLowerInvariant()), ("value", it.Value),
        ("use", it.Use switch { ContactUse.Temporary => "temp", { } use => use.ToString().ToLowerInvariant(), _ => null }), ("rank", it.Rank), ("period", Period(it.Valid?.From, it.Valid?.To)));

    private static JsonObject Address(PostalAddress it) => Object(("use", it.Use switch { AddressUse.Temporary => "temp", { } use => use.ToString().ToLowerInvariant(), _ => null }), ("text", it.Text), ("line", Texts(it.Lines)),
        ("city", it.City), ("state", it.State), ("postalCode", it.PostalCode), ("country", it.Country), ("period", Period(it.Valid?.From, it.Valid?.To)));

    private static JsonObject Contact(RelatedContact it) => Object(
        ("relationship", List(it.Relationships.Select((words, number) => number == 0 && it.IsEmergencyContact ? Coded("http://terminology.hl7.org/CodeSystem/v2-0131", "C", words) : Object(("text", words))))),
        ("name", it.Name is null ? null : Name(it.Name)), ("telecom", List(it.Telecoms.Select(Telecom))), ("address", it.Address is null ? null : Address(it.Address)));
}
