using System.Text.Json;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

/// <summary>The API door of passkeys. The pages' script asks here for what the browser has to be told.</summary>
internal static class PasskeysApi
{
    internal static void Map(RouteGroupBuilder api)
    {
        var own = api.MapGroup("/account/passkeys");
        own.MapGet("", async (OwnPasskeysHandler handler, SignedIn who, Origin origin, CancellationToken ct) => TypedResults.Ok(await handler.ListAsync(who, origin, ct)))
            .RequiresOnlySession(mfa: true).Audits("passkeys.listed").WithSummary("Your passkeys");
        own.MapPost("/options", async (OwnPasskeysHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct) =>
            TypedResults.Ok(await handler.OfferAsync(who, context, origin, ct))).RequiresOnlySession(mfa: true).RequiresStepUp().Audits()
            .Produces<JsonElement>().WithSummary("What a browser has to be told to make a passkey (WebAuthn creation options)");
        own.MapPost("", async (AddPasskey ask, OwnPasskeysHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.AddAsync(ask, who, context, origin, ct)).ToHttp(id => TypedResults.Created($"/api/v1/account/passkeys/{id}", new { id })))
            .RequiresOnlySession(mfa: true).RequiresStepUp().Audits("passkey.added", "passkey.refused").Produces(StatusCodes.Status201Created).WithSummary("Add the passkey that the browser made");
        own.MapDelete("/{id:guid}", async (Guid id, OwnPasskeysHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.RemoveAsync(id, who, origin, ct)).ToHttp(_ => TypedResults.NoContent())).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("passkey.removed");

        var session = api.MapGroup("/sessions/current/passkey");
        session.MapPost("/options", async (GivePasskeyHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.AskAsync(who, context, origin, ct)).ToHttp(TypedResults.Ok)).RequiresOnlySession(mfa: false).Audits()
            .Produces<JsonElement>().WithSummary("What a browser has to be told to use a passkey (WebAuthn request options)");
        session.MapPost("", async (GivePasskey ask, GivePasskeyHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, context, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: false)
            .Audits("session.opened", "session.passkey-given", "session.passkey-refused", "session.proved", "session.proof-refused")
            .Produces<StagedSession>().WithSummary("A passkey instead of a code: the second step of signing in, or a fresh proof");
    }
}
