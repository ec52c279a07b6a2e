using Chartroom.Platform.Vault;
using Chartroom.Shell;

namespace Chartroom.Charts;

/// <summary>The chart: what it adds to the program and which routes it has.</summary>
internal static class ChartsCapability
{
    public static void AddCharts(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("entry", "content") { Place = "'content.' || version" })
        .AddSingleton(new SealedColumn("entry_version", "content") { CellTable = "entry", Row = "entry_id", Place = "'content.' || version" })
        .AddSingleton(new SealedColumn("result_seen", "content"))
        .AddSingleton<OpenChartHandler>().AddSingleton<EntryFrameHandler>().AddSingleton<ReadEntriesHandler>().AddSingleton<AddEntriesHandler>().AddSingleton<AmendEntryHandler>()
        .AddSingleton<ProblemCode>().AddSingleton<SeeResultHandler>().AddSingleton<PutAwayHandler>().AddSingleton<RestoreHandler>().AddSingleton<PutAwayListHandler>().AddSingleton<AskDestructionHandler>().AddSingleton<DestroyEntryHandler>().AddSingleton<UndoChangeHandler>().AddSingleton(new PageToast(typeof(ChartToast)));

    public static void MapCharts(this IEndpointRouteBuilder routes)
    {
        OpenChartHandler.Map(routes);
        EntryRoutes.Map(routes);
        EntryForms.Map(routes);
        PutAwayRoutes.Map(routes);
        InPlaceRoutes.Map(routes);
        DestructionRoutes.Map(routes);
        ResultRoutes.Map(routes);
    }
}
