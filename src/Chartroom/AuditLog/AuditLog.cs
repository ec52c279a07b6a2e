using Chartroom.Platform.Web;
using Chartroom.Shell;

namespace Chartroom.AuditLog;

/// <summary>Admins read what happened at the clinic.</summary>
internal static class AuditLogSetup
{
    public static void AddAuditLog(this IServiceCollection services) => services.AddSingleton<ReadAuditLogHandler>()
        .AddSingleton<LogStateHandler>().AddSingleton<VerifyLogHandler>().AddSingleton<ProveEventHandler>().AddSingleton<DisclosuresHandler>();

    public static void MapAuditLog(this IEndpointRouteBuilder routes)
    {
        ReadAuditLogHandler.MapApi(routes);
        LogStateHandler.Map(routes);
        VerifyLogHandler.Map(routes);
        ProveEventHandler.Map(routes);
        DisclosuresHandler.Map(routes);
        routes.MapGet("/audit", async (HttpRequest request, ReadAuditLogHandler handler, EndpointDataSource endpoints, Actor actor, CancellationToken ct) =>
        {
            var filter = AuditLogQuery.Of(request.Query);
            var view = await handler.ViewAsync(filter, request.Query["before"], actor, ct);
            return view.IsOk
                ? Page.Of<AuditPage>(new { View = view.Value, Filter = filter, IsFirst = !request.Query.ContainsKey("before"), Actions = ActionsOf(endpoints) })
                : Page.Refused(view.Refusal);
        }).Requires(Permission.SeeAudit).Audits(ReadAuditLogHandler.Read).ExcludeFromDescription();
    }

    /// <summary>Every action that some route declares.</summary>
    private static string[] ActionsOf(EndpointDataSource endpoints) =>
        [.. endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<AuditsAs>()).OfType<AuditsAs>().SelectMany(it => it.Actions).Distinct().Order(StringComparer.Ordinal)];
}
