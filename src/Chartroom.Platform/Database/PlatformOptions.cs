using System.ComponentModel.DataAnnotations;

namespace Chartroom.Platform.Database;

/// <summary>Where the program keeps its keys and secrets and finds its database. Section <c>Chartroom</c>.</summary>
public sealed record PlatformOptions
{
    /// <summary>Directory for the key file and the application's database password; made with mode 700. Default <c>./data</c>.</summary>
    [Required] public string DataDirectory { get; init; } = "data";

    /// <summary>How the world reaches this host, for links in e-mails. Default http://localhost:8080.</summary>
    [Required, Url] public string PublicUrl { get; init; } = "http://localhost:8080";

    /// <summary>Most connections the application keeps to PostgreSQL, 5 to 500.</summary>
    [Range(5, 500)] public int MaxConnections { get; init; } = 40;

    /// <summary>Statements prepared per connection; 0 behind PgBouncer older than 1.21.</summary>
    [Range(0, 1000)] public int PreparedStatements { get; init; } = 100;

    /// <summary>Directory for secrets, inside <see cref="DataDirectory"/>.</summary>
    public string SecretsDirectory => Path.Combine(DataDirectory, "secrets");

    /// <summary>Directory of the built-in witness of the audit logs, <c>witness</c> inside <see cref="DataDirectory"/>.</summary>
    public string WitnessDirectory => Path.Combine(DataDirectory, "witness");
}
