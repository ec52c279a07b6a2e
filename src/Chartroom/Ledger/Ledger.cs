using Chartroom.Patients;
using Chartroom.Platform.Vault;
using Chartroom.Shell;

namespace Chartroom.Ledger;

/// <summary>What patients owe: what the ledger adds to the program and which routes it has.</summary>
internal static class LedgerSetup
{
    public static IServiceCollection AddLedger(this IServiceCollection services) => services
        .AddSingleton(new SealedColumn("posting", "content"))
        .AddSingleton(LedgerDayHandler.Nightly)
        .AddSingleton<PostHandler>().AddSingleton<ReverseHandler>().AddSingleton<ReadAccountHandler>().AddSingleton<ReceiptHandler>().AddSingleton<LedgerDayHandler>().AddSingleton<LedgerRulesBook>().AddSingleton<LedgerRoutes.Readers>()
        .AddSingleton(new PatientPageSection("Account", Permission.SeeBalances, typeof(PatientAccount)))
        .AddSingleton(new PageToast(typeof(LedgerToast)));

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        LedgerApi.Map(routes);
        AccountRoutes.Map(routes);
        LedgerRoutes.Map(routes);
    }
}
