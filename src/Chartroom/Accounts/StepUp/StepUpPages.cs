using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>The page that asks for a fresh proof before another page is shown. Before an act, the question stands in the act's own form.</summary>
internal static class StepUpPages
{
    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/step-up", async (string? to, OwnPasskeysHandler passkeys, SignedIn who, Origin origin, CancellationToken ct) =>
            Page.Of<StepUpPage>(new { To = SignInPages.Local(to), HasPasskey = await passkeys.HasAnyAsync(who, origin, ct) })).RequiresOnlySession(mfa: true).Audits("session.proved");
        pages.MapPost("/step-up", ProveAsync).RequiresOnlySession(mfa: true).Audits("session.proved", "session.proof-refused");
    }

    private sealed record ProofForm(string Code, string? To);

    private static async Task<IResult> ProveAsync(
        Form<ProofForm> form, ProveAgainHandler handler, OwnPasskeysHandler passkeys, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        var session = await form.ThenAsync(ask => handler.HandleAsync(new(ask.Code), who, origin, ct));
        if (session.IsOk) return SignInPages.GoOn(context, session.Value, form.Ask.Value.To);
        var to = SignInPages.Local(form.Ask.IsOk ? form.Ask.Value.To : null);
        return Page.Of<StepUpPage>(new { Form = form.Again(session.Refusal), To = to, HasPasskey = await passkeys.HasAnyAsync(who, origin, ct) }, PageStatus.Of(session.Refusal));
    }
}
