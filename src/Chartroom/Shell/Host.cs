using Chartroom.Platform;
using Chartroom.Platform.Web;

namespace Chartroom.Shell;

/// <summary>The program, put together once for serving, for every verb and for the tests.</summary>
internal static class Host
{
    /// <param name="args">Configuration in the form <c>--Section:Key=value</c>.</param>
    /// <param name="configure">What the caller adds: workers to serve, a clock and settings in tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureHttpsDefaults(Tls.Configure);
        });
        configure(builder);
        builder.Services.ConfigureHttpJsonOptions(JsonBodies.Configure);
        builder.Services.AddPlatform(builder.Configuration);
        Capabilities.Add(builder);
        var app = builder.Build();
        app.UseTrustedProxies(app.Services.GetRequiredService<ProxySettings>());
        app.UseShell();
        app.UsePlatform();
        app.UseShellForPeople();
        Capabilities.Map(app);
        app.RefuseUndeclaredRoutes();
        return app;
    }
}
