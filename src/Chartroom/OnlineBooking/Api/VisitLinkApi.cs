using System.Text;
using Chartroom.Platform.Web;

namespace Chartroom.OnlineBooking;

/// <summary>A patient's own visit for programs: the token of the mailed link, and the pass that the birth date gives.</summary>
internal static class VisitLinkApi
{
    private const string Why = "A patient without an account; the link in the e-mail and the birth date are the proof.";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/booking/{slug}/visits").WithTags("Online booking").AddEndpointFilter(HoldToClinicAsync);
        api.MapPost("/prove", ProveAsync).Public(Why).Produces<VisitPass>().WithSummary("Give the birth date; the pass is good for half an hour, five tries");
        api.MapPost("/look-up", LookUpAsync).Public(Why).Produces<OnlineVisit>().WithSummary("When and where, and what may be done about it");
        api.MapPost("/times", TimesAsync).Public(Why).Produces<OnlineMoveTimes>().WithSummary("Free times that the visit can be moved to");
        api.MapPost("/confirm", ConfirmAsync).Public(Why).Produces<OnlineVisit>().WithSummary("Say that they will come");
        api.MapPost("/move", MoveAsync).Public(Why).Produces<OnlineVisit>().WithSummary("Give the visit another time; the old one goes with having the new one");
        api.MapPost("/cancel", CancelAsync).Public(Why).Produces<OnlineVisit>().WithSummary("Call the visit off, until the clinic's window for late cancellation begins");
        api.MapPost("/undo-cancel", UndoCancelAsync).Public(Why).Produces<OnlineVisit>().WithSummary("Take the cancellation back, for some minutes and while the time is free");
        api.MapPost("/calendar", FileAsync).Public(Why).Produces(StatusCodes.Status200OK, contentType: "text/calendar").WithSummary("The visit as a calendar file (RFC 5545), without the patient");
    }

    /// <summary>A link of another clinic than the address names is as unknown as none.</summary>
    private static async ValueTask<object?> HoldToClinicAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        if (call.Arguments.Select(TokenOf).OfType<string>().SingleOrDefault() is not { } token) return await next(call);   // no body, which the framework has refused already
        var (slug, context) = (call.GetArgument<string>(0), call.HttpContext);
        var clinic = await context.RequestServices.GetRequiredService<ClinicDoor>().BySlugAsync(slug, call.Arguments.OfType<Origin>().Single(), context.RequestAborted);
        return clinic is null || VisitLinks.ClinicOf(token) != clinic.Id ? Refusals.BadLink.ToHttp() : await next(call);
    }

    private static string? TokenOf(object? argument) => argument switch
    {
        OfVisit ask => ask.Token,
        BirthDateOfVisit ask => ask.Token,
        TimesOfVisit ask => ask.Token,
        MoveOfVisit ask => ask.Token,
        CancelOfVisit ask => ask.Token,
        _ => null,
    };

    private static async Task<IResult> ProveAsync(string slug, BirthDateOfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.ProveAsync(ask.Token, new(ask.BirthDate), origin, ct)).ToHttp(pass => TypedResults.Ok(new VisitPass(pass)));

    private static async Task<IResult> LookUpAsync(string slug, OfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct)
    {
        var shown = await handler.ShowAsync((ask.Token, ask.Pass), origin, ct);
        if (!shown.IsOk) return shown.Refusal.ToHttp();
        return shown.Value.Shown is null ? Refusals.ProofNeeded.ToHttp() : TypedResults.Ok(OnlineVisit.Of(shown.Value));
    }

    private static async Task<IResult> TimesAsync(string slug, TimesOfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct) =>
        (await handler.ChoicesAsync((ask.Token, ask.Pass), ask.From, origin, ct)).ToHttp(choices => TypedResults.Ok(OnlineMoveTimes.Of(choices)));

    private static async Task<IResult> ConfirmAsync(string slug, OfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct) =>
        await AfterAsync(await handler.ConfirmAsync((ask.Token, ask.Pass), origin, ct), ask, handler, origin, ct);

    private static async Task<IResult> MoveAsync(string slug, MoveOfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct) =>
        await AfterAsync(await handler.MoveAsync((ask.Token, ask.Pass), new(ask.Time), origin, ct), new(ask.Token, ask.Pass), handler, origin, ct);

    private static async Task<IResult> CancelAsync(string slug, CancelOfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct) =>
        await AfterAsync(await handler.CancelAsync((ask.Token, ask.Pass), ask.Reason, origin, ct), new(ask.Token, ask.Pass), handler, origin, ct);

    private static async Task<IResult> UndoCancelAsync(string slug, OfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct) =>
        await AfterAsync(await handler.UndoCancelAsync((ask.Token, ask.Pass), origin, ct), ask, handler, origin, ct);

    private static async Task<IResult> FileAsync(string slug, OfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct)
    {
        var shown = await handler.ShowAsync((ask.Token, ask.Pass), origin, ct);
        if (!shown.IsOk) return shown.Refusal.ToHttp();
        if (shown.Value.Shown is not { } visit) return Refusals.ProofNeeded.ToHttp();
        return Results.File(Encoding.UTF8.GetBytes(VisitFile.Of(shown.Value.Clinic, visit, shown.Value.Now)), "text/calendar; charset=utf-8", "visit.ics");
    }

    private static async Task<IResult> AfterAsync(Outcome<Done> outcome, OfVisit ask, ManageVisitHandler handler, Origin origin, CancellationToken ct) =>
        outcome.IsOk ? await LookUpAsync("", ask, handler, origin, ct) : outcome.Refusal.ToHttp();
}
