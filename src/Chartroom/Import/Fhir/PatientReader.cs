using Chartroom.Patients;

namespace Chartroom.Import;

/// <summary>Patient and Coverage as demographics.</summary>
/// <seealso href="https://hl7.org/fhir/R4/patient.html"/>
internal static class PatientReader
{
    public static Demographics Read(FhirNode patient) => new()
    {
        Names = [.. patient.Many("name").Select(Name)],
        BirthDate = patient.Date("birthDate"),
        Sex = patient.Code<Sex>("gender") ?? Sex.Unknown,
        BirthSex = Extension(patient, UsCore + "us-core-birthsex")?.Text("valueCode") switch { "F" => Sex.Female, "M" => Sex.Male, _ => null },
        GenderIdentity = Extension(patient, UsCore + "us-core-genderIdentity")?.Concept("valueCodeableConcept")?.Text,
        Telecoms = [.. patient.Many("telecom").Select(Telecom).OfType<ContactPoint>()],
        Addresses = [.. patient.Many("address").Select(Address)],
        Contacts = [.. patient.Many("contact").Select(Contact)],
        Identifiers = [.. patient.Many("identifier").Select(Identifier).OfType<PatientIdentifier>()],
        Languages = [.. patient.Many("communication").Select(Language).OfType<SpokenLanguage>()],
        MaritalStatus = patient.Concept("maritalStatus") is { } status ? status.Codings is [var coding, ..] ? coding.Code : status.Text : null,
        Races = TextsOf(Extension(patient, UsCore + "us-core-race")),
        Ethnicity = TextsOf(Extension(patient, UsCore + "us-core-ethnicity")) is [var ethnicity, ..] ? ethnicity : null,
        MothersMaidenName = Extension(patient, "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName")?.Text("valueString"),
        IsDeceased = patient.Flag("deceasedBoolean") ?? patient.Time("deceasedDateTime") is not null,
        DeceasedAt = patient.Time("deceasedDateTime"),
        UsualClinicians = patient.NamesOf("generalPractitioner"),
    };

    public static PersonName Name(FhirNode name) => new()
    {
        Use = name.Text("use") switch
        {
            "official" => NameUse.Official, "nickname" => NameUse.Nickname, "old" => NameUse.Former,
            "maiden" => NameUse.Maiden, "temp" => NameUse.Temporary, "anonymous" => NameUse.Anonymous,
            _ => NameUse.Usual,
        },
        Family = name.Text("family"),
        Given = name.Texts("given"),
        Prefixes = name.Texts("prefix"),
        Suffixes = name.Texts("suffix"),
        Text = name.Text("text"),
        Valid = Valid(name),
    };

    /// <summary>A Coverage as insurance of its beneficiary.</summary>
    public static InsuranceCoverage Coverage(FhirNode coverage) => new()
    {
        Payer = coverage.NamesOf("payor") is [var payer, ..] ? payer : null,
        Plan = ClassOf(coverage, "plan") ?? coverage.Concept("type")?.Text,
        MemberId = coverage.Text("subscriberId") ?? (coverage.Many("identifier") is [var number, ..] ? number.Text("value") : null),
        GroupNumber = ClassOf(coverage, "group"),
        Relationship = coverage.Concept("relationship") is { } relationship ? relationship.Codings is [var code, ..] ? code.Code : relationship.Text : null,
        SubscriberName = coverage.NamesOf("subscriber", "policyHolder") is [var subscriber, ..] ? subscriber : null,
        Valid = Valid(coverage),
        Rank = coverage.Whole("order"),
    };

    private static string? ClassOf(FhirNode coverage, string type) =>
        coverage.Many("class").FirstOrDefault(part => part.Concept("type")?.Codings.Any(coding => coding.Code == type) == true)?.Text("value");

    private static ContactPoint? Telecom(FhirNode telecom) => telecom.Text("value") is not { } value ? null : new ContactPoint
    {
        System = telecom.Code<ContactSystem>("system") ?? ContactSystem.Other,
        Value = value,
        Use = telecom.Text("use") switch
        {
            "home" => ContactUse.Home, "work" => ContactUse.Work, "mobile" => ContactUse.Mobile, "temp" => ContactUse.Temporary, "old" => ContactUse.Old,
            _ => null,
        },
        Rank = telecom.Whole("rank"),
        Valid = Valid(telecom),
    };

    private static PostalAddress Address(FhirNode address) => new()
    {
        Use = address.Text("use") switch
        {
            "home" => AddressUse.Home, "work" => AddressUse.Work, "temp" => AddressUse.Temporary, "old" => AddressUse.Old, "billing" => AddressUse.Billing,
            _ => null,
        },
        Lines = address.Texts("line"),
        City = address.Text("city"),
        State = address.Text("state"),
        PostalCode = address.Text("postalCode"),
        Country = address.Text("country"),
        Text = address.Text("text"),
        Valid = Valid(address),
    };

    private static RelatedContact Contact(FhirNode contact)
    {
        var relationships = contact.Concepts("relationship");
        return new RelatedContact
        {
            Relationships = [.. relationships.Select(relationship => relationship.Text)],
            IsEmergencyContact = relationships.Any(relationship => relationship.Has("http://terminology.hl7.org/CodeSystem/v2-0131", "C")),
            Name = contact.One("name") is { } name ? Name(name) : null,
            Telecoms = [.. contact.Many("telecom").Select(Telecom).OfType<ContactPoint>()],
            Address = contact.One("address") is { } address ? Address(address) : null,
        };
    }

    private static PatientIdentifier? Identifier(FhirNode identifier)
    {
        if (identifier.Text("value") is not { } value) return null;
        var type = identifier.Concept("type");
        var (system, code) = (identifier.Text("system"), type?.Codings is [var coding, ..] ? coding.Code : null);
        return new PatientIdentifier(system, value, code ?? (system == "http://hl7.org/fhir/sid/us-ssn" ? PatientIdentifier.SocialSecurity : null), type?.Text);
    }

    private static SpokenLanguage? Language(FhirNode communication) =>
        communication.Concept("language") is not { } language ? null
        : new SpokenLanguage(language.Codings is [var coding, ..] ? coding.Code : language.Text, language.Text, communication.Flag("preferred") ?? false);

    private static Period? Valid(FhirNode node) =>
        node.One("period") is { } period && (period.Time("start"), period.Time("end")) is var (from, to) && (from ?? to) is not null
            ? new Period(from, to) : null;

    private static FhirNode? Extension(FhirNode node, string url) => node.Many("extension").FirstOrDefault(extension => extension.Text("url") == url);

    /// <summary>The parts of a US Core race or ethnicity: its categories, else its text.</summary>
    private static IReadOnlyList<string> TextsOf(FhirNode? extension)
    {
        if (extension is null) return [];
        var parts = extension.Many("extension");
        string[] categories = [.. parts.Select(part => part.One("valueCoding")?.Text("display")).OfType<string>()];
        return categories.Length > 0 ? categories : [.. parts.Select(part => part.Text("valueString")).OfType<string>()];
    }

    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";
}
