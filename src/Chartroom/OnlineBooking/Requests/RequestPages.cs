using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.OnlineBooking;

/// <summary>The desk's side of the booking page.</summary>
internal static class RequestPages
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/booking-requests").ExcludeFromDescription();
        pages.MapGet("", async (BookingRequestsHandler handler, Actor actor, CancellationToken ct) => Page.Of<RequestsPage>(new { Requests = await handler.ListAsync(actor, ct) }))
            .Requires(Permission.BookAppointments).Audits("booking_requests.listed");
        pages.MapPost("/{id:guid}/accept", (Guid id, Form<Nothing> form, BookingRequestsHandler handler, Actor actor, CancellationToken ct) => SettleAsync((id, form.Version, true), handler, actor, ct))
            .Requires(Permission.BookAppointments).Audits("appointment.status-changed");
        pages.MapPost("/{id:guid}/decline", (Guid id, Form<Nothing> form, BookingRequestsHandler handler, Actor actor, CancellationToken ct) => SettleAsync((id, form.Version, false), handler, actor, ct))
            .Requires(Permission.BookAppointments).Audits("appointment.cancelled");
        pages.MapPost("/{id:guid}/seen", async (Guid id, BookingRequestsHandler handler, Actor actor, CancellationToken ct) => After(await handler.SeenAsync(id, actor, ct)))
            .Requires(Permission.BookAppointments).Audits("booking_request.seen");
    }

    private static async Task<IResult> SettleAsync((Guid Id, long? Version, bool IsAccepted) ask, BookingRequestsHandler handler, Actor actor, CancellationToken ct) =>
        ask.Version is > 0 and <= int.MaxValue ? After(await handler.SettleAsync(ask.Id, (int)ask.Version, ask.IsAccepted, actor, ct)) : Page.Refused(Versions.Missing);

    private static IResult After(Outcome<Done> outcome) => outcome.IsOk ? Page.SeeOther("/booking-requests") : Page.Refused(outcome.Refusal);
}
