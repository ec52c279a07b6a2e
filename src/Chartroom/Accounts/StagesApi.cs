using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

/// <summary>A session that goes from step to step. Each step gives a new token; the one before opens nothing any more.</summary>
/// <param name="Token">For the header <c>Authorization: Bearer</c>.</param>
/// <param name="Stage">What has to be done next; only an open session reaches a clinic.</param>
/// <param name="ExpiresAt">Absolute end.</param>
public sealed record StagedSession(Guid Id, string Token, SessionStage Stage, DateTimeOffset ExpiresAt)
{
    internal static IResult Started(GivenSession given) => TypedResults.Created($"/api/v1/sessions/{given.Id}", Of(given));

    internal static IResult GoneOn(GivenSession given) => TypedResults.Ok(Of(given));

    private static StagedSession Of(GivenSession given) => new(given.Id, given.Token, given.Stage, given.ExpiresAt);
}

/// <summary>Where a session stands.</summary>
public sealed record SessionNow(Guid Id, SessionStage Stage, string Email, string? ClinicName, string? Role);

/// <summary>The steps between a right password and an open session, one by one, as a person goes them; a program that has all of it at once opens a session.</summary>
internal static class StagesApi
{
    internal static void Map(RouteGroupBuilder api)
    {
        MapSignIn(api.MapGroup("/sessions"));
        MapSetUp(api.MapGroup("/account"));
        MapFactors(api.MapGroup("/account"));
    }

    private static void MapSignIn(RouteGroupBuilder api)
    {
        api.MapPost("/start", async (SignIn ask, SignInHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, origin, ct)).ToHttp(StagedSession.Started)).Public(AccountsApi.Why)
            .Produces<StagedSession>(StatusCodes.Status201Created).WithSummary("First step of signing in: the password");
        api.MapGet("/current", (SignedIn who) => TypedResults.Ok(new SessionNow(who.SessionId, who.StageNow(), who.Email, who.ClinicName, who.Role)))
            .RequiresOnlySession(mfa: false).Audits().WithSummary("Where the session stands");
        api.MapPost("/current/code", async (GiveCode ask, GiveCodeHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: false)
            .Audits("session.opened", "session.code-given", "session.code-refused")
            .Produces<StagedSession>().WithSummary("Second step: a code of the authenticator app, or a recovery code");
        api.MapPost("/current/proof", async (ProveAgain ask, ProveAgainHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: true).Audits("session.proved", "session.proof-refused")
            .Produces<StagedSession>().WithSummary("Prove again who it is; what asks for a fresh proof is open for five minutes");
    }

    private static void MapFactors(RouteGroupBuilder api)
    {
        api.MapPost("/authenticator/replacement", async (ReplaceAuthenticatorHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.OfferAsync(who, origin, ct)).ToHttp(TypedResults.Ok)).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("authenticator.offered").Produces<AuthenticatorSecret>()
            .WithSummary("The secret of an authenticator that is to replace the present one, for ten minutes");
        api.MapPut("/authenticator", async (ReplaceAuthenticator ask, ReplaceAuthenticatorHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: true).RequiresStepUp()
            .Audits("authenticator.replaced", "authenticator.refused").Produces<StagedSession>().WithSummary("Replace the authenticator with a code of the new one; all other sessions end");
        api.MapPut("/recovery-codes", async (KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            await handler.ReplaceAsync(who, origin, ct);
            return (await handler.ShowNewAsync(who, origin, ct)).ToHttp(TypedResults.Ok);
        }).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("recovery_codes.replaced").Produces<RecoverySheet>().WithSummary("Ten new recovery codes; those before are good no more");
        api.MapPut("/recovery-codes/kept", async (KeepRecoveryCodes ask, KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.KeepNewAsync(ask, who, origin, ct)).ToHttp(_ => TypedResults.NoContent())).RequiresOnlySession(mfa: true).RequiresStepUp()
            .Audits("recovery_codes.kept").WithSummary("Give one of the new codes back, as a sign that they are kept");
    }

    private static void MapSetUp(RouteGroupBuilder api)
    {
        api.MapPut("/password", async (ChangePassword ask, ChangePasswordHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: false).Audits("password.changed")
            .Produces<StagedSession>().WithSummary("Change the password; all other sessions end");
        api.MapGet("/authenticator", async (SetUpAuthenticatorHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.ShowAsync(who, origin, ct)).ToHttp(TypedResults.Ok)).RequiresOnlySession(mfa: false).Audits("authenticator.set-up")
            .Produces<AuthenticatorSecret>().WithSummary("The secret for the authenticator app, until its first right code");
        api.MapPost("/authenticator", async (SetUpAuthenticator ask, SetUpAuthenticatorHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: false)
            .Audits("authenticator.set-up", "authenticator.refused").Produces<StagedSession>().WithSummary("Confirm the authenticator with its first code");
        api.MapGet("/recovery-codes", async (KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.ShowAsync(who, origin, ct)).ToHttp(TypedResults.Ok)).RequiresOnlySession(mfa: false).Audits("recovery_codes.kept")
            .Produces<RecoverySheet>().WithSummary("The recovery codes, until one of them is given back");
        api.MapPost("/recovery-codes", async (KeepRecoveryCodes ask, KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, who, origin, ct)).ToHttp(StagedSession.GoneOn)).RequiresOnlySession(mfa: false).Audits("recovery_codes.kept")
            .Produces<StagedSession>().WithSummary("Give one recovery code back, as a sign that they are kept");
    }
}
