using Chartroom.Charts;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Orders;

/// <summary>What clinicians have decided to have done: what orders add to the program and which routes they have.</summary>
internal static class OrdersSetup
{
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("visit_order", "content"))
        .AddSingleton<ReadOrdersHandler>().AddSingleton<PlaceOrderHandler>().AddSingleton<EndOrderHandler>()
        .AddSingleton(new VisitPageSection("Orders", Permission.SeeCharts, typeof(VisitOrders)))
        .AddSingleton(new ChartSection(typeof(ChartOrders))).AddSingleton(new PageToast(typeof(OrderToast)));

    public static void MapOrders(this IEndpointRouteBuilder routes) => OrderRoutes.Map(routes);
}
