using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

/// <summary>Signs a program in with all it needs at once.</summary>
/// <param name="Code">A code of the authenticator app, or a recovery code.</param>
public sealed record OpenSession(string Email, string Password, string Code);

/// <summary>An open session.</summary>
/// <param name="Token">For the header <c>Authorization: Bearer</c>.</param>
/// <param name="ExpiresAt">Absolute end.</param>
public sealed record OpenedSession(Guid Id, string Token, DateTimeOffset ExpiresAt);

/// <summary>The API door: the same handlers as the pages.</summary>
internal static class AccountsApi
{
    internal const string Why = "It is what proves who somebody is.";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Accounts");
        api.MapPost("/sessions", OpenAsync).Public(Why).Produces<OpenedSession>(StatusCodes.Status201Created).WithSummary("Sign a program in: password and code at once");
        api.MapGet("/sessions", async (OwnSessionsHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            TypedResults.Ok((await handler.ListAsync(who, origin, ct)).Sessions)).RequiresOnlySession(mfa: true).Audits("sessions.listed");
        api.MapDelete("/sessions/current", async (OwnSessionsHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.EndAsync(who.SessionId, who, origin, ct)).ToHttp(_ => TypedResults.NoContent())).RequiresOnlySession(mfa: false).Audits("session.ended");
        api.MapDelete("/sessions/{session:guid}", async (Guid session, OwnSessionsHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.EndAsync(session, who, origin, ct)).ToHttp(_ => TypedResults.NoContent())).RequiresOnlySession(mfa: true).Audits("session.ended");
        api.MapDelete("/sessions", async (OwnSessionsHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            await handler.EndAllAsync(who, origin, ct);
            return TypedResults.NoContent();
        }).RequiresOnlySession(mfa: true).Audits("sessions.ended").WithSummary("Sign out everywhere, this session included");
        JoiningApi.Map(api);
        StagesApi.Map(api);
        PasskeysApi.Map(api);
    }

    private static async Task<IResult> OpenAsync(OpenSession ask, ProgramSignIn handler, Origin origin, CancellationToken ct) =>
        (await handler.HandleAsync(ask, origin, ct)).ToHttp(session => TypedResults.Created($"/api/v1/sessions/{session.Id}", session));
}
