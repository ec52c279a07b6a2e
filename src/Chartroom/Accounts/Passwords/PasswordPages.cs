using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>A new password, by the mailbox or by the old one.</summary>
internal static class PasswordPages
{
    private const string Why = "Whoever forgot the password cannot sign in; the link in the e-mail is the proof, and the second factor stays.";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/password-reset", () => Page.Of<AskResetPage>()).Public(Why);
        pages.MapPost("/password-reset", AskAsync).Public(Why);
        pages.MapGet("/password-reset/{token}", ShowAsync).Public(Why);
        pages.MapPost("/password-reset/{token}", ResetAsync).Public(Why);
        pages.MapGet("/account/password", (ChangePasswordHandler handler, SignedIn who, Origin origin, CancellationToken ct) => ChangePageAsync(handler, who, FormState.Fresh, origin, ct))
            .RequiresOnlySession(mfa: false).Audits("password.changed");
        pages.MapPost("/account/password", ChangeAsync).RequiresOnlySession(mfa: false).Audits("password.changed");
    }

    private sealed record Chosen([AsTyped] string Password);

    private static async Task<IResult> AskAsync(Form<AskPasswordReset> form, ResetPasswordHandler handler, Origin origin, CancellationToken ct)
    {
        var asked = await form.ThenAsync(ask => handler.AskAsync(ask, origin, ct));
        return asked.IsOk ? Page.Of<MailSentPage>() : Page.Of<AskResetPage>(new { Form = form.Again(asked.Refusal) }, PageStatus.Of(asked.Refusal));
    }

    private static async Task<IResult> ShowAsync(string token, ResetPasswordHandler handler, Origin origin, CancellationToken ct)
    {
        var shown = await handler.ShowAsync(token, origin, ct);
        return shown.IsOk
            ? Page.Of<ChoosePasswordPage>(new { Action = $"/password-reset/{token}", Policy = shown.Value })
            : Page.Of<BadLinkPage>(new { Again = "/password-reset" }, shown.Refusal.Status);
    }

    private static async Task<IResult> ResetAsync(string token, Form<Chosen> form, ResetPasswordHandler handler, HttpContext context, Origin origin, CancellationToken ct)
    {
        var reset = await form.ThenAsync(ask => handler.HandleAsync(new(token, ask.Password), origin, ct));
        if (reset.IsOk)
        {
            SessionCookie.Take(context);
            return Page.SeeOther("/sign-in?reset=done");
        }
        var shown = await handler.ShowAsync(token, origin, ct);
        return shown.IsOk
            ? Page.Of<ChoosePasswordPage>(new { Action = $"/password-reset/{token}", Policy = shown.Value, Form = form.Again(reset.Refusal) }, PageStatus.Of(reset.Refusal))
            : Page.Of<BadLinkPage>(new { Again = "/password-reset" }, shown.Refusal.Status);
    }

    private static async Task<IResult> ChangeAsync(Form<ChangePassword> form, ChangePasswordHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(ask, who, origin, ct));
        if (session.IsOk) return SignInPages.GoOn(context, session.Value, to: who.StageNow() == SessionStage.Open ? SecurityPages.Path : null);
        return await ChangePageAsync(handler, who, form.Again(session.Refusal), origin, ct);
    }

    private static async Task<IResult> ChangePageAsync(ChangePasswordHandler handler, SignedIn who, FormState form, Origin origin, CancellationToken ct) => Page.Of<PasswordPage>(new
    {
        IsExpired = who.StageNow() == SessionStage.Password,
        Policy = await handler.PolicyAsync(who, origin, ct),
        Form = form,
    }, form.Refusal is { } refusal ? PageStatus.Of(refusal) : StatusCodes.Status200OK);
}
