using Chartroom.Platform.Identity;

namespace Chartroom.Accounts;

/// <summary>The cookie of a session: with TLS under the <c>__Host-</c> name, which no other host or path can set; unreadable by scripts.</summary>
internal static class SessionCookie
{
    private const string Device = "chartroom-device";

    internal static void Give(HttpContext context, GivenSession session)
    {
        context.Response.Cookies.Append(SessionGate.CookieName(context.Request), session.Token, Options(context));
        context.Response.Cookies.Append(Device, session.Device.ToString(), new CookieOptions(Options(context)) { MaxAge = TimeSpan.FromDays(400) });
    }

    internal static void Take(HttpContext context) =>
        context.Response.Cookies.Delete(SessionGate.CookieName(context.Request), Options(context));

    /// <summary>Takes the cookie of somebody who leaves, and with it what pages keep in the browser: unsent words of a form. Pages themselves are never kept.</summary>
    internal static void Leave(HttpContext context)
    {
        Take(context);
        context.Response.Headers["Clear-Site-Data"] = "\"storage\"";
    }

    // Lax, not Strict: a link in an e-mail of ours must find the person signed in. Unsafe methods are guarded by SameOrigin besides.
    private static CookieOptions Options(HttpContext context) =>
        new() { HttpOnly = true, Secure = context.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
