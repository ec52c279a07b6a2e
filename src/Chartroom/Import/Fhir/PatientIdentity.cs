using Chartroom.Patients;

namespace Chartroom.Import;

/// <summary>By what a patient of a file is recognised when the next file comes.</summary>
internal static class PatientIdentity
{
    /// <summary>The sender's own numbers for this person as <c>system|value</c>. Numbers that families share or people mistype (insurance
    /// member, social security, driver's licence, passport) do not identify: a wrong match would mix two charts. Without such a
    /// number, the resource's address together with name and birth date.</summary>
    public static IReadOnlyList<string> Of(FhirResource patient, Demographics demographics)
    {
        string[] numbers = [.. demographics.Identifiers
            .Where(number => number is { System: not null, Type: null or "MR" or "PI" or "PT" or "PRN" or "U" or "ANON" })
            .Select(number => $"{number.System}|{number.Value}").Distinct()];
        if (numbers.Length > 0) return numbers;
        var (name, birth) = (demographics.LeadName?.Full, demographics.BirthDate?.Text);
        return [$"{(patient.FullUrl is { } url && url.StartsWith("http", StringComparison.Ordinal) ? url : patient.Key)}|{name}|{birth}"];
    }
}
