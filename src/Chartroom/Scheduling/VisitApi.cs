using Chartroom.Platform.Web;

namespace Chartroom.Scheduling;

/// <summary>The calendar for programs. Every change names the version it was made from by If-Match.</summary>
internal static class VisitApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Scheduling");
        api.MapGet("/days/{date}", DayAsync).Requires(Permission.SeeAppointments).Audits("day.read").WithName("ReadDay").Produces<DayAnswer>();
        api.MapPost("/slots/search", SearchAsync).Requires(Permission.SeeAppointments).Audits("slots.searched").WithName("SearchSlots").Produces<SlotsAnswer>();
        api.MapPost("/slots/why-not", WhyNotAsync).Requires(Permission.SeeAppointments).Audits("slots.searched").WithName("WhyNotOffered").Produces<WhyNotAnswer>();
        var visits = api.MapGroup("/appointments");
        visits.MapGet("/{id}", ReadAsync).Requires(Permission.SeeAppointments).Audits("appointment.read").WithName("ReadAppointment").Produces<VisitAnswer>();
        visits.MapPost("/", BookAsync).Requires(Permission.BookAppointments).Audits("appointment.booked", "appointment.overbooked").WithName("BookAppointment").Produces<VisitAnswer>(201);
        visits.MapPost("/{id}/moves", MoveAsync).Requires(Permission.BookAppointments).Audits("appointment.moved", "appointment.overbooked").WithName("MoveAppointment").Produces<VisitAnswer>();
        visits.MapPost("/{id}/cancellations", CancelAsync).Requires(Permission.BookAppointments).Audits("appointment.cancelled").WithName("CancelAppointment")
            .Produces<VisitAnswer>();
        visits.MapPost("/{id}/status", StatusAsync).Requires(Permission.BookAppointments).Audits("appointment.status-changed").WithName("ChangeStatus")
            .Produces<VisitAnswer>();
        visits.MapPut("/{id}/reason", ReasonAsync).Requires(Permission.BookAppointments).Audits("appointment.reason-changed").WithName("ChangeReason").Produces<VisitAnswer>();
        visits.MapPost("/{id}/undo", UndoAsync).Requires(Permission.BookAppointments).Audits("appointment.undone").WithName("UndoMove").Produces<VisitAnswer>();
    }

    private static async Task<IResult> DayAsync(DateOnly date, LocationId? location, DayViewHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.HandleAsync(new(date, location), actor, ct)).ToHttp(day => TypedResults.Ok(DayAnswer.Of(day)));

    private static async Task<IResult> SearchAsync(SlotSearch ask, SlotsHandler handler, Actor actor, CancellationToken ct) =>
        (await handler.FindAsync(ask, actor, ct)).ToHttp(TypedResults.Ok);

    private static async Task<IResult> WhyNotAsync(SlotQuestion ask, SlotsHandler handler, Actor actor, CancellationToken ct) =>
        TypedResults.Ok(await handler.WhyNotAsync(ask, actor, ct));

    private static async Task<IResult> ReadAsync(AppointmentId id, ReadVisitHandler handler, Actor actor, HttpContext context, CancellationToken ct) =>
        VisitAnswer.Ok(await handler.HandleAsync(id, actor, ct), context);

    private static async Task<IResult> BookAsync(BookAppointment ask, BookAppointmentHandler handler, Actor actor, HttpContext context, CancellationToken ct) =>
        VisitAnswer.Created(await handler.HandleAsync(ask, actor, ct), context);

    private static Task<IResult> MoveAsync(AppointmentId id, MoveAppointment ask, MoveAppointmentHandler handler, Actor actor, HttpContext context) =>
        ChangeAsync(context, (version, ct) => handler.HandleAsync(id, version, ask, actor, ct));

    private static Task<IResult> CancelAsync(AppointmentId id, CancelAppointment ask, CancelAppointmentHandler handler, Actor actor, HttpContext context) =>
        ChangeAsync(context, (version, ct) => handler.HandleAsync(id, version, ask, actor, ct));

    private static Task<IResult> StatusAsync(AppointmentId id, ChangeStatus ask, ChangeStatusHandler handler, Actor actor, HttpContext context) =>
        ChangeAsync(context, (version, ct) => handler.HandleAsync(id, version, ask, actor, ct));

    private static Task<IResult> ReasonAsync(AppointmentId id, ChangeReason ask, ChangeReasonHandler handler, Actor actor, HttpContext context) =>
        ChangeAsync(context, (version, ct) => handler.HandleAsync(id, version, ask, actor, ct));

    private static Task<IResult> UndoAsync(AppointmentId id, UndoMoveHandler handler, Actor actor, HttpContext context) =>
        ChangeAsync(context, (version, ct) => handler.HandleAsync(id, version, actor, ct));

    private static async Task<IResult> ChangeAsync(HttpContext context, Func<int, CancellationToken, Task<Outcome<Visit>>> act)
    {
        var version = Versions.IfMatch(context);
        return VisitAnswer.Ok(version.IsOk ? await act(version.Value, context.RequestAborted) : version.Refusal, context);
    }
}
