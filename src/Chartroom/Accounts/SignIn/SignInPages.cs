using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>The start page, signing in and out, and what has to be done before a session opens.</summary>
internal static class SignInPages
{
    private const string Why = "Nobody is signed in before they have signed in.";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", StartAsync).Public("It only shows the way: to the sign-in page, to the next step, or to the day.");
        pages.MapGet("/sign-in", (string? to, string? reset) => Page.Of<SignInPage>(new { To = Local(to), WasReset = reset == "done" })).Public(Why);
        pages.MapPost("/sign-in", SignInAsync).Public(Why);
        pages.MapGet("/sign-in/code", async (string? to, OwnPasskeysHandler passkeys, SignedIn who, Origin origin, CancellationToken ct) =>
            who.StageNow() == SessionStage.Code ? Page.Of<CodePage>(new { To = Local(to), HasPasskey = await passkeys.HasAnyAsync(who, origin, ct) }) : Page.SeeOther("/")).RequiresOnlySession(mfa: false).Audits("session.opened");
        pages.MapPost("/sign-in/code", GiveCodeAsync).RequiresOnlySession(mfa: false).Audits("session.opened", "session.code-given", "session.code-refused");
        pages.MapGet("/set-up/authenticator", ShowSecretAsync).RequiresOnlySession(mfa: false).Audits("authenticator.set-up");
        pages.MapPost("/set-up/authenticator", SetUpAsync).RequiresOnlySession(mfa: false).Audits("authenticator.set-up", "authenticator.refused");
        pages.MapGet("/set-up/recovery-codes", ShowCodesAsync).RequiresOnlySession(mfa: false).Audits("recovery_codes.kept");
        pages.MapPost("/set-up/recovery-codes", KeepCodesAsync).RequiresOnlySession(mfa: false).Audits("recovery_codes.kept");
        pages.MapPost("/sign-out", SignOutAsync).Public("Signing out of a session that has ended already must not be refused.");
    }

    /// <summary>Gives the cookie and shows the next step.</summary>
    internal static IResult GoOn(HttpContext context, GivenSession session, string? to)
    {
        SessionCookie.Give(context, session);
        var query = session.Stage == SessionStage.Code && Local(to) is { } path ? $"?to={Uri.EscapeDataString(path)}" : "";
        return Page.SeeOther(session.Stage == SessionStage.Open ? Local(to) ?? "/" : SessionStages.PageOf(session.Stage) + query);
    }

    /// <summary>A path of ours, or null: a sign-in must not lead to another site.</summary>
    internal static string? Local(string? to) => to is ['/', not ('/' or '\\'), ..] && !to.Any(char.IsControl) ? to : null;

    private sealed record SignInForm(string Email, [AsTyped] string Password, string? To);

    private sealed record CodeForm(string Code, string? To);

    private static async Task<IResult> StartAsync(StartHandler handler, HttpContext context, Origin origin, CancellationToken ct)
    {
        var next = await handler.HandleAsync(context.Features.Get<SignedIn>(), origin, ct);
        return next.Page is not null ? Page.SeeOther(next.Page) : Page.Of<WaitingPage>(new { next.Title, next.Words });
    }

    private static async Task<IResult> SignInAsync(Form<SignInForm> form, SignInHandler handler, HttpContext context, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(new(ask.Email, ask.Password), origin, ct));
        if (session.IsOk) return GoOn(context, session.Value, form.Ask.Value.To);
        SessionCookie.Take(context);
        return Page.Of<SignInPage>(new { Form = form.Again(session.Refusal) }, PageStatus.Of(session.Refusal));
    }

    private static async Task<IResult> GiveCodeAsync(Form<CodeForm> form, GiveCodeHandler handler, OwnPasskeysHandler passkeys, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(new(ask.Code), who, origin, ct));
        if (session.IsOk) return GoOn(context, session.Value, form.Ask.Value.To);
        if (session.Refusal == Refusals.WrongStep) return Page.SeeOther("/");
        return Page.Of<CodePage>(new { Form = form.Again(session.Refusal), HasPasskey = await passkeys.HasAnyAsync(who, origin, ct) }, PageStatus.Of(session.Refusal));
    }

    private static async Task<IResult> ShowSecretAsync(SetUpAuthenticatorHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        var secret = await handler.ShowAsync(who, origin, ct);
        return secret.IsOk ? Page.Of<AuthenticatorPage>(new { Secret = secret.Value }) : Page.SeeOther("/");
    }

    private static async Task<IResult> SetUpAsync(Form<SetUpAuthenticator> form, SetUpAuthenticatorHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(ask, who, origin, ct));
        if (session.IsOk) return GoOn(context, session.Value, to: null);
        var secret = await handler.ShowAsync(who, origin, ct);
        return secret.IsOk ? Page.Of<AuthenticatorPage>(new { Secret = secret.Value, Form = form.Again(session.Refusal) }, PageStatus.Of(session.Refusal)) : Page.SeeOther("/");
    }

    private static async Task<IResult> ShowCodesAsync(KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        var sheet = await handler.ShowAsync(who, origin, ct);
        return sheet.IsOk ? Page.Of<RecoveryCodesPage>(new { Sheet = sheet.Value }) : Page.SeeOther("/");
    }

    private static async Task<IResult> KeepCodesAsync(Form<KeepRecoveryCodes> form, KeepRecoveryCodesHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(ask, who, origin, ct));
        if (session.IsOk) return GoOn(context, session.Value, to: null);
        var sheet = await handler.ShowAsync(who, origin, ct);
        return sheet.IsOk ? Page.Of<RecoveryCodesPage>(new { Sheet = sheet.Value, Form = form.Again(session.Refusal) }, PageStatus.Of(session.Refusal)) : Page.SeeOther("/");
    }

    private static async Task<IResult> SignOutAsync(OwnSessionsHandler handler, HttpContext context, Origin origin, CancellationToken ct)
    {
        if (context.Features.Get<SignedIn>() is { } who) await handler.EndAsync(who.SessionId, who, origin, ct);
        SessionCookie.Leave(context);
        return Page.SeeOther("/sign-in");
    }
}
