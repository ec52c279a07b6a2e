using Chartroom.Platform.Web;

namespace Chartroom.Scheduling;

/// <summary>A visit as the API tells it. Instants carry the offset of the location's clocks; <c>day</c> and <c>at</c> are what those clocks show.</summary>
internal sealed record VisitAnswer(AppointmentId Id, PatientId PatientId, StaffId ProviderId, VisitTypeId VisitTypeId, LocationId LocationId, RoomId? RoomId, DeviceId? DeviceId,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateOnly Day, TimeOnly At, int Minutes, string TimeZone, VisitStatus Status, DateTimeOffset StatusChangedAt,
    string? CancelReason, string? CancelledBy, bool? IsLateCancel, string? OverbookReason, int Version)
{
    public static VisitAnswer Of(Visit visit) => new(visit.Id, visit.PatientId, visit.ProviderId, visit.VisitTypeId, visit.LocationId, visit.RoomId, visit.DeviceId,
        SlotRules.At(visit.StartsAt, visit.TimeZone), SlotRules.At(visit.EndsAt, visit.TimeZone), visit.Day, TimeOnly.FromDateTime(visit.LocalStart),
        visit.Minutes, visit.TimeZone, visit.Status, visit.StatusChangedAt, visit.CancelReason, visit.CancelledBy, visit.IsLateCancel, visit.OverbookReason, visit.Version);

    /// <summary>200 with the visit and its ETag, or the refusal.</summary>
    public static IResult Ok(Outcome<Visit> outcome, HttpContext context) => outcome.ToHttp(visit => WithTag(visit, context, TypedResults.Ok(Of(visit))));

    /// <summary>201 with the visit, its address and its ETag, or the refusal.</summary>
    public static IResult Created(Outcome<Visit> outcome, HttpContext context) =>
        outcome.ToHttp(visit => WithTag(visit, context, TypedResults.Created($"/api/v1/appointments/{visit.Id}", Of(visit))));

    private static IResult WithTag(Visit visit, HttpContext context, IResult result)
    {
        Versions.SetETag(context, visit.Version);
        return result;
    }
}
