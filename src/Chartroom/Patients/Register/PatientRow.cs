using Chartroom.Platform.Identity;
using Chartroom.Platform.Vault;

namespace Chartroom.Patients;

/// <summary>A row of <c>patient</c> as it is read, still sealed, with the clinic's zone beside it.</summary>
internal sealed record PatientRow
{
    public required PatientId Id { get; init; }
    public required long Mrn { get; init; }
    public required PatientState State { get; init; }
    public PatientId? MergedInto { get; init; }
    public required byte[] Demographics { get; init; }
    public required int Version { get; init; }
    public required DateTimeOffset SeenAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required string TimeZone { get; init; }
    /// <summary>Read where those who were put away are asked for too; null while the patient is here.</summary>
    public StaffId? PutAwayBy { get; init; }
    public string? PutAwayName { get; init; }
    public string? PutAwayReason { get; init; }
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Where a patient's document is sealed: row and version, so that an older one cannot be put back in the place of a newer.</summary>
    public static Cell CellOf(PatientId id, int version) => new("patient", $"demographics.{version}", id.Value);

    /// <summary>Opens the row.</summary>
    /// <param name="key">The patient's.</param>
    /// <param name="now">The instant whose day at the clinic is today.</param>
    public PatientRecord Open(PatientKey key, DateTimeOffset now)
    {
        var patient = key.Open<Demographics>(Demographics, CellOf(Id, Version));
        var today = DateOnly.FromDateTime(ClinicTime.Local(now, TimeZone));
        return new(LineOf(ListedDemographics.Of(patient), today), patient, Version, UpdatedAt, today) { TimeZone = TimeZone };
    }

    /// <summary>Opens of the row what a list shows; the rest of the document is passed over.</summary>
    /// <inheritdoc cref="Open"/>
    public PatientLine OpenLine(PatientKey key, DateTimeOffset now) =>
        LineOf(ListedDemographics.Read(key.OpenBytes(Demographics, CellOf(Id, Version))), DateOnly.FromDateTime(ClinicTime.Local(now, TimeZone)));

    private PatientLine LineOf(ListedDemographics patient, DateOnly today) => new()
    {
        Id = Id,
        Mrn = Mrn,
        State = State,
        MergedInto = MergedInto,
        Name = PersonName.Lead(patient.Names)?.Full is { Length: > 0 } name ? name : "Name unknown",
        BirthDate = patient.BirthDate,
        Age = patient.IsDeceased ? null : Ages.At(patient.BirthDate?.Day, today),
        Sex = patient.Sex,
        Phone = PhoneOf(patient),
        SeenAt = SeenAt,
        LastVisit = SeenAt == CreatedAt ? null : DateOnly.FromDateTime(ClinicTime.Local(SeenAt, TimeZone)),
        Interpreter = patient.Interpreter,
        DeskAlert = patient.DeskAlert,
        Away = Away,
    };

    // patient_put_away_whole: all of it or nothing
    private PatientAway? Away => this is { PutAwayBy: { } by, PutAwayName: { } name, PutAwayReason: { } reason, DeletedAt: { } at }
        ? new(at, by, name, Enum.GetValues<AwayReason>().Single(it => PatientRegister.NameOf(it) == reason)) : null;

    private static string? PhoneOf(ListedDemographics patient) => patient.Telecoms
        .Where(point => point is { System: ContactSystem.Phone or ContactSystem.Sms, Use: not ContactUse.Old })
        .OrderBy(point => point.Rank ?? int.MaxValue).ThenBy(point => point.Use == ContactUse.Mobile ? 0 : 1)
        .Select(point => PhoneNumber.Read(point.Value)?.Shown ?? point.Value).FirstOrDefault();
}

/// <summary>Ages in whole years.</summary>
internal static class Ages
{
    /// <summary>Null when the birth is unknown or lies ahead. Somebody born on 29 February is a year older on 1 March of common years.</summary>
    public static int? At(DateOnly? birth, DateOnly today)
    {
        if (birth is not { } day || day > today) return null;
        var years = today.Year - day.Year;
        return (today.Month, today.Day).CompareTo((day.Month, day.Day)) < 0 ? years - 1 : years;
    }
}
