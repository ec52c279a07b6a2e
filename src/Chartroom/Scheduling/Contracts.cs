using System.Text.Json;
using System.Text.Json.Serialization;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

// What other capabilities may name of a visit.

/// <summary>How far a visit has come. The moves between them stand in one table, <see cref="VisitStates"/>.</summary>
[JsonConverter(typeof(SnakeCaseNames<VisitStatus>))]
public enum VisitStatus { Requested, Held, Booked, Confirmed, Arrived, Roomed, InProgress, ReadyForCheckout, Completed, Cancelled, NoShow, LeftWithoutBeingSeen }

/// <summary>A visit as other capabilities see it: when, with whom, how far. Holds no name of the patient.</summary>
public sealed record VisitFacts
{
    public required AppointmentId Id { get; init; }
    public required PatientId PatientId { get; init; }
    public required StaffId ProviderId { get; init; }
    public required string ProviderName { get; init; }
    public required string VisitType { get; init; }
    public required string LocationName { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    /// <summary>Wall-clock start at the location.</summary>
    public required DateTime LocalStart { get; init; }
    /// <summary>IANA zone of that wall clock.</summary>
    public required string TimeZone { get; init; }
    public required VisitStatus Status { get; init; }
    public required int Version { get; init; }
}

/// <summary>Questions about visits, inside the asker's own clinic transaction: it has audited why it asks.</summary>
public static class Visits
{
    /// <summary>One visit, or null when there is none of that key.</summary>
    public static async Task<VisitFacts?> FindAsync(ClinicTx tx, AppointmentId id, CancellationToken ct) =>
        (await tx.QueryOneOrNoneAsync<VisitFactsRow>(VisitFactsRow.SelectOne, new { id }, ct))?.ToFacts();

    /// <summary>A patient's visits, latest first, cancelled and missed ones too; at most <paramref name="most"/>.</summary>
    public static async Task<IReadOnlyList<VisitFacts>> OfPatientAsync(ClinicTx tx, PatientId patient, int most, CancellationToken ct) =>
        [.. (await tx.QueryAsync<VisitFactsRow>(VisitFactsRow.SelectOfPatient, new { patient, most }, ct)).Select(row => row.ToFacts())];

    /// <summary>A provider's visits since then that took place, the oldest first; at most <paramref name="most"/>.</summary>
    public static async Task<IReadOnlyList<VisitFacts>> AttendedAsync(ClinicTx tx, StaffId provider, DateTimeOffset since, int most, CancellationToken ct) =>
        [.. (await tx.QueryAsync<VisitFactsRow>(VisitFactsRow.SelectAttended, new { provider, since, now = tx.Now, most }, ct)).Select(row => row.ToFacts())];
}

/// <summary>States as people read them.</summary>
public static class VisitWords
{
    /// <summary>What people call the state of that name in the database.</summary>
    public static string Of(string status) => VisitStates.Named(status).Words();
}

/// <summary>A part of a visit's page that another capability fills, such as its note. Registered as a service; shown in the order of registration.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Needs">Who lacks it does not see the part, and nothing of it is read.</param>
/// <param name="Component">A Razor component with the parameter <c>Visit</c> (an <see cref="AppointmentId"/>); loads what it shows, with its own event.</param>
public sealed record VisitPageSection(string Title, Permission Needs, Type Component)
{
    /// <summary>A component of the same parameter that stands in the panel beside day and board too; null: it has no place there.</summary>
    public Type? InPanel { get; init; }
}

/// <summary>Enum members in JSON as <c>in_progress</c>; numbers are refused.</summary>
public sealed class SnakeCaseNames<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) where TEnum : struct, Enum;
