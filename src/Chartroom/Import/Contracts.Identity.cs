using Chartroom.Patients;

namespace Chartroom.Import;

/// <summary>By what a patient of a file is recognised when the next file comes: the sender's record numbers for the person.</summary>
internal static class PatientIdentity
{
    /// <summary>System of the number that stands in where the sender gives none.</summary>
    public const string Stand = "urn:chartroom:import";

    /// <summary>The record numbers as <c>system|value</c>. Numbers that families share or people mistype (insurance member, social security,
    /// licence, passport) are none: a wrong match would mix two charts.</summary>
    public static IEnumerable<string> Of(Demographics patient) =>
        patient.Identifiers.Where(number => number.IsRecordNumber).Select(number => $"{number.System}|{number.Value}");

    /// <summary>Gives a patient without any record number one made of the file's own address for them, name and birth date: the address alone
    /// (<c>Patient/1</c>) is the same in many systems.</summary>
    public static Demographics Ensure(Demographics patient, string address)
    {
        if (patient.Identifiers.Any(number => number.IsRecordNumber)) return patient;
        var stand = new PatientIdentifier(Stand, $"{address}|{patient.LeadName?.Full}|{patient.BirthDate?.Text}", null);
        return patient with { Identifiers = [.. patient.Identifiers, stand] };
    }
}
