using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>The way from "we want this" to a first password, and from an invitation to one.</summary>
internal static class SignUpPages
{
    private const string Why = "Whoever signs up or was invited has no account yet; the link in the e-mail is the proof.";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/sign-up", () => Page.Of<SignUpPage>()).Public(Why);
        pages.MapPost("/sign-up", AskAsync).Public(Why);
        pages.MapGet("/sign-up/{token}", ShowAsync).Public(Why);
        pages.MapPost("/sign-up/{token}", VerifyAsync).Public(Why);
        pages.MapGet("/invite/{token}", ShowInviteAsync).Public(Why);
        pages.MapPost("/invite/{token}", AcceptAsync).Public(Why);
        pages.MapPost("/invite/{token}/join", JoinAsync).RequiresOnlySession(mfa: true).Audits("invite.accepted");
    }

    private sealed record Chosen([AsTyped] string Password);

    private static async Task<IResult> AskAsync(Form<SignUp> form, SignUpHandler handler, Origin origin, CancellationToken ct)
    {
        var asked = await form.ThenAsync(ask => handler.HandleAsync(ask, origin, ct));
        return asked.IsOk ? Page.Of<MailSentPage>() : Page.Of<SignUpPage>(new { Form = form.Again(asked.Refusal) }, PageStatus.Of(asked.Refusal));
    }

    private static async Task<IResult> ShowAsync(string token, VerifySignUpHandler handler, Origin origin, CancellationToken ct)
    {
        var shown = await handler.ShowAsync(token, origin, ct);
        return shown.IsOk ? PasswordFor(shown.Value, token, FormState.Fresh, 200) : Page.Of<BadLinkPage>(new { Again = "/sign-up" }, shown.Refusal.Status);
    }

    private static async Task<IResult> VerifyAsync(string token, Form<Chosen> form, VerifySignUpHandler handler, HttpContext context, Origin origin, CancellationToken ct)
    {
        var verified = await form.ThenAsync(ask => handler.HandleAsync(new(token, ask.Password), origin, ct));
        if (verified.IsOk) return SignInPages.GoOn(context, verified.Value, to: null);
        var shown = await handler.ShowAsync(token, origin, ct);
        return shown.IsOk
            ? PasswordFor(shown.Value, token, form.Again(verified.Refusal), PageStatus.Of(verified.Refusal))
            : Page.Of<BadLinkPage>(new { Again = "/sign-up" }, shown.Refusal.Status);
    }

    private static IResult PasswordFor(AskedSignUp asked, string token, FormState state, int status) => Page.Of<ChoosePasswordPage>(new
    {
        Action = $"/sign-up/{token}",
        Intro = $"Your address is confirmed. Choose the password with which you sign in to {asked.Practice}.",
        asked.Email,
        Policy = PasswordPolicy.Rotation with { Remembered = 0 },
        Form = state,
    }, status);

    private static async Task<IResult> ShowInviteAsync(string token, AcceptInviteHandler handler, HttpContext context, Origin origin, CancellationToken ct)
    {
        var shown = await handler.ShowAsync(token, origin, ct);
        if (!shown.IsOk) return Page.Of<BadLinkPage>(new { Again = "/sign-in" }, shown.Refusal.Status);
        if (!shown.Value.HasAccount) return PasswordFor(shown.Value, token, FormState.Fresh, 200);
        var who = context.Features.Get<SignedIn>();
        return Page.Of<JoinPage>(new { Invite = shown.Value, Token = token, IsSignedIn = who is { IsMfaDone: true } && who.Email == shown.Value.Email });
    }

    private static async Task<IResult> AcceptAsync(string token, Form<Chosen> form, AcceptInviteHandler handler, HttpContext context, Origin origin, CancellationToken ct)
    {
        var accepted = await form.ThenAsync(ask => handler.HandleAsync(new(token, ask.Password), origin, ct));
        if (accepted.IsOk) return SignInPages.GoOn(context, accepted.Value, to: null);
        var shown = await handler.ShowAsync(token, origin, ct);
        return shown.IsOk
            ? PasswordFor(shown.Value, token, form.Again(accepted.Refusal), PageStatus.Of(accepted.Refusal))
            : Page.Of<BadLinkPage>(new { Again = "/sign-in" }, shown.Refusal.Status);
    }

    private static async Task<IResult> JoinAsync(string token, AcceptInviteHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        var joined = await handler.JoinAsync(token, who, origin, ct);
        return joined.IsOk ? Page.SeeOther("/") : Page.Of<BadLinkPage>(new { Again = "/" }, PageStatus.Of(joined.Refusal));
    }

    private static IResult PasswordFor(GoodInvite invite, string token, FormState state, int status) => Page.Of<ChoosePasswordPage>(new
    {
        Action = $"/invite/{token}",
        Intro = $"{invite.ClinicName} asks you to join its staff. Choose the password with which you will sign in.",
        invite.Email,
        invite.Policy,
        Form = state,
    }, status);
}

/// <summary>The status of a page that shows its form again: a browser that gets 401 would take the session for ended, and other refusals for a whole page.</summary>
internal static class PageStatus
{
    internal static int Of(Refusal refusal) => refusal.Status is 429 or 412 ? refusal.Status : StatusCodes.Status422UnprocessableEntity;
}
