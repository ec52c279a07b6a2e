using Chartroom.Platform.Database;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Web;

/// <summary>
/// Where people reach this host by HTTPS (setting <c>Chartroom:PublicUrl</c>), people's plain HTTP is led there; what already carried something is refused, since it was
/// sent in the clear, and so is every program: one that asks in the clear is to be mended, not helped along (ASVS 5.0, 4.1.2). Only a host that people reach by a loopback address, that is, a developer's own machine, may be without.
/// </summary>
public sealed class HttpsOnly(RequestDelegate next, PlatformOptions options)
{
    private static readonly Refusal Needed = new("platform.https-needed", 403, "Use https. What you sent was not carried out.");
    private readonly Uri home = new(options.PublicUrl);

    /// <summary>Middleware. Load balancers may ask for health by HTTP: it tells nothing.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (home.Scheme != Uri.UriSchemeHttps || request.IsHttps || request.Path.Value is "/healthz" or "/readyz") return next(context);
        if (Problems.IsApi(context) || (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))) return Needed.ToHttp().ExecuteAsync(context);
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"https://{home.Authority}{request.PathBase}{request.Path}{request.QueryString}";   // never the host that the request named
        return Task.CompletedTask;
    }

    /// <summary>Stops the start of a host that the world would reach in the clear.</summary>
    /// <exception cref="WrongSettingException">The address is http and not this machine's own.</exception>
    internal static void Check(PlatformOptions options)
    {
        var home = new Uri(options.PublicUrl);
        if (home.Scheme != Uri.UriSchemeHttps && !home.IsLoopback)
            throw new WrongSettingException("Chartroom__PublicUrl begins with http:// and is not this machine's own. Write https://…: patient data must not travel in the clear.");
    }
}
