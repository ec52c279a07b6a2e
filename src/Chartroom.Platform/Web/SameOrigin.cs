using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Web;

/// <summary>
/// Refuses unsafe requests that another site makes a browser send. Browsers tell by <c>Sec-Fetch-Site</c>, older ones by <c>Origin</c>; programs send
/// neither and carry no cookie by accident. Source: OWASP CSRF cheat sheet, fetch metadata; the same rule as Go's CrossOriginProtection.
/// </summary>
public sealed class SameOrigin(RequestDelegate next)
{
    private static readonly Refusal CrossSite = new("platform.cross-site", 403, "This request came from another site and was not carried out.");

    /// <summary>Middleware.</summary>
    public Task InvokeAsync(HttpContext context) => IsForeign(context.Request) ? Boundary.AnswerAsync(context, CrossSite) : next(context);

    private static bool IsForeign(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return false;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is not ("same-origin" or "none");
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);
    }
}
