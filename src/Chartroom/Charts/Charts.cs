using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>The chart: what it adds to the program and which routes it has.</summary>
internal static class ChartsCapability
{
    public static void AddCharts(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("entry", "content") { Place = "'content.' || version" })
        .AddSingleton(new SealedColumn("entry_version", "content") { CellTable = "entry", Row = "entry_id", Place = "'content.' || version" })
        .AddSingleton<OpenChartHandler>().AddSingleton<EntryFrameHandler>().AddSingleton<ReadEntriesHandler>().AddSingleton<AddEntriesHandler>().AddSingleton<AmendEntryHandler>();

    public static void MapCharts(this IEndpointRouteBuilder routes)
    {
        OpenChartHandler.Map(routes);
        EntryRoutes.Map(routes);
        EntryForms.Map(routes);
    }
}
