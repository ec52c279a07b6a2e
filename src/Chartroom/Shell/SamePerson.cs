using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Shell;

/// <summary>
/// A page opened by one person must not act as another, nor one of a clinic at another clinic. Pages say for whom they were made (app.js sends it with each request); when somebody
/// else has signed in meanwhile, in another tab or after the session ended, what an old page sends is refused and stays in its form.
/// </summary>
internal static class SamePerson
{
    /// <summary>For whom, and for which clinic, a page is made; null for nobody.</summary>
    internal static string? MarkOf(SignedIn? who) => who is null ? null : $"{who.PersonId}@{who.ClinicId}";

    internal static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var madeFor = context.Request.Headers["Chartroom-Person"].ToString();
        var isAnother = madeFor.Length > 0 && context.Features.Get<SignedIn>() is { } who && MarkOf(who) != madeFor;
        return isAnother ? Boundary.AnswerAsync(context, Refusals.SomebodyElse) : next(context);
    }
}
