using System.Globalization;
using Chartroom.Shell;

namespace Chartroom.Scribe;

/// <summary>The review in words, as the page writes it.</summary>
internal static class ReviewWords
{
    public static readonly IReadOnlyList<(string Value, string Text)> RejectReasons =
    [
        ("not said", "Not said"), ("said otherwise", "Said otherwise"), ("not relevant", "Not relevant"), ("already in the chart", "Already in the chart"), ("other", "Another reason"),
    ];

    public static (Tone Tone, string Icon, string Words) Of(Verdict verdict) => verdict switch
    {
        Verdict.Supported => (Tone.Good, "circle-check", "Supported"),
        Verdict.Inferred => (Tone.Warn, "info-circle", "Inferred"),
        Verdict.Unsupported => (Tone.Bad, "alert-triangle", "Unsupported"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Of(Standing standing) => standing switch
    {
        Standing.Waiting => "Waiting for you",
        Standing.Accepted => "Accepted",
        Standing.Edited => "Edited",
        Standing.Rejected => "Rejected",
        Standing.Added => "Added",
        Standing.Dismissed => "Left out",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Of(FindingKind kind) => kind switch
    {
        FindingKind.MissingCitation => "Source",
        FindingKind.Experiencer => "Whose",
        _ => kind.ToString(),
    };

    /// <summary><c>t12.s3</c> as people read it: <c>12.3</c>.</summary>
    public static string Place(string citation) => citation.Replace("t", "", StringComparison.Ordinal).Replace("s", "", StringComparison.Ordinal);

    public static string Name(Speaker speaker, string label) => speaker switch
    {
        Speaker.Clinician => "Clinician",
        Speaker.Patient => "Patient",
        _ => label.Length > 0 ? label : "Speaker not named",
    };

    public static string Confidence(StatementVerdict verdict) => string.Create(CultureInfo.InvariantCulture, $"{verdict.Confidence:0.00}, {verdict.Word}");

    /// <summary>"HISTORY OF PRESENT ILLNESS" as a heading people read.</summary>
    public static string Heading(string section) => section.Length > 1 && !section.Any(char.IsLower) && !section.Contains(',', StringComparison.Ordinal) ? section[0] + section[1..].ToLowerInvariant() : section;

    /// <summary>The part of a SOAP note that a section belongs to.</summary>
    public static string Soap(string section) => section switch
    {
        "VITALS" or "PHYSICAL EXAM" or "RESULTS" => "Objective",
        "ASSESSMENT AND PLAN" => "Assessment and plan",
        "ASSESSMENT" => "Assessment",
        "PLAN" or "INSTRUCTIONS" => "Plan",
        _ => "Subjective",
    };

    /// <summary>Where something left out most likely goes.</summary>
    public static string SectionFor(Omission omission, IReadOnlyList<string> sections)
    {
        string[] wanted = omission.Kind switch
        {
            "allergy" => ["ALLERGIES", "MEDICAL HISTORY"],
            "drug" or "dose" => ["MEDICATIONS", "ASSESSMENT AND PLAN"],
            "plan" => ["ASSESSMENT AND PLAN", "INSTRUCTIONS"],
            "number" => ["VITALS", "RESULTS"],
            _ => ["HISTORY OF PRESENT ILLNESS", "REVIEW OF SYSTEMS"],
        };
        return wanted.FirstOrDefault(sections.Contains) ?? wanted[0];
    }

    /// <summary>What was done, as a list of decisions says it.</summary>
    public static string Did(DecisionKind kind) => kind switch
    {
        DecisionKind.Opened => "Looked at",
        DecisionKind.Dismissed => "Left out",
        DecisionKind.Caught => "Planted error found",
        DecisionKind.Missed => "Planted error not found",
        _ => kind.ToString(),
    };

    /// <summary>A day as it is kept (<c>2026-03-02</c>), as people read it.</summary>
    public static string Day(string kept) => DateOnly.TryParseExact(kept, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.ToString("MMM d, yyyy", CultureInfo.InvariantCulture) : kept;

    public static string DayAndTime(DateTimeOffset at, string zone) => ClinicTime.Local(at, zone).ToString("MMM d, yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string At(DateTimeOffset? at, string zone) =>
        at is { } instant ? ClinicTime.Local(instant, zone).ToString("HH:mm", CultureInfo.InvariantCulture) : "";
}
