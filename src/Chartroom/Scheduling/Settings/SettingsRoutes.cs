using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>What the settings of the calendar have in common.</summary>
internal static class SettingsRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RulesRoutes.Map(routes);
        OnlineRoutes.Map(routes);
        ClosureRoutes.Map(routes);
        TimeOffRoutes.Map(routes);
        ShiftRoutes.Map(routes);
        CancelReasonRoutes.Map(routes);
    }

    /// <summary>A route of an admin who sets the calendar up; it shows no PHI, so it works before the agreement is signed.</summary>
    internal static RouteHandlerBuilder ForSettings(this RouteHandlerBuilder route, params string[] events) =>
        route.Requires(Permission.ManageClinic).WithoutAgreement().Audits(events);

    /// <summary>A page of people, not of the description of the API.</summary>
    internal static RouteHandlerBuilder IsPage(this RouteHandlerBuilder route) => route.ExcludeFromDescription();

    /// <summary>Status of a page that shows its form again.</summary>
    internal static int StatusOf(FormState form) => form.Refusal switch
    {
        null => StatusCodes.Status200OK,
        { Status: StatusCodes.Status412PreconditionFailed or StatusCodes.Status409Conflict } refusal => refusal.Status,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>The version a form names; 0, which nothing has, when it names none.</summary>
    internal static int VersionOf<TAsk>(Form<TAsk> form) => form.Version is > 0 and <= int.MaxValue and { } version ? (int)version : 0;

    /// <summary>An act of the API that names the version it was made from.</summary>
    internal static async Task<IResult> VersionedAsync(HttpContext context, Func<int, Task<Outcome<Done>>> act)
    {
        var version = Versions.IfMatch(context);
        var done = version.IsOk ? await act(version.Value) : version.Refusal;
        return done.ToHttp(_ => TypedResults.NoContent());
    }
}
