using Chartroom.Platform.Tenancy;

namespace Chartroom.ApiClients;

/// <summary>Programs that a clinic lets in by client credentials (ACC-10).</summary>
internal static class ApiClientsSetup
{
    public static IServiceCollection AddApiClients(this IServiceCollection services) => services
        .AddSingleton<ClientBook>().AddSingleton<CreateClientHandler>().AddSingleton<RotateSecretHandler>().AddSingleton<GiveTokenHandler>()
        .AddSingleton(new SpentRows("delete from platform.api_token where expires_at < @before", TimeSpan.FromDays(1)));

    public static void MapApiClients(this IEndpointRouteBuilder routes)
    {
        GiveTokenHandler.Map(routes);
        ClientRoutes.Map(routes);
    }
}
