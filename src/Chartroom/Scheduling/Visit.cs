using System.Text.Json.Serialization;

namespace Chartroom.Scheduling;

/// <summary>Which side cancelled.</summary>
[JsonConverter(typeof(SnakeCaseNames<CancelSide>))]
public enum CancelSide { Patient, Clinic }

/// <summary>What a move can change: the state that is kept with every version and that an undo restores.</summary>
public record VisitState
{
    public VisitTypeId VisitTypeId { get; init; }
    public StaffId ProviderId { get; init; }
    public LocationId LocationId { get; init; }
    public RoomId? RoomId { get; init; }
    public DeviceId? DeviceId { get; init; }
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
    /// <summary>Knowingly booked onto a taken time; why, by its name in the database.</summary>
    public bool IsOverbooked { get; init; }
    public string? OverbookReason { get; init; }
    /// <summary>Minutes kept free before and after it.</summary>
    public int BufferBefore { get; init; }
    public int BufferAfter { get; init; }

    public VisitStatus Status => VisitStates.Named(StatusName);
    public int Minutes => (int)(EndsAt - StartsAt).TotalMinutes;
    public DateOnly Day => DateOnly.FromDateTime(LocalStart);
}

/// <summary>A visit as its row stands. A hold is none: it has no patient, and is nobody's business but <see cref="Holds"/>'.</summary>
public sealed record Visit : VisitState
{
    public AppointmentId Id { get; init; }
    public PatientId PatientId { get; init; }
    /// <summary>What type it was until now, when that is changed.</summary>
    public VisitTypeId? TypeBefore { get; init; }
    public int Version { get; init; }

    /// <summary>The same visit in the state that an earlier version had.</summary>
    public Visit In(VisitState state) => OfType(state.VisitTypeId) with
    {
        ProviderId = state.ProviderId, LocationId = state.LocationId, RoomId = state.RoomId, StartsAt = state.StartsAt, EndsAt = state.EndsAt,
        LocalStart = state.LocalStart, TimeZone = state.TimeZone, StatusName = state.StatusName, StatusChangedAt = state.StatusChangedAt,
        CancelReason = state.CancelReason, CancelledBy = state.CancelledBy, IsLateCancel = state.IsLateCancel, DeviceId = state.DeviceId,
        IsOverbooked = state.IsOverbooked, OverbookReason = state.OverbookReason, BufferBefore = state.BufferBefore, BufferAfter = state.BufferAfter,
    };

    /// <summary>The same visit at that time, with what comes with it.</summary>
    internal Visit At(StaffId provider, LocationId location, Interval when) => this with
    {
        ProviderId = provider, LocationId = location, StartsAt = when.StartsAt, EndsAt = when.EndsAt, LocalStart = when.LocalStart, TimeZone = when.TimeZone,
        RoomId = when.RoomId, DeviceId = when.DeviceId, BufferBefore = when.BufferBefore, BufferAfter = when.BufferAfter,
        IsOverbooked = when.Overbook is not null, OverbookReason = when.Overbook is { } why ? Names.Of(why) : null,
    };

    /// <summary>The same visit as one of that type.</summary>
    public Visit OfType(VisitTypeId type) => type == VisitTypeId ? this : this with { VisitTypeId = type, TypeBefore = VisitTypeId };

    /// <summary>The same visit in another state of its course.</summary>
    public Visit Now(VisitStatus status, DateTimeOffset since) => this with { StatusName = VisitStates.NameOf(status), StatusChangedAt = since };
}
