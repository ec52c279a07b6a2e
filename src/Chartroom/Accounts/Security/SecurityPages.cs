using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>A person's own account: where they are signed in, and what proves who they are.</summary>
internal static class SecurityPages
{
    internal const string Path = "/settings/security";
    private const string Authenticator = Path + "/authenticator";
    private const string RecoveryCodes = Path + "/recovery-codes";

    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ShowAsync).RequiresOnlySession(mfa: true).Audits("sessions.listed");
        foreach (var former in new[] { "/account", "/settings/sessions" })
            pages.MapGet(former, () => Page.SeeOther(Path)).RequiresOnlySession(mfa: true).Audits("sessions.listed");
        pages.MapPost(Path + "/sessions/{session:guid}/end", EndAsync).RequiresOnlySession(mfa: true).Audits("session.ended");
        pages.MapPost(Path + "/sign-out-everywhere", EndAllAsync).RequiresOnlySession(mfa: true).Audits("sessions.ended");

        pages.MapGet(Authenticator, ShowSecretAsync).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("authenticator.offered");
        pages.MapPost(Authenticator, ReplaceAsync).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("authenticator.replaced", "authenticator.refused");
        pages.MapPost(RecoveryCodes, MakeCodesAsync).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("recovery_codes.replaced");
        pages.MapGet(RecoveryCodes, ShowCodesAsync).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("recovery_codes.kept");
        pages.MapPost(RecoveryCodes + "/kept", KeepCodesAsync).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("recovery_codes.kept");
    }

    private static async Task<IResult> ShowAsync(OwnSessionsHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        var own = await handler.ListAsync(who, origin, ct);
        return Page.Of<SecurityPage>(new { Who = who, own.Sessions, own.Limits, CodesLeftCount = own.CodesLeft });
    }

    private static async Task<IResult> EndAsync(Guid session, OwnSessionsHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        await handler.EndAsync(session, who, origin, ct);   // one that has ended already is what was wanted
        if (session == who.SessionId) SessionCookie.Take(context);
        return Page.SeeOther(session == who.SessionId ? "/sign-in" : Path);
    }

    private static async Task<IResult> EndAllAsync(OwnSessionsHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        await handler.EndAllAsync(who, origin, ct);
        SessionCookie.Leave(context);
        return Page.SeeOther("/sign-in");
    }

    private static async Task<IResult> ShowSecretAsync(ReplaceAuthenticatorHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        var secret = await handler.OfferAsync(who, origin, ct);
        return secret.IsOk ? Page.Of<ReplaceAuthenticatorPage>(new { Secret = secret.Value }) : Page.SeeOther(Path);
    }

    private static async Task<IResult> ReplaceAsync(Form<ReplaceAuthenticator> form, ReplaceAuthenticatorHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(ask, who, origin, ct));
        if (session.IsOk) return SignInPages.GoOn(context, session.Value, Path);
        var secret = await handler.OfferAsync(who, origin, ct);
        return secret.IsOk
            ? Page.Of<ReplaceAuthenticatorPage>(new { Secret = secret.Value, Form = form.Again(session.Refusal) }, PageStatus.Of(session.Refusal))
            : Page.SeeOther(Path);
    }

    private static async Task<IResult> MakeCodesAsync(KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        await handler.ReplaceAsync(who, origin, ct);
        return Page.SeeOther(RecoveryCodes);
    }

    private static async Task<IResult> ShowCodesAsync(KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        var sheet = await handler.ShowNewAsync(who, origin, ct);
        return sheet.IsOk ? CodesPage(sheet.Value, FormState.Fresh, StatusCodes.Status200OK) : Page.SeeOther(Path);
    }

    private static async Task<IResult> KeepCodesAsync(Form<KeepRecoveryCodes> form, KeepRecoveryCodesHandler handler, SignedIn who, Origin origin, CancellationToken ct)
    {
        var kept = await form.ThenAsync(ask => handler.KeepNewAsync(ask, who, origin, ct));
        if (kept.IsOk) return Page.SeeOther(Path);
        var sheet = await handler.ShowNewAsync(who, origin, ct);
        return sheet.IsOk ? CodesPage(sheet.Value, form.Again(kept.Refusal), PageStatus.Of(kept.Refusal)) : Page.SeeOther(Path);
    }

    private static IResult CodesPage(RecoverySheet sheet, FormState form, int status) =>
        Page.Of<RecoveryCodesPage>(new { Sheet = sheet, Form = form, Action = RecoveryCodes + "/kept" }, status);
}
