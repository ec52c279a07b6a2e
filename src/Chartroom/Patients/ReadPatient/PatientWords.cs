using System.Globalization;

namespace Chartroom.Patients;

/// <summary>Facts about patients in words, as pages show them.</summary>
internal static class PatientWords
{
    private static readonly CultureInfo American = CultureInfo.GetCultureInfo("en-US");

    /// <summary><c>Mar 4, 1980 (45) · (303) 555-0123 · MRN 100001</c>; what is not known is left out.</summary>
    public static string Facts(PatientLine patient) =>
        string.Join(" · ", new[] { Born(patient), Sex(patient.Sex), patient.Phone, $"MRN {patient.Mrn}" }.Where(fact => fact is not null));

    /// <summary>Birth and age.</summary>
    public static string? Born(PatientLine patient) => patient.BirthDate is not { } birth ? null
        : (birth.Day is { } day ? day.ToString("MMM d, yyyy", American) : birth.Text) + (patient.Age is { } age ? $" ({age})" : "");

    public static string? Sex(Sex sex) => sex == Patients.Sex.Unknown ? null : sex.ToString();

    public static string State(PatientLine patient) => patient.State switch
    {
        PatientState.Active => "Active",
        PatientState.Inactive => "Inactive",
        PatientState.Merged => "Merged into another record",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Why a patient is put away.</summary>
    public static string Why(AwayReason reason) => reason switch
    {
        AwayReason.EnteredByMistake => "Entered by mistake",
        AwayReason.Duplicate => "Is here twice",
        AwayReason.TestEntry => "A test, nobody real",
        AwayReason.NeverCame => "Never became a patient",
        AwayReason.ToBeDestroyed => "Is to be destroyed for good",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The day on which a patient was put away.</summary>
    public static string AwayOn(PatientAway away, string zone) => DateOnly.FromDateTime(ClinicTime.Local(away.At, zone)).ToString("MMM d, yyyy", American);

    /// <summary>The day of the last visit; null before the first.</summary>
    public static string? LastVisit(PatientLine patient) => patient.LastVisit?.ToString("MMM d, yyyy", American);

    /// <summary>The first letters of the first and the last word of the name, beside it in a list.</summary>
    public static string Initials(PatientLine patient)
    {
        var words = patient.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(words is [var one] ? [First(one)] : words is [var first, .., var last] ? new[] { First(first), First(last) } : []).ToUpperInvariant();
    }

    private static string First(string word) => StringInfo.GetNextTextElement(word);

    /// <summary>A telephone as people write it.</summary>
    public static string Phone(string value) => Platform.Identity.PhoneNumber.Read(value)?.Shown ?? value;

    /// <summary>The last four digits of a social security number; all of it is in the form only.</summary>
    public static string? Masked(string? number) => number is { Length: >= 4 } ? $"•••-••-{number[^4..]}" : null;
}
