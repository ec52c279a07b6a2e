using Chartroom.Platform.Web;

namespace Chartroom.Codes;

/// <summary>Code sets: ICD-10-CM, searched while one types.</summary>
internal static class CodesSetup
{
    public static IServiceCollection AddCodes(this IServiceCollection services) =>
        services.AddSingleton<FindCodesHandler>().AddSingleton<LoadCodesHandler>().AddSingleton<FavouritesHandler>();

    public static void MapCodes(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/codes/icd-10-cm").WithTags("Codes");
        // A search says what somebody may have, so it is no part of an address. It reads nothing of a clinic, so there is nothing to take down.
        api.MapPost("/search", async (FindCodes ask, FindCodesHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.HandleAsync(ask, actor.Origin, ct)).ToHttp(TypedResults.Ok))
            .WithSummary("Codes of ICD-10-CM by words, beginnings of words or code; billable ones first.").Produces<FoundCodes>().Requires(Permission.EditCharts).Audits();
        api.MapGet("/favourites", async (FavouritesHandler handler, Actor actor, CancellationToken ct) => TypedResults.Ok(await handler.ListAsync(actor, ct)))
            .WithSummary("The codes one keeps at hand, by title.").Requires(Permission.EditCharts).Audits("code_favourite.listed");
        api.MapPut("/favourites/{code}", async (string code, FavouritesHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.AddAsync(code, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .WithSummary("Keeps a code at hand.").Produces(StatusCodes.Status204NoContent).Requires(Permission.EditCharts).Audits("code_favourite.added");
        api.MapDelete("/favourites/{code}", async (string code, FavouritesHandler handler, Actor actor, CancellationToken ct) =>
                (await handler.RemoveAsync(code, actor, ct)).ToHttp(_ => TypedResults.NoContent()))
            .WithSummary("Keeps it no longer.").Produces(StatusCodes.Status204NoContent).Requires(Permission.EditCharts).Audits("code_favourite.removed");
    }
}
