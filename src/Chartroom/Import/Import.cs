using Chartroom.Platform;

namespace Chartroom.Import;

/// <summary>Records of other systems: what it adds to the program and which routes it has.</summary>
internal static class ImportCapability
{
    public static void AddImport(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(PlatformSetup.Read<ImportSettings>(configuration, "Import")).AddSingleton<ImportFileHandler>();

    public static void MapImport(this IEndpointRouteBuilder routes) => ImportRoutes.Map(routes);
}
