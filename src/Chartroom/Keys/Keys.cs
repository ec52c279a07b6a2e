using Chartroom.Platform;

namespace Chartroom.Keys;

/// <summary>The clinic's keys: seeing their versions, rotating them, destroying a patient's.</summary>
internal static class KeysSetup
{
    public static void AddKeys(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(PlatformSetup.Read<KeySettings>(configuration, "Keys")).AddSingleton<RotateKeysHandler>().AddSingleton<RotationWorker>()
        .AddSingleton<TombstoneList>().AddSingleton<DestroyPatientKeyHandler>().AddSingleton<ReplayTombstones>()
        .AddSingleton<PatientDestructions>().AddSingleton<DestructionMails>().AddSingleton<AskPatientDestructionHandler>().AddSingleton<WithdrawPatientDestructionHandler>().AddSingleton<ConfirmPatientDestructionHandler>();

    /// <summary>Work in the background, for the verb <c>serve</c>.</summary>
    public static IServiceCollection AddKeysWorkers(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<RotationWorker>());

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        RotateKeysHandler.Map(routes);
        PatientDestructionRoutes.Map(routes);
    }
}
