using Chartroom.Platform.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chartroom.Platform.Web;

/// <summary>The permission a route asks for.</summary>
public sealed record RequiresPermission(Permission Permission);

/// <summary>The audit events a route may write.</summary>
public sealed record AuditsAs(IReadOnlyList<string> Actions);

/// <summary>A route open to everyone, and why.</summary>
public sealed record PublicBecause(string Reason);

/// <summary>A route for somebody who is signing in, setting up or changing clinic: a session, but not yet everything a clinic's page asks for.</summary>
public sealed record RequiresSession(bool NeedsMfa);

/// <summary>A clinic route that shows no PHI and so works before the business associate agreement is signed.</summary>
public sealed record WorksWithoutAgreement;

/// <summary>A route that a page asks for by itself, without anybody at the keyboard: it does not keep a session from ending when nobody works in it (ACC-4).</summary>
public sealed record AskedByItself;

/// <summary>How routes declare who may use them and what they write down. Start-up refuses a route that does not.</summary>
public static class RouteRules
{
    /// <summary>Clinic routes: signed in with both factors, agreement signed, role allowed.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiresPermission(permission));

    /// <summary>Names the events, as they stand in <c>audit_event.action</c>.</summary>
    public static TBuilder Audits<TBuilder>(this TBuilder route, params string[] actions) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new AuditsAs(actions));

    /// <summary>Open to everyone; the reason stands in the generated route table.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder route, string because) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new PublicBecause(because));

    /// <summary>Asks for a session only; with <paramref name="mfa"/> also for its second factor.</summary>
    public static TBuilder RequiresOnlySession<TBuilder>(this TBuilder route, bool mfa) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiresSession(mfa));

    /// <summary>A clinic route without PHI (wizard, agreement, own sessions).</summary>
    public static TBuilder WithoutAgreement<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new WorksWithoutAgreement());

    /// <summary>What a page asks for by itself, such as what changed on other screens: no sign that somebody is there.</summary>
    public static TBuilder RunsByItself<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AskedByItself());

    /// <summary>A page that may use the microphone; no other page may.</summary>
    public static TBuilder MayUseMicrophone<TBuilder>(this TBuilder route) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new UsesMicrophone());

    /// <summary>Whether the browser is told that the answer's page may.</summary>
    public static bool MayUseMicrophone(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<UsesMicrophone>() is not null;

    private sealed record UsesMicrophone;

    /// <summary>
    /// Stops the start when a route forgot to say who may use it or what it writes down. A source of routes compiles all its handlers anew whenever it is asked for them, which takes seconds; so the sources are
    /// put together as one that keeps what it made, and the first request finds them there.
    /// </summary>
    public static void RefuseUndeclaredRoutes(this IEndpointRouteBuilder routes)
    {
        var kept = new CompositeEndpointDataSource([.. routes.DataSources]);
        routes.DataSources.Clear();
        routes.DataSources.Add(kept);
        var undeclared = kept.Endpoints.OfType<RouteEndpoint>().Where(IsUndeclared)
            .Select(endpoint => endpoint.DisplayName ?? endpoint.RoutePattern.RawText).ToList();
        if (undeclared.Count > 0)
            throw new InvalidOperationException($"Routes without .Requires(…).Audits(…), .RequiresOnlySession(…).Audits(…) or .Public(…): {string.Join("; ", undeclared)}");
    }

    private static bool IsUndeclared(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<PublicBecause>() is null
        && (endpoint.Metadata.GetMetadata<AuditsAs>() is null
            || (endpoint.Metadata.GetMetadata<RequiresPermission>() is null && endpoint.Metadata.GetMetadata<RequiresSession>() is null));
}
