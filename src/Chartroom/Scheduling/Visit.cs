using System.Text.Json.Serialization;

namespace Chartroom.Scheduling;

/// <summary>Why a visit was cancelled. Says nothing of health.</summary>
[JsonConverter(typeof(SnakeCaseNames<CancelReason>))]
public enum CancelReason { PatientRequest, ProviderUnavailable, ClinicClosed, Rescheduled, BookedInError, Other }

/// <summary>Which side cancelled.</summary>
[JsonConverter(typeof(SnakeCaseNames<CancelSide>))]
public enum CancelSide { Patient, Clinic }

/// <summary>What a move can change: the state that is kept with every version and that an undo restores.</summary>
public record VisitState
{
    public StaffId ProviderId { get; init; }
    public LocationId LocationId { get; init; }
    public RoomId? RoomId { get; init; }
    public DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset EndsAt { get; init; }
    /// <summary>Wall-clock start at the location.</summary>
    public DateTime LocalStart { get; init; }
    public string TimeZone { get; init; } = "";
    public string StatusName { get; init; } = "";
    public DateTimeOffset StatusChangedAt { get; init; }
    /// <summary>By its name in the database, while cancelled.</summary>
    public string? CancelReason { get; init; }
    public string? CancelledBy { get; init; }
    public bool? IsLateCancel { get; init; }

    public VisitStatus Status => VisitStates.Named(StatusName);
    public int Minutes => (int)(EndsAt - StartsAt).TotalMinutes;
    public DateOnly Day => DateOnly.FromDateTime(LocalStart);
}

/// <summary>A visit as its row stands.</summary>
public sealed record Visit : VisitState
{
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    public VisitTypeId VisitTypeId { get; init; }
    public int Version { get; init; }

    /// <summary>The same visit in the state that an earlier version had.</summary>
    public Visit In(VisitState state) => this with
    {
        ProviderId = state.ProviderId, LocationId = state.LocationId, RoomId = state.RoomId, StartsAt = state.StartsAt, EndsAt = state.EndsAt,
        LocalStart = state.LocalStart, TimeZone = state.TimeZone, StatusName = state.StatusName, StatusChangedAt = state.StatusChangedAt,
        CancelReason = state.CancelReason, CancelledBy = state.CancelledBy, IsLateCancel = state.IsLateCancel,
    };

    /// <summary>The same visit in another state of its course.</summary>
    public Visit Now(VisitStatus status, DateTimeOffset since) => this with { StatusName = VisitStates.NameOf(status), StatusChangedAt = since };
}
