using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Orders;

/// <summary>Orders by API and by page. Placing and ending are a provider's.</summary>
internal static class OrderRoutes
{
    private static readonly (string Act, string Path, OrderState State)[] Ends =
        [("done", "done", OrderState.Done), ("cancel", "cancellation", OrderState.Cancelled), ("reopen", "reopening", OrderState.Open)];

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapApi(routes.MapGroup("/api/v1").WithTags("Orders"));
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/visits/{id}/orders/new", async (AppointmentId id, ReadOrdersHandler handler, Actor actor, CancellationToken ct) =>
            await handler.OfVisitAsync(id, actor, ct) is { IsOk: false } read ? Page.Refused(read.Refusal) : Page.Of<NewOrderPage>(new { Visit = id }))
            .Requires(Permission.SignNotes).Audits(ReadOrdersHandler.Read);
        pages.MapPost("/visits/{id}/orders", async (AppointmentId id, Form<PlaceOrder> form, PlaceOrderHandler handler, Actor actor, CancellationToken ct) =>
        {
            var placed = await form.ThenAsync(ask => handler.HandleAsync(id, ask, actor, ct));
            return placed.IsOk ? Page.SeeOther($"/visits/{id}?order=placed")
                : placed.Refusal.Status == 404 ? Page.Refused(placed.Refusal) : Page.Of<NewOrderPage>(new { Visit = id, State = form.Again(placed.Refusal) }, placed.Refusal.Status);
        }).Requires(Permission.SignNotes).Audits("order.placed", "allergy_warning.overridden");
        foreach (var (act, _, state) in Ends)
        {
            pages.MapPost($"/orders/{{id}}/{act}", async (OrderId id, string? back, Form<Nothing> form, EndOrderHandler handler, Actor actor, CancellationToken ct) =>
            {
                var ended = form.Version is > 0 and <= int.MaxValue and { } version ? await handler.HandleAsync(id, (int)version, state, actor, ct) : Versions.Missing;
                return ended.IsOk ? Page.SeeOther(After(back, ended.Value)) : Page.Refused(ended.Refusal);
            }).Requires(Permission.SignNotes).Audits(EndOrderHandler.EventOf(state));
        }
    }

    private static string After(string? back, PlacedOrder order)
    {
        var done = order.State switch { OrderState.Open => "reopened", OrderState.Done => "done", _ => "cancelled" };
        return $"{OrderWords.Back(back) ?? $"/visits/{order.VisitId}"}?order={done}&on={order.Id}&v={order.Version}";
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapGet("/visits/{id}/orders", async (AppointmentId id, ReadOrdersHandler handler, Actor actor, CancellationToken ct) => (await handler.OfVisitAsync(id, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeCharts).Audits(ReadOrdersHandler.Read).WithName("ListOrdersOfVisit").WithSummary("What was ordered at a visit: open ones first.").Produces<PlacedOrder[]>();
        api.MapGet("/patients/{id}/orders", async (PatientId id, ReadOrdersHandler handler, Actor actor, CancellationToken ct) => (await handler.OfPatientAsync(id, actor, ct)).ToHttp(TypedResults.Ok))
            .Requires(Permission.SeeCharts).Audits(ReadOrdersHandler.Read).WithName("ListOrdersOfPatient").WithSummary("A patient's orders: open ones first, then the latest; 200 at most.").Produces<PlacedOrder[]>();
        api.MapPost("/visits/{id}/orders", async (AppointmentId id, PlaceOrder ask, PlaceOrderHandler handler, Actor actor, HttpContext http) =>
                (await handler.HandleAsync(id, ask, actor, http.RequestAborted)).ToHttp(order => Tagged(http, order.Version, TypedResults.Created($"/api/v1/visits/{id}/orders", order))))
            .Requires(Permission.SignNotes).Audits("order.placed", "allergy_warning.overridden").WithName("PlaceOrder")
            .WithSummary("Places an order by hand; a medicine that an allergy speaks against with a reason only.").Produces<PlacedOrder>(201);
        foreach (var (_, path, state) in Ends)
        {
            api.MapPost($"/orders/{{id}}/{path}", async (OrderId id, EndOrderHandler handler, Actor actor, HttpContext http) =>
            {
                var version = Versions.IfMatch(http);
                var ended = version.IsOk ? await handler.HandleAsync(id, version.Value, state, actor, http.RequestAborted) : version.Refusal;
                return ended.ToHttp(order => Tagged(http, order.Version, TypedResults.Ok(order)));
            }).Requires(Permission.SignNotes).Audits(EndOrderHandler.EventOf(state)).Produces<PlacedOrder>();
        }
    }

    private static IResult Tagged(HttpContext http, int version, IResult result)
    {
        Versions.SetETag(http, version);
        return result;
    }
}
