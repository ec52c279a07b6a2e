using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>Passkeys on the pages: kept under account and security, used where a code is asked for.</summary>
internal static class PasskeyPages
{
    internal const string Path = SecurityPages.Path + "/passkeys";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (OwnPasskeysHandler handler, SignedIn who, Origin origin, CancellationToken ct) => ShowAsync(handler, who, FormState.Fresh, origin, ct))
            .RequiresOnlySession(mfa: true).RequiresStepUp().Audits("passkeys.listed");
        routes.MapPost(Path, async (Form<AddPasskey> form, OwnPasskeysHandler handler, HttpContext context, SignedIn who, CancellationToken ct) =>
        {
            var origin = SessionGate.OriginOf(context, who.SessionId);
            var added = await form.ThenAsync(ask => handler.AddAsync(ask, who, context, origin, ct));
            return added.IsOk ? Page.SeeOther(Path) : await ShowAsync(handler, who, form.Again(added.Refusal), origin, ct);
        }).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("passkey.added", "passkey.refused", "passkeys.listed");
        routes.MapPost(Path + "/{id:guid}/remove", async (Guid id, OwnPasskeysHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
        {
            await handler.RemoveAsync(id, who, origin, ct);   // one that is gone already is what was wanted
            return Page.SeeOther(Path);
        }).RequiresOnlySession(mfa: true).RequiresStepUp().Audits("passkey.removed");
        routes.MapPost("/sign-in/passkey", SignInAsync).RequiresOnlySession(mfa: false).Audits("session.opened", "session.passkey-given", "session.passkey-refused");
        routes.MapPost("/step-up/passkey", ProveAsync).RequiresOnlySession(mfa: true).Audits("session.proved", "session.proof-refused");
    }

    /// <summary>What tells the script to ask the browser first.</summary>
    internal static Dictionary<string, object> Script(string act, string options) => new() { ["data-passkey"] = act, ["data-passkey-options"] = options };

    private sealed record PasskeyForm(string Credential, string? To);

    private static async Task<IResult> ShowAsync(OwnPasskeysHandler handler, SignedIn who, FormState form, Origin origin, CancellationToken ct) => Page.Of<PasskeysPage>(new
    {
        Who = who,
        Passkeys = await handler.ListAsync(who, origin, ct),
        Form = form,
    }, form.Refusal is { } refusal ? PageStatus.Of(refusal) : StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(Form<PasskeyForm> form, GivePasskeyHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        if (who.StageNow() != SessionStage.Code) return Page.SeeOther("/");
        var session = await form.ThenAsync(ask => handler.HandleAsync(new(ask.Credential), who, context, origin, ct));
        return session.IsOk
            ? SignInPages.GoOn(context, session.Value, form.Ask.Value.To)
            : Page.Of<CodePage>(new { HasPasskey = true, PasskeyForm = form.Again(session.Refusal) }, PageStatus.Of(session.Refusal));
    }

    private static async Task<IResult> ProveAsync(Form<PasskeyForm> form, GivePasskeyHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(new(ask.Credential), who, context, origin, ct));
        return session.IsOk
            ? SignInPages.GoOn(context, session.Value, form.Ask.Value.To)
            : Page.Of<StepUpPage>(new { HasPasskey = true, PasskeyForm = form.Again(session.Refusal), To = SignInPages.Local(form.Ask.IsOk ? form.Ask.Value.To : null) }, PageStatus.Of(session.Refusal));
    }
}
