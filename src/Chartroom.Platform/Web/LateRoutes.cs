using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Chartroom;   // not Chartroom.Platform.Web: every capability's MapGet must be this one and not the framework's, without a using that could be forgotten

/// <summary>
/// Routes as the framework maps them, but that each handler is compiled when it is first asked for and not at the start. What the start has to know (parameters, refusals of bad handlers, the API's description) is found out at the start
/// as ever; compiling 760 of them took two seconds of a processor, for every start, every verb and every program of the tests.
/// </summary>
public static class LateRoutes
{
    private static readonly string[] Get = [HttpMethods.Get], Post = [HttpMethods.Post], Put = [HttpMethods.Put], Delete = [HttpMethods.Delete];

    /// <inheritdoc cref="EndpointRouteBuilderExtensions.MapGet(IEndpointRouteBuilder, string, Delegate)"/>
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, handler, Get);

    /// <inheritdoc cref="EndpointRouteBuilderExtensions.MapPost(IEndpointRouteBuilder, string, Delegate)"/>
    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, handler, Post);

    /// <inheritdoc cref="EndpointRouteBuilderExtensions.MapPut(IEndpointRouteBuilder, string, Delegate)"/>
    public static RouteHandlerBuilder MapPut(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, handler, Put);

    /// <inheritdoc cref="EndpointRouteBuilderExtensions.MapDelete(IEndpointRouteBuilder, string, Delegate)"/>
    public static RouteHandlerBuilder MapDelete(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, handler, Delete);

    // A handler of the bare request is a delegate already: nothing is compiled, and it is described as the framework does.

    /// <inheritdoc cref="EndpointRouteBuilderExtensions.MapGet(IEndpointRouteBuilder, string, RequestDelegate)"/>
    public static IEndpointConventionBuilder MapGet(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, RequestDelegate handler) => EndpointRouteBuilderExtensions.MapGet(routes, pattern, handler);

    /// <inheritdoc cref="EndpointRouteBuilderExtensions.MapPost(IEndpointRouteBuilder, string, RequestDelegate)"/>
    public static IEndpointConventionBuilder MapPost(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, RequestDelegate handler) => EndpointRouteBuilderExtensions.MapPost(routes, pattern, handler);

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string pattern, Delegate handler, string[] methods) =>
        RouteHandlerServices.Map(routes, pattern, handler, methods, RequestDelegateFactory.InferMetadata, CompileLater);

    private static RequestDelegateResult CompileLater(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? known)
    {
        var compiled = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(handler, options, known).RequestDelegate);
        options.EndpointBuilder?.Metadata.Add(new LateHandler(compiled));
        return new(context => compiled.Value(context), known?.EndpointMetadata ?? []);
    }

    /// <summary>Stands on every route mapped here, so that a test can compile them all: a handler that cannot be is found there and not by who asks for it first.</summary>
    internal sealed class LateHandler(Lazy<RequestDelegate> compiled)
    {
        public bool IsCompiled => compiled.IsValueCreated;

        public RequestDelegate Compile() => compiled.Value;
    }
}
