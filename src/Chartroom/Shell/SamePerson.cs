using Chartroom.Platform.Identity;
using Chartroom.Platform.Web;

namespace Chartroom.Shell;

/// <summary>
/// A page opened by one person must not act as another. Pages say for whom they were made (app.js sends it with each request); when somebody
/// else has signed in meanwhile, in another tab or after the session ended, what an old page sends is refused and stays in its form.
/// </summary>
internal static class SamePerson
{
    internal static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var madeFor = context.Request.Headers["Chartroom-Person"].ToString();
        var isAnother = madeFor.Length > 0 && context.Features.Get<SignedIn>() is { } who && who.PersonId.ToString() != madeFor;
        return isAnother ? Boundary.AnswerAsync(context, Refusals.SomebodyElse) : next(context);
    }
}
