using System.Globalization;
using Chartroom.Patients;
using Chartroom.Platform.Identity;
using Chartroom.Shell;

namespace Chartroom.Keys;

/// <summary>The end of records in words, as pages show it.</summary>
internal static class DestructionWords
{
    private static readonly CultureInfo American = CultureInfo.GetCultureInfo("en-US");

    /// <summary>Name is in the heading; here birth and record number, by which whoever confirms knows them.</summary>
    public static string Facts(PatientLine patient) =>
        string.Join(" · ", new[] { patient.BirthDate is { } birth ? $"Born {(birth.Day is { } day ? day.ToString("MMM d, yyyy", American) : birth.Text)}" : null, $"MRN {patient.Mrn}" }.Where(fact => fact is not null));

    public static string? LastVisit(PatientLine patient) => patient.LastVisit?.ToString("MMM d, yyyy", American);

    public static string Why(string reason) => reason switch
    {
        "patient_request" => "The patient asked for it",
        "kept_long_enough" => "Kept as long as the law asks",
        "nobody_real" => "Nobody real: a test or a mistake",
        "legal" => "A court or an authority ordered it",
        _ => reason,
    };

    public static string Day(DateTimeOffset at, HttpContext http) =>
        DateOnly.FromDateTime(ClinicTime.Local(at, http.Features.Get<SignedIn>()?.TimeZone ?? "UTC")).ToString("MMM d, yyyy", American);

    public static IReadOnlyList<SelectField.Option> Reasons { get; } =
        [new("", "Choose …"), .. Enum.GetNames<DestructionReason>().Select(reason => new SelectField.Option(reason, Why(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason))))];
}
