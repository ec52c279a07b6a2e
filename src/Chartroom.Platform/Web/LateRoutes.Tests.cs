using System.Reflection;
using Chartroom.Shell;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;

namespace Chartroom.Platform.Web;

public sealed class LateRoutesTests
{
    [Fact]
    public async Task No_handler_is_compiled_before_it_is_asked_for_and_every_one_can_be()
    {
        await using var program = Host.Build(TestDatabase.Settings(await TestDatabase.ConnectionAsync()), builder => builder.WebHost.UseTestServer());
        var routes = ((IEndpointRouteBuilder)program).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        var late = routes.Select(route => route.Metadata.GetMetadata<LateRoutes.LateHandler>()).OfType<LateRoutes.LateHandler>().ToList();

        Assert.True(late.Count > 700, $"{late.Count} routes");
        Assert.Empty(routes.Where(route => route.Metadata.GetMetadata<MethodInfo>() is not null && route.Metadata.GetMetadata<LateRoutes.LateHandler>() is null && route.RoutePattern.RawText != "/openapi.json").Select(route => route.DisplayName));   // mapped past LateRoutes
        Assert.DoesNotContain(late, it => it.IsCompiled);
        Assert.All(late, it => it.Compile());
    }
}
