namespace Chartroom.Patients;

// What a person at the desk types about a patient. The full record (Demographics) may hold more, from other systems; saving these leaves that in place.

/// <summary>Names as typed. At least one of given and family.</summary>
public sealed record TypedName(string? Given, string? Middle, string? Family, string? Suffix, string? Nickname, string? Former);

/// <summary>Ways to reach the patient.</summary>
public sealed record TypedContact(string? Mobile, string? Home, string? Work, string? Email);

/// <summary>Home address.</summary>
public sealed record TypedAddress(string? Line1, string? Line2, string? City, string? State, string? PostalCode, string? Country);

/// <summary>Whom to call in an emergency.</summary>
public sealed record TypedEmergencyContact(string? Name, string? Relationship, string? Phone);

/// <summary>The insurance that is billed first.</summary>
public sealed record TypedInsurance(string? Payer, string? Plan, string? MemberId, string? GroupNumber, string? SubscriberName, string? Relationship);

/// <summary>Further facts.</summary>
/// <param name="Language">BCP 47 tag, e.g. <c>es</c>.</param>
/// <param name="SocialSecurityNumber">Nine digits.</param>
/// <param name="OtherRecordNumber">Number of the patient in a former system.</param>
/// <param name="Interpreter">The language in which somebody has to interpret at each visit; absent: nobody has to.</param>
/// <param name="DeskAlert">What whoever meets the patient must know first; at most 120 characters.</param>
public sealed record TypedFacts(string? GenderIdentity, string? Pronouns, string? Language, string? SocialSecurityNumber, string? OtherRecordNumber,
    string? Interpreter = null, string? DeskAlert = null);

/// <summary>Who a patient is, as a form or a program says it.</summary>
/// <param name="BirthDate"><c>1980-03-04</c> or <c>3/4/1980</c>.</param>
public sealed record PatientDetails(
    TypedName? Name, string? BirthDate, Sex? Sex, TypedContact? Contact, TypedAddress? Address,
    TypedEmergencyContact? Emergency, TypedInsurance? Insurance, TypedFacts? Facts);
