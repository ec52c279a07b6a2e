using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Chartroom.Shell;

/// <summary>Answers with a page. Every page is a Razor component rendered once, on the server.</summary>
public static class Page
{
    /// <summary>A page from its parameters, given as an anonymous object: <c>Page.Of&lt;DayPage&gt;(new { Day = day })</c>.</summary>
    /// <param name="parameters">Names and values of the component's parameters, or null.</param>
    /// <param name="status">422 and the like when a form comes back, else 200.</param>
    public static IResult Of<TPage>(object? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        new PageResult(new RazorComponentResult<TPage>(parameters ?? new { }) { StatusCode = status, PreventStreamingRendering = true });

    /// <summary>After a form that did something: the next page (303), so that "reload" does not do it again.</summary>
    /// <param name="path">A path of ours; never holds anything about a patient but ids.</param>
    public static IResult SeeOther(string path) => new SeeOtherResult(path);

    /// <summary>After a button without fields that was refused: the refusal as the platform answers it, a notice beside the button or a page of its own.</summary>
    public static IResult Refused(Refusal refusal) => new RefusedResult(refusal);

    /// <summary>True when htmx asks and will put the answer into a page that is already there.</summary>
    public static bool IsPartial(HttpRequest request) =>
        request.Headers.ContainsKey("HX-Request") && !request.Headers.ContainsKey("HX-History-Restore-Request");

    /// <summary>A form that comes back because it was sent too often says when to come again (RFC 9110, Retry-After), as every other 429 does.</summary>
    private sealed class PageResult(RazorComponentResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var refusals = page.Parameters.Values.OfType<FormState>().Select(form => form.Refusal).OfType<Refusal>();
            if (refusals.FirstOrDefault(refusal => refusal.Status == StatusCodes.Status429TooManyRequests) is { } tooMany) Boundary.SetRetryAfter(httpContext, tooMany);
            return page.ExecuteAsync(httpContext);
        }
    }

    private sealed class RefusedResult(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Boundary.AnswerAsync(httpContext, refusal);
    }

    private sealed class SeeOtherResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}
