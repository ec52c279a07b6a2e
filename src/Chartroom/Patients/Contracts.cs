using System.Text.Json.Serialization;

namespace Chartroom.Patients;

// What other capabilities may name of a patient: the demographic record, sealed as one document under the patient's key.

public enum NameUse { Usual, Official, Nickname, Former, Maiden, Temporary, Anonymous }
public enum Sex { Unknown, Female, Male, Other }
public enum ContactSystem { Phone, Email, Sms, Fax, Pager, Url, Other }
public enum ContactUse { Home, Work, Mobile, Temporary, Old }
public enum AddressUse { Home, Work, Temporary, Old, Billing }

public sealed record Period(PartialTime? From, PartialTime? To);

/// <summary>A name in any script. Some people have one part only, so neither part is required; <see cref="Full"/> always says something.</summary>
public sealed record PersonName
{
    public NameUse Use { get; init; }
    public string? Family { get; init; }
    public IReadOnlyList<string> Given { get; init; } = [];
    public IReadOnlyList<string> Prefixes { get; init; } = [];
    public IReadOnlyList<string> Suffixes { get; init; } = [];
    /// <summary>The whole name as the source writes it, when it gives no parts.</summary>
    public string? Text { get; init; }
    public Period? Valid { get; init; }

    [JsonIgnore]
    public string Full => string.Join(' ', Prefixes.Concat(Given).Append(Family).Concat(Suffixes).Where(part => !string.IsNullOrWhiteSpace(part)))
        is { Length: > 0 } parts ? parts : Text ?? "";

    /// <summary>The name to use first: the first that is neither former nor a nickname leads.</summary>
    public static PersonName? Lead(IReadOnlyList<PersonName> names) =>
        names.FirstOrDefault(name => name.Use is NameUse.Usual or NameUse.Official or NameUse.Temporary) ?? (names is [var first, ..] ? first : null);
}

public sealed record ContactPoint
{
    public required ContactSystem System { get; init; }
    public required string Value { get; init; }
    public ContactUse? Use { get; init; }
    /// <summary>1 is tried first.</summary>
    public int? Rank { get; init; }
    public Period? Valid { get; init; }
}

public sealed record PostalAddress
{
    public AddressUse? Use { get; init; }
    public IReadOnlyList<string> Lines { get; init; } = [];
    public string? City { get; init; }
    public string? State { get; init; }
    public string? PostalCode { get; init; }
    public string? Country { get; init; }
    public string? Text { get; init; }
    public Period? Valid { get; init; }
}

/// <summary>Somebody to call: next of kin, guardian, emergency contact.</summary>
public sealed record RelatedContact
{
    public IReadOnlyList<string> Relationships { get; init; } = [];
    public bool IsEmergencyContact { get; init; }
    public PersonName? Name { get; init; }
    public IReadOnlyList<ContactPoint> Telecoms { get; init; } = [];
    public PostalAddress? Address { get; init; }
}

public sealed record InsuranceCoverage
{
    public string? Payer { get; init; }
    public string? Plan { get; init; }
    public string? MemberId { get; init; }
    public string? GroupNumber { get; init; }
    /// <summary>The patient's relationship to the subscriber: self, child, spouse, …</summary>
    public string? Relationship { get; init; }
    public string? SubscriberName { get; init; }
    public Period? Valid { get; init; }
    /// <summary>1 is billed first.</summary>
    public int? Rank { get; init; }
}

/// <summary>A number by which somebody knows the patient.</summary>
/// <param name="Type">HL7 v2-0203: MR record number, SS social security, DL driver's licence, PPN passport, MB member, …</param>
public sealed record PatientIdentifier(string? System, string Value, string? Type, string? Label = null)
{
    public const string SocialSecurity = "SS", MedicalRecord = "MR";

    /// <summary>True for a number that another system of records gave, by which it names this patient and nobody else. A social security number,
    /// licence or member number is none: it gets mistyped and shared.</summary>
    [JsonIgnore]
    public bool IsRecordNumber => !string.IsNullOrWhiteSpace(System) && (Type is null or MedicalRecord or "PI" or "PT");
}

/// <param name="Tag">BCP 47, e.g. <c>es</c>, <c>en-US</c>.</param>
public sealed record SpokenLanguage(string Tag, string? Label, bool IsPreferred);

/// <summary>Who the patient is. The clinic's own MRN is a column of the patient, not an identifier in here.</summary>
public sealed record Demographics
{
    /// <summary>The name to use first: the first that is neither former nor a nickname leads.</summary>
    public required IReadOnlyList<PersonName> Names { get; init; }
    /// <summary>May be a year or a month only; search and age need <c>BirthDate.Day</c>.</summary>
    public PartialTime? BirthDate { get; init; }
    /// <summary>Administrative sex, as on the insurance card.</summary>
    public Sex Sex { get; init; }
    public Sex? BirthSex { get; init; }
    public string? GenderIdentity { get; init; }
    public string? Pronouns { get; init; }
    public IReadOnlyList<ContactPoint> Telecoms { get; init; } = [];
    public IReadOnlyList<PostalAddress> Addresses { get; init; } = [];
    public IReadOnlyList<RelatedContact> Contacts { get; init; } = [];
    public IReadOnlyList<InsuranceCoverage> Coverages { get; init; } = [];
    public IReadOnlyList<PatientIdentifier> Identifiers { get; init; } = [];
    public IReadOnlyList<SpokenLanguage> Languages { get; init; } = [];
    /// <summary>HL7 v3 MaritalStatus: S never married, M married, D divorced, W widowed, …</summary>
    public string? MaritalStatus { get; init; }
    public IReadOnlyList<string> Races { get; init; } = [];
    public string? Ethnicity { get; init; }
    public string? MothersMaidenName { get; init; }
    public bool IsDeceased { get; init; }
    public PartialTime? DeceasedAt { get; init; }
    /// <summary>The language in which somebody has to interpret at each visit, in the words of the desk: <c>Spanish</c>, <c>sign language</c>.</summary>
    public string? Interpreter { get; init; }
    /// <summary>What whoever meets the patient must know before anything else: <c>Comes by wheelchair</c>. Stands on every visit of theirs.</summary>
    public string? DeskAlert { get; init; }
    /// <summary>Names of the usual clinicians, as the source writes them.</summary>
    public IReadOnlyList<string> UsualClinicians { get; init; } = [];

    [JsonIgnore]
    public PersonName? LeadName => PersonName.Lead(Names);

    [JsonIgnore]
    public string? SocialSecurityNumber => Identifiers.FirstOrDefault(number => number.Type == PatientIdentifier.SocialSecurity)?.Value;
}
