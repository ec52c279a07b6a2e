using Chartroom.Platform.Web;

namespace Chartroom.Shell;

/// <summary>
/// What every answer tells the browser: run and load only our own files, keep nothing, show us in no frame, send our addresses nowhere.
/// See <see href="https://www.w3.org/TR/CSP3/"/>.
/// </summary>
internal static class SecurityHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-to policy; report-uri " + PolicyReports.Path;

    private const string PermissionsPolicy = "camera=(), geolocation=(), payment=(), usb=(), display-capture=(), browsing-topics=(), ";

    internal static Task SetAsync(HttpContext context, RequestDelegate next)
    {
        // At the last moment, because the request boundary clears the headers of an answer that failed.
        context.Response.OnStarting(Set, context);
        return next(context);
    }

    private static Task Set(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Reporting-Endpoints"] = $"policy=\"{PolicyReports.Path}\"";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = PermissionsPolicy + (RouteRules.MayUseMicrophone(context) ? "microphone=(self)" : "microphone=()");
        if (!AssetFiles.MayBeKept(context)) headers.CacheControl = "no-store";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
        return Task.CompletedTask;
    }
}
