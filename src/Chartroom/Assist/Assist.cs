using System.ComponentModel.DataAnnotations;
using Chartroom.Platform;
using Chartroom.Platform.Vault;
using Chartroom.Platform.Web;

namespace Chartroom.Assist;

/// <summary>Settings of outside models, section <c>Assist</c>. Which one a clinic uses is the clinic's.</summary>
public sealed record AssistSettings
{
    /// <summary>True to let clinics choose a model that runs on this machine, in the clear and on any port.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Seconds one answer may take, 10 to 600.</summary>
    [Range(10, 600, ErrorMessage = "Assist__TimeoutSeconds is 10 to 600.")] public int TimeoutSeconds { get; init; } = 120;

    /// <summary>Most tokens of an answer, 1000 to 64000.</summary>
    [Range(1000, 64000, ErrorMessage = "Assist__MostTokens is 1000 to 64000.")] public int MostTokens { get; init; } = 8192;
}

/// <summary>Outside models that draft, chosen by each clinic for each feature; off until an administrator turns one on.</summary>
internal static class AssistSetup
{
    public static IServiceCollection AddAssist(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = PlatformSetup.Read<AssistSettings>(configuration, "Assist");
        services.AddTransient<ModelDoor>();
        services.AddHttpClient(ModelClients.Client, http => http.Timeout = Timeout.InfiniteTimeSpan)   // Assistant holds the time itself
            .ConfigurePrimaryHttpMessageHandler(() => OpenInternet.Handler(settings.AllowLoopback, TimeSpan.FromSeconds(10))).AddHttpMessageHandler<ModelDoor>().RemoveAllLoggers();
        return services.AddSingleton(settings).AddSingleton<ModelClients>().AddSingleton<Assistant>().AddSingleton<Transcriber>().AddSingleton<ChoiceBook>()
            .AddSingleton(new SealedColumn("assist_choice", "api_key") { OfPatient = null, Row = "row_id" });
    }

    public static void MapAssist(this IEndpointRouteBuilder routes) => AssistantRoutes.Map(routes);
}
