using Chartroom.Platform.Web;

namespace Chartroom.Scheduling;

/// <summary>A series as the API tells it.</summary>
/// <param name="Act">For <c>undo</c>: what was just done; null when nothing was.</param>
internal sealed record SeriesAnswer(Guid Id, int EveryWeeks, int Occurrences, IReadOnlyList<VisitAnswer> Visits, string? Act);

/// <summary>Names an act that is to be taken back.</summary>
internal sealed record UndoSeries(string Act);

/// <summary>Series for programs. A change of one names a visit of it, and that visit's version by If-Match.</summary>
internal static class SeriesApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/series").WithTags("Scheduling");
        api.MapPost("/plan", async (BookSeries ask, BookSeriesHandler handler, Actor actor, CancellationToken ct) => (await handler.PlanAsync(ask, actor, ct)).ToHttp(planned => TypedResults.Ok(planned)))
            .Requires(Permission.BookAppointments).Audits("series.planned").Produces<PlannedOccurrence[]>().WithName("PlanSeries").WithSummary("What each occurrence would meet; nothing is saved");
        api.MapPost("", async (BookSeries ask, BookSeriesHandler handler, Actor actor, CancellationToken ct) => (await handler.HandleAsync(ask, actor, ct)).ToHttp(booked =>
                TypedResults.Created($"/api/v1/series/{booked.Id}", new SeriesAnswer(booked.Id, ask.EveryWeeks, ask.Times, [.. booked.Visits.Select(VisitAnswer.Of)], booked.Act.ToString()))))
            .Requires(Permission.BookAppointments).Audits("series.booked", "appointment.booked").Produces<SeriesAnswer>(201).WithName("BookSeries").WithSummary("Book all chosen occurrences, or none");
        api.MapGet("/{id:guid}", async (Guid id, ReadSeriesHandler handler, Actor actor, CancellationToken ct) => (await handler.HandleAsync(id, false, actor, ct)).ToHttp(series =>
                TypedResults.Ok(new SeriesAnswer(series.Id, series.EveryWeeks, series.Occurrences, [.. series.Visits.Select(VisitAnswer.Of)], null))))
            .Requires(Permission.SeeAppointments).Audits("series.read").Produces<SeriesAnswer>().WithName("ReadSeries");
        api.MapPost("/{id:guid}/moves/plan", (Guid id, MoveSeries ask, ChangeSeriesHandler handler, Actor actor, HttpContext context) =>
                VersionedAsync(context, (version, ct) => handler.PlanAsync(id, version, ask, actor, ct)))
            .Requires(Permission.BookAppointments).Audits("series.planned").Produces<PlannedOccurrence[]>().WithName("PlanSeriesMove").WithSummary("What each visit meant would meet; nothing is saved");
        api.MapPost("/{id:guid}/moves", (Guid id, MoveSeries ask, ChangeSeriesHandler handler, Actor actor, HttpContext context) =>
                VersionedAsync(context, (version, ct) => handler.MoveAsync(id, version, ask, actor, ct)))
            .Requires(Permission.BookAppointments).Audits("series.moved", "appointment.moved").Produces<ChangedSeries>().WithName("MoveSeries");
        api.MapPost("/{id:guid}/cancellations", (Guid id, CancelSeries ask, ChangeSeriesHandler handler, Actor actor, HttpContext context) =>
                VersionedAsync(context, (version, ct) => handler.CancelAsync(id, version, ask, actor, ct)))
            .Requires(Permission.BookAppointments).Audits("series.cancelled", "appointment.cancelled").Produces<ChangedSeries>().WithName("CancelSeries");
        api.MapPost("/{id:guid}/undo", async (Guid id, UndoSeries ask, ChangeSeriesHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.UndoAsync(id, ask.Act, actor, ct)).ToHttp(changed => TypedResults.Ok(changed)))
            .Requires(Permission.BookAppointments).Audits("series.undone", "appointment.undone").Produces<ChangedSeries>().WithName("UndoSeries").WithSummary("Take one act back whole");
    }

    private static async Task<IResult> VersionedAsync<T>(HttpContext context, Func<int, CancellationToken, Task<Outcome<T>>> act)
    {
        var version = Versions.IfMatch(context);
        var done = version.IsOk ? await act(version.Value, context.RequestAborted) : version.Refusal;
        return done.ToHttp(value => TypedResults.Ok(value));
    }
}
