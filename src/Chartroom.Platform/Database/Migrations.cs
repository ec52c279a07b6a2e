using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Platform.Database;

/// <summary>One forward-only SQL file. Its name orders it among those of all capabilities: <c>2026-11-22-01_patient_tenant</c>.</summary>
internal sealed record Migration(string Name, string Sql)
{
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
}

/// <summary>The SQL files that the program's assemblies carry, in order, for one side.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> OfPlatform = Load("_platform");
    public static readonly IReadOnlyList<Migration> OfTenant = Load("_tenant");

    private static List<Migration> Load(string side)
    {
        var assemblies = new[] { typeof(Migrations).Assembly, Assembly.Load("Chartroom") };
        var found = assemblies.SelectMany(assembly => assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("migrations/", StringComparison.Ordinal) && name.EndsWith(side + ".sql", StringComparison.Ordinal))
            .Select(name => new Migration(name["migrations/".Length..^".sql".Length], Read(assembly, name))));
        return [.. found.OrderBy(migration => migration.Name, StringComparer.Ordinal)];
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
