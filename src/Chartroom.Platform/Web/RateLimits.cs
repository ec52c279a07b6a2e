using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Chartroom.Platform.Web;

/// <summary>How dear a request is. Every route has a class by rule, so none is without a limit.</summary>
public enum RateClass
{
    /// <summary>Assets and health: the same for everyone, and answered while the database is away; counted by each node for itself, by network (docs/decisions/0020).</summary>
    Light,
    /// <summary>Whatever proves who somebody is, or sends mail to strangers: counted by network, signed in or not.</summary>
    Door,
    /// <summary>What strangers ask for otherwise: counted by network.</summary>
    Stranger,
    /// <summary>The work of a session: counted by session.</summary>
    Work,
    /// <summary>Bulk: exports and imports, counted by session.</summary>
    Bulk,
}

/// <summary>Requests a minute, by class. Section <c>RateLimits</c>. Kept in PostgreSQL, so that they hold over all nodes together (ACC-7).</summary>
public sealed record RateLimits
{
    /// <summary>Assets and health, of one network and one node. Default 6000.</summary>
    [Range(60, 10_000_000)] public int Light { get; init; } = 6_000;

    /// <summary>Signing in and up, resets, invitations: of one network. Default 120, for a clinic that begins its day behind one address.</summary>
    [Range(10, 10_000_000)] public int Door { get; init; } = 120;

    /// <summary>Anything else without a session, of one network. Default 600.</summary>
    [Range(10, 10_000_000)] public int Stranger { get; init; } = 600;

    /// <summary>Requests of one session. Default 1200.</summary>
    [Range(10, 10_000_000)] public int Work { get; init; } = 1_200;

    /// <summary>Exports and imports of one session. Default 120, so that all files of an export can be fetched at once.</summary>
    [Range(10, 10_000_000)] public int Bulk { get; init; } = 120;

    /// <summary>The limit of a class.</summary>
    public int Of(RateClass rate) => rate switch
    {
        RateClass.Light => Light,
        RateClass.Door => Door,
        RateClass.Stranger => Stranger,
        RateClass.Work => Work,
        RateClass.Bulk => Bulk,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The class of a route: what it declares, else by what it asks for. An address that does not exist is what strangers ask for.</summary>
    public static RateClass ClassOf(Endpoint? route)
    {
        if (route is null) return RateClass.Stranger;
        if (route.Metadata.GetMetadata<LimitedAs>() is { } declared) return declared.Class;
        if (route.Metadata.GetMetadata<RequiresPermission>() is { Permission: Permission.ExportData or Permission.ImportRecords }) return RateClass.Bulk;
        if (route.Metadata.GetMetadata<PublicBecause>() is null) return RateClass.Work;
        return route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true ? RateClass.Stranger : RateClass.Door;
    }
}

/// <summary>A route with another class than the rule would give it.</summary>
public sealed record LimitedAs(RateClass Class);

/// <summary>How a route says so.</summary>
public static class RateRule
{
    /// <summary>Counts the route in that class.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder route, RateClass rate) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new LimitedAs(rate));
}
