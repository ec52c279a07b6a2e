namespace Chartroom.Shell;

/// <summary>
/// A redirect of a background request would be followed unseen, its page read (and audited) and then thrown away. htmx is told to go there
/// instead, so the browser opens the next page the ordinary way: address, title, focus and history are right.
/// </summary>
internal static class HtmxRedirects
{
    internal static Task TranslateAsync(HttpContext context, RequestDelegate next)
    {
        if (Page.IsPartial(context.Request)) context.Response.OnStarting(Translate, context.Response);
        return next(context);
    }

    private static Task Translate(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode is < 301 or > 303) return Task.CompletedTask;
        response.Headers["HX-Redirect"] = response.Headers.Location;
        response.Headers.Remove("Location");
        response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }
}
