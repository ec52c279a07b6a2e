using System.Diagnostics;
using Chartroom.Platform.Identity;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Shell;

/// <summary>
/// Turns a refusal at the page door into a page: whole for a browser, one notice for htmx, so that the form behind it keeps what was typed.
/// Programs get problem details instead, from the platform.
/// </summary>
internal static class ErrorPages
{
    /// <summary>The header by which app.js knows a refusal: it belongs into the form it answers, not in its place.</summary>
    internal const string Mark = "Chartroom-Refusal";

    /// <summary>The platform's <see cref="RefusalPage"/>.</summary>
    internal static IResult Of(HttpContext context, Refusal refusal)
    {
        if (Page.IsPartial(context.Request)) return new Notice(refusal);
        if (HttpMethods.IsGet(context.Request.Method) && NextStep(refusal, context.Request.Path) is { } path) return Page.SeeOther(path);
        return new WholePage(refusal);
    }

    /// <summary>Gives answers without a body, such as that of an address that does not exist, their page.</summary>
    internal static async Task ShowAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode < 400 || response.HasStarted || response.ContentLength is > 0 || response.ContentType is not null) return;
        await Boundary.AnswerAsync(context, OfStatus(response.StatusCode));
    }

    /// <summary>Somebody who only has to do one thing first is led there at once.</summary>
    private static string? NextStep(Refusal refusal, PathString wanted)
    {
        if (refusal == SessionGate.SignInNeeded) return "/sign-in" + (wanted == "/" ? "" : "?to=" + Uri.EscapeDataString(wanted));
        if (refusal == StepUpGate.Needed) return "/step-up?to=" + Uri.EscapeDataString(wanted);
        if (refusal == SessionGate.SecondFactorNeeded) return "/";   // the start page knows which step is next
        return null;
    }

    /// <summary>A fresh proof is missing, or the code given for it was refused.</summary>
    private static bool IsStepUp(Refusal refusal, HttpContext context) => refusal == StepUpGate.Needed || (refusal.Errors.ContainsKey(StepUpGate.Field) && HttpMethods.IsPost(context.Request.Method));

    /// <summary>To a browser 401 says that the session has ended; a wrong code has not ended it.</summary>
    private static int StatusOf(Refusal refusal) => refusal.Status == StatusCodes.Status401Unauthorized ? StatusCodes.Status422UnprocessableEntity : refusal.Status;

    private static Refusal OfStatus(int status) => status switch
    {
        404 => Refusals.NoSuchPage,
        405 => Refusals.WrongMethod,
        413 => Boundary.TooLarge,
        415 => Refusals.WrongKind,
        < 500 => Refusals.NotDone with { Status = status },
        _ => Boundary.Failed with { Status = status },
    };

    /// <summary>The id under which the log knows this request.</summary>
    internal static string TraceOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private sealed class Notice(Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[Mark] = refusal.Code;
            if (IsStepUp(refusal, httpContext)) return Page.Of<StepUpNotice>(new { Refusal = refusal }, StatusOf(refusal)).ExecuteAsync(httpContext);
            return Page.Of<RefusalNotice>(new { Refusal = refusal }, refusal.Status).ExecuteAsync(httpContext);
        }
    }

    private sealed class WholePage(Refusal refusal) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            // A clinic that is being prepared shows itself as soon as it is there.
            if (refusal == SessionGate.BeingPrepared) httpContext.Response.Headers["Refresh"] = "2";
            var isStepUp = IsStepUp(refusal, httpContext);
            var isSignedOut = !isStepUp && refusal.Status == StatusCodes.Status401Unauthorized;
            var unsent = isSignedOut || isStepUp ? await UnsentForm.OfAsync(httpContext.Request, httpContext.RequestAborted) : null;
            if (isStepUp && unsent is not null) await Page.Of<StepUpActPage>(new { Refusal = refusal, Unsent = (object)unsent }, StatusOf(refusal)).ExecuteAsync(httpContext);
            else await Page.Of<ErrorPage>(new { Refusal = refusal, Unsent = unsent }, refusal.Status).ExecuteAsync(httpContext);
        }
    }
}
