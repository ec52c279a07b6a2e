using System.Security.Cryptography;
using Chartroom.Platform.News;
using Npgsql;

namespace Chartroom.Platform.Database;

/// <summary>
/// The two ways into the database. The administrator's (setting <c>ConnectionStrings:Postgres</c>) only migrates and provisions; the application
/// itself logs in as <c>chartroom_app</c>, which owns nothing, inherits nothing and may read nothing until a transaction takes a role.
/// </summary>
public sealed class DatabaseLogins : IAsyncDisposable
{
    private readonly NpgsqlDataSource application;
    private readonly NpgsqlDataSource administrator;
    private readonly NpgsqlDataSource listener;
    private Action<SentBatch>? watch;

    /// <param name="administratorConnection">Npgsql connection string of a role that may create roles and schemas.</param>
    /// <param name="options">Sizes and the directory that holds the application's password.</param>
    public DatabaseLogins(string administratorConnection, PlatformOptions options)
    {
        AppPassword = ReadOrMakePassword(options.SecretsDirectory);
        var common = new NpgsqlConnectionStringBuilder(administratorConnection)
        {
            IncludeErrorDetail = false,    // DETAIL holds row values, that is, PHI
            CancellationTimeout = -1,      // a cancelled COMMIT must look unknown, not successful (Patroni, synchronous mode)
            Timezone = "UTC",
        };
        administrator = Source(new(common.ConnectionString) { MaxPoolSize = 8, ApplicationName = "chartroom migrator" });
        var ours = new NpgsqlConnectionStringBuilder(common.ConnectionString) { Username = ApplicationLogin, Password = AppPassword, ApplicationName = "chartroom" };
        application = Source(new(ours.ConnectionString)
        {
            MaxPoolSize = options.MaxConnections,
            MaxAutoPrepare = options.PreparedStatements,
            NoResetOnClose = false,        // what injected SQL might leave on a connection must not reach the next clinic (docs/decisions/0007)
        });
        listener = Source(new(ours.ConnectionString) { Pooling = false });
    }

    /// <summary>Of the database's types only PostgreSQL's own are sent and read. Without being told so, the library reads all of them when it first connects, and every clinic's
    /// tables are types too: a second for each source at 500 clinics.</summary>
    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder connection) =>
        new NpgsqlDataSourceBuilder(connection.ConnectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();

    /// <summary>False for what is no connection string, a URL for instance.</summary>
    internal static bool CanRead(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The application's login role.</summary>
    public const string ApplicationLogin = "chartroom_app";

    /// <summary>What has just been committed, for whoever shows it.</summary>
    public NewsDesk News { get; } = new();

    /// <summary>Password of <see cref="ApplicationLogin"/>, made on first use and kept in the secrets directory.</summary>
    internal string AppPassword { get; }

    internal async Task<SqlPipe> OpenAsync(CancellationToken ct) => new(await application.OpenConnectionAsync(ct), watch);

    /// <summary>Shows every round trip of the application to the bench, which replays it with pgbench. Values are shown as they are sent: for a
    /// program that only measures, never for one that serves.</summary>
    public void WatchUnaudited(Action<SentBatch> watcher) => watch = watcher;

    /// <summary>False as it must be: each connection is reset before its next borrower (docs/decisions/0007).</summary>
    internal bool KeepsStateBetweenBorrowers => new NpgsqlConnectionStringBuilder(application.ConnectionString).NoResetOnClose;

    /// <summary>A connection as the administrator: migrations and provisioning only.</summary>
    internal ValueTask<NpgsqlConnection> OpenAdministratorAsync(CancellationToken ct) => administrator.OpenConnectionAsync(ct);

    /// <summary>A connection that only waits for notifications; it can read nothing, and goes back to no pool.</summary>
    internal ValueTask<NpgsqlConnection> OpenListenerAsync(CancellationToken ct) => listener.OpenConnectionAsync(ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        await listener.DisposeAsync();
        await administrator.DisposeAsync();
    }

    private static string ReadOrMakePassword(string directory)
    {
        SecretFiles.EnsureDirectory(directory);
        return SecretFiles.ReadOrMake(Path.Combine(directory, "app-login"), () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
    }
}
