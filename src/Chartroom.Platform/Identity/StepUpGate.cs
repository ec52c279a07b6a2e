using Chartroom.Platform.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Identity;

/// <summary>A route whose act is dangerous: it asks for a proof of the last five minutes.</summary>
/// <param name="Unless">A form that asks for nothing dangerous, such as a step of the wizard that is passed over; null where every request needs the proof.</param>
public sealed record RequiresStepUp(Func<IFormCollection, bool>? Unless = null);

/// <summary>Looks at a code given with a request and, if it is right, goes on under a new token. Registered by the capability that keeps the second factors.</summary>
public delegate Task<Outcome<Done>> StepUpProof(HttpContext context, SignedIn who, string code);

/// <summary>
/// Holds routes that declare <c>.RequiresStepUp()</c> to a fresh proof, so that a screen left open or a stolen session takes nothing along and changes no lock.
/// A form may carry the code in a field of its own, so that the act goes on with all that was typed.
/// </summary>
public sealed class StepUpGate(RequestDelegate next, StepUpProof proof, TimeProvider clock)
{
    /// <summary>How long a proof counts; the last moment is out.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>The field of a form that carries the code.</summary>
    public const string Field = "step_up_code";

    /// <summary>The proof is older than five minutes.</summary>
    public static readonly Refusal Needed = new("accounts.step-up-needed", 403,
        "Show that it is you: give a code of your authenticator app, or a recovery code. It counts for five minutes.");

    /// <summary>Middleware; runs after the session gate, so there is somebody, and before answers are kept, so that none is given again without a proof.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var who = context.Features.Get<SignedIn>();
        if (who is null || await IsFreeAsync(context) || IsFresh(who, clock.GetUtcNow()))
        {
            await next(context);
            return;
        }
        var given = await CodeOfAsync(context);
        var proved = given is null ? Needed : await proof(context, who, given);
        if (proved.IsOk) await next(context);
        else await Boundary.AnswerAsync(context, proved.Refusal);
    }

    /// <summary>Whether the session's last proof still counts.</summary>
    public static bool IsFresh(SignedIn who, DateTimeOffset now) => who.ProvedAt is { } at && at <= now && now - at < Fresh;

    private static async ValueTask<bool> IsFreeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiresStepUp>() is not { } rule) return true;
        if (rule.Unless is null || !context.Request.HasFormContentType || Bodies.IsStreamed(context)) return false;
        return rule.Unless(await Bodies.ReadFormAsync(context.Request, context.RequestAborted));
    }

    private static async Task<string?> CodeOfAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || Bodies.IsStreamed(context)) return null;
        var form = await Bodies.ReadFormAsync(context.Request, context.RequestAborted);
        return form[Field].ToString() is { Length: > 0 and <= 100 } code ? code : null;
    }
}

/// <summary>How routes ask for it.</summary>
public static class StepUpRule
{
    /// <summary>A dangerous act: export, keys, roles, break-glass, one's own factors.</summary>
    public static TBuilder RequiresStepUp<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiresStepUp());

    /// <summary>The same for a route whose form may also ask for nothing: only then no proof is needed.</summary>
    public static TBuilder RequiresStepUpUnless<TBuilder>(this TBuilder route, Func<IFormCollection, bool> harmless) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiresStepUp(harmless));
}
