using Chartroom.Platform.Web;

namespace Chartroom.OnlineBooking;

/// <summary>The public page for programs, such as a clinic's own site: the same handlers, limits and answers. Secrets stand in bodies, never in an address: addresses get written down.</summary>
internal static class BookingApi
{
    private const string Why = "Patients book without an account; the code in the e-mail is the proof.";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/booking/{slug}").WithTags("Online booking");
        api.MapGet("/times", TimesAsync).Public(Why).Produces<OnlineTimes>().WithSummary("What can be booked, and the free times of a week");
        var holds = api.MapGroup("/holds");
        holds.MapPost("", HoldAsync).Public(Why).Produces<HeldTime>(StatusCodes.Status201Created).WithSummary("Keep a time while the form is filled in; the token is the secret of all that follows");
        holds.MapPost("/look-up", LookUpAsync).Public(Why).Produces<OnlineHold>().WithSummary("How far a booking has come");
        holds.MapPost("/details", DetailsAsync).Public(Why).Produces(StatusCodes.Status202Accepted).WithSummary("Say who comes; a code of six digits is mailed. A hold younger than two seconds is refused");
        holds.MapPost("/code", AgainAsync).Public(Why).Produces(StatusCodes.Status202Accepted).WithSummary("Mail another code");
        holds.MapPost("/book", BookAsync).Public(Why).Produces<OnlineHold>().WithSummary("Give the code; the visit is booked or requested, and its link is mailed");
        holds.MapPost("/release", ReleaseAsync).Public(Why).Produces(StatusCodes.Status204NoContent).WithSummary("Give the time back; what was typed may go on with another (after)");
    }

    private static async Task<IResult> TimesAsync(string slug, [AsParameters] TimesAddress address, FindTimeHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.HandleAsync(slug, address.Ask, origin, ct)).ToHttp(view => TypedResults.Ok(OnlineTimes.Of(view)));

    private static async Task<IResult> HoldAsync(string slug, HoldTime ask, HoldTimeHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.HandleAsync(slug, ask, (origin, null), ct)).ToHttp(held => TypedResults.Created((string?)null, held));

    private static async Task<IResult> LookUpAsync(string slug, OfHold ask, ReadBookingHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.HandleAsync(slug, ask.Token, origin, ct)).ToHttp(view => TypedResults.Ok(OnlineHold.Of(view)));

    private static async Task<IResult> DetailsAsync(string slug, DetailsOfHold ask, GiveDetailsHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.HandleAsync((slug, ask.Token), ask.Details, origin, ct)).ToHttp(_ => TypedResults.Accepted((string?)null));

    private static async Task<IResult> AgainAsync(string slug, OfHold ask, GiveDetailsHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.AgainAsync((slug, ask.Token), origin, ct)).ToHttp(_ => TypedResults.Accepted((string?)null));

    private static async Task<IResult> BookAsync(string slug, CodeOfHold ask, GiveCodeHandler handler, ReadBookingHandler reader, Origin origin, CancellationToken ct)
    {
        var booked = await handler.HandleAsync((slug, ask.Token), new(ask.Code), origin, ct);
        return booked.IsOk ? await LookUpAsync(slug, new(ask.Token), reader, origin, ct) : booked.Refusal.ToHttp();
    }

    private static async Task<IResult> ReleaseAsync(string slug, OfHold ask, ReadBookingHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.ReleaseAsync(slug, ask.Token, origin, ct)).ToHttp(_ => TypedResults.NoContent());
}
