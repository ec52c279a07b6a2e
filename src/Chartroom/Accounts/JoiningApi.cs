using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Accounts;

/// <summary>The token of a link that was mailed. It stands in the body, never in an address: addresses get written down.</summary>
public sealed record MailedLink(string Token);

/// <summary>What a sign-up link belongs to.</summary>
public sealed record SignUpLink(string Practice, string Name, string Email);

/// <summary>What an invitation's link belongs to.</summary>
/// <param name="HasAccount">True: sign in with the account and join; false: choose a password and accept.</param>
public sealed record InviteLink(string ClinicName, string Name, string Email, string Role, string PasswordPolicy, bool HasAccount);

/// <summary>Signing up, being invited and forgetting the password, for programs.</summary>
internal static class JoiningApi
{
    internal static void Map(RouteGroupBuilder api)
    {
        MapSignUp(api.MapGroup("/sign-ups"));
        MapInvites(api.MapGroup("/invites"));
        MapResets(api.MapGroup("/password-resets"));
    }

    private static void MapSignUp(RouteGroupBuilder api)
    {
        api.MapPost("", async (SignUp ask, SignUpHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, origin, ct)).ToHttp(_ => TypedResults.Accepted((string?)null))).Public(AccountsApi.Why)
            .Produces(StatusCodes.Status202Accepted).WithSummary("Ask for an account; a link is mailed");
        api.MapPost("/look-up", async (MailedLink ask, VerifySignUpHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.ShowAsync(ask.Token, origin, ct)).ToHttp(it => TypedResults.Ok(new SignUpLink(it.Practice, it.Name, it.Email)))).Public(AccountsApi.Why)
            .Produces<SignUpLink>().WithSummary("What a sign-up link belongs to; looking does not use it up");
        api.MapPost("/verify", async (VerifySignUp ask, VerifySignUpHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, origin, ct)).ToHttp(StagedSession.Started)).Public(AccountsApi.Why)
            .Produces<StagedSession>(StatusCodes.Status201Created).WithSummary("Confirm the address and choose the password; the clinic is made");
    }

    private static void MapInvites(RouteGroupBuilder api)
    {
        api.MapPost("/look-up", async (MailedLink ask, AcceptInviteHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.ShowAsync(ask.Token, origin, ct)).ToHttp(it =>
                TypedResults.Ok(new InviteLink(it.ClinicName, it.Name, it.Email, it.Role, it.PasswordPolicy, it.HasAccount)))).Public(AccountsApi.Why)
            .Produces<InviteLink>().WithSummary("What an invitation belongs to; looking does not use it up");
        api.MapPost("/accept", async (AcceptInvite ask, AcceptInviteHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, origin, ct)).ToHttp(StagedSession.Started)).Public(AccountsApi.Why)
            .Produces<StagedSession>(StatusCodes.Status201Created).WithSummary("Take up an invitation without an account: choose the password");
        api.MapPost("/join", async (MailedLink ask, AcceptInviteHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            (await handler.JoinAsync(ask.Token, who, origin, ct)).ToHttp(_ => TypedResults.NoContent())).RequiresOnlySession(mfa: true).Audits("invite.accepted")
            .Produces(StatusCodes.Status204NoContent).WithSummary("Take up an invitation with the account that is signed in; the session moves to that clinic");
    }

    private static void MapResets(RouteGroupBuilder api)
    {
        api.MapPost("", async (AskPasswordReset ask, ResetPasswordHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.AskAsync(ask, origin, ct)).ToHttp(_ => TypedResults.Accepted((string?)null))).Public(AccountsApi.Why)
            .Produces(StatusCodes.Status202Accepted).WithSummary("Forgot the password; a link is mailed");
        api.MapPost("/confirm", async (ResetPassword ask, ResetPasswordHandler handler, Origin origin, CancellationToken ct) =>
            (await handler.HandleAsync(ask, origin, ct)).ToHttp(_ => TypedResults.NoContent())).Public(AccountsApi.Why)
            .Produces(StatusCodes.Status204NoContent).WithSummary("Choose the new password; all sessions end");
    }
}
