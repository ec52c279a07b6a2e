using Chartroom.Platform.Web;

namespace Chartroom.OnlineBooking;

/// <summary>What the booking page has brought, for programs of the desk.</summary>
internal static class RequestsApi
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/booking-requests").WithTags("Online booking");
        api.MapGet("", async (BookingRequestsHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok((await handler.ListAsync(actor, ct)).All))
            .Requires(Permission.BookAppointments).Audits("booking_requests.listed").WithSummary("Requests to answer, and new patients who may be old ones");
        api.MapPost("/{id:guid}/accept", (Guid id, BookingRequestsHandler handler, Actor actor, HttpContext context) => SettleAsync((id, true), handler, actor, context))
            .Requires(Permission.BookAppointments).Audits("appointment.status-changed").Produces(StatusCodes.Status204NoContent).WithSummary("Accept a request; If-Match names the version of its visit");
        api.MapPost("/{id:guid}/decline", (Guid id, BookingRequestsHandler handler, Actor actor, HttpContext context) => SettleAsync((id, false), handler, actor, context))
            .Requires(Permission.BookAppointments).Audits("appointment.cancelled").Produces(StatusCodes.Status204NoContent).WithSummary("Decline a request; If-Match names the version of its visit");
        api.MapPost("/{id:guid}/seen", async (Guid id, BookingRequestsHandler handler, Actor actor, CancellationToken ct) =>
            (await handler.SeenAsync(id, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .Requires(Permission.BookAppointments).Audits("booking_request.seen").Produces(StatusCodes.Status204NoContent).WithSummary("Somebody has looked whether a new patient is an old one");
    }

    private static async Task<IResult> SettleAsync((Guid Id, bool IsAccepted) ask, BookingRequestsHandler handler, Actor actor, HttpContext context)
    {
        var version = Versions.IfMatch(context);
        if (!version.IsOk) return version.Refusal.ToHttp();
        return (await handler.SettleAsync(ask.Id, version.Value, ask.IsAccepted, actor, context.RequestAborted)).ToHttp(_ => TypedResults.NoContent());
    }
}
