using Chartroom.Patients;

namespace Chartroom.Shell;

/// <summary>The list of capabilities: what each adds and which routes it has.</summary>
internal static class Capabilities
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddShell();
        builder.Services.AddApiDocument();
        builder.Services.AddPatients();
    }

    public static void Map(WebApplication app)
    {
        app.MapHealth();
        app.MapApiDocument();
        AssetFiles.Map(app);
        app.MapPatients();
    }
}
