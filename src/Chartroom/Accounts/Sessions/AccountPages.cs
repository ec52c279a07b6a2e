using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Accounts;

/// <summary>A person's own account: where they are signed in.</summary>
internal static class AccountPages
{
    internal static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/account", async (OwnSessionsHandler handler, SignedIn who, Origin origin, CancellationToken ct) =>
            Page.Of<AccountPage>(new { Who = who, Sessions = await handler.ListAsync(who, origin, ct) })).RequiresOnlySession(mfa: true).Audits("sessions.listed");
        pages.MapGet("/settings/sessions", () => Page.SeeOther("/account")).RequiresOnlySession(mfa: true).Audits("sessions.listed");
        pages.MapPost("/account/sessions/{session:guid}/end", EndAsync).RequiresOnlySession(mfa: true).Audits("session.ended");
    }

    private static async Task<IResult> EndAsync(Guid session, OwnSessionsHandler handler, HttpContext context, SignedIn who, Origin origin, CancellationToken ct)
    {
        await handler.EndAsync(session, who, origin, ct);   // one that has ended already is what was wanted
        if (session == who.SessionId) SessionCookie.Take(context);
        return Page.SeeOther(session == who.SessionId ? "/sign-in" : "/account");
    }
}
