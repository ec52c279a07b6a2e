using Chartroom.Platform.Tenancy;
using Chartroom.Shell;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chartroom;

/// <summary>One real database for the whole run, migrated once, for tests that need no clinic or make their own. Where tests have clinics: <see cref="TestPlaces"/>.</summary>
internal static class TestDatabase
{
    private static readonly Lazy<Task<string>> Ready = new(PrepareAsync);

    /// <summary>Directory of keys and secrets of this run.</summary>
    public static string DataDirectory { get; } = Directory.CreateTempSubdirectory("chartroom-test-").FullName;

    /// <summary>Administrator's connection string of the migrated database. A missing PostgreSQL fails: <c>./test</c> brings one.</summary>
    public static Task<string> ConnectionAsync() => Ready.Value;

    private static async Task<string> PrepareAsync()
    {
        // Where the framework would put large bodies in the clear. Nothing may use it: a request that does fails its test.
        Environment.SetEnvironmentVariable("ASPNETCORE_TEMP", "/no/bodies/on/disk");
        var server = Environment.GetEnvironmentVariable("CHARTROOM_TEST_POSTGRES")
            ?? throw new InvalidOperationException("No PostgreSQL for the tests. Run ./test, or set CHARTROOM_TEST_POSTGRES to an administrator's connection string.");
        const string name = "chartroom_test";
        await using (var connection = new NpgsqlConnection(server))
        {
            await connection.OpenAsync();
            await using var drop = new NpgsqlCommand($"drop database if exists {name} with (force)", connection);
            await drop.ExecuteNonQueryAsync();
            await using var create = new NpgsqlCommand($"create database {name}", connection);
            await create.ExecuteNonQueryAsync();
        }
        var database = new NpgsqlConnectionStringBuilder(server) { Database = name, IncludeErrorDetail = true }.ConnectionString;
        await using var host = Host.Build(Settings(database), builder => builder.WebHost.UseTestServer());
        await host.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        return database;
    }

    /// <summary>Configuration of a host on that database.</summary>
    public static string[] Settings(string database, string? directory = null) =>
    [
        $"--ConnectionStrings:Postgres={database}", $"--Chartroom:DataDirectory={directory ?? DataDirectory}", "--Chartroom:MaxConnections=30", "--Logging:LogLevel:Default=Warning",
        // All tests come from one address in one minute; a test of the limits sets its own.
        "--RateLimits:Door=1000000", "--RateLimits:Stranger=1000000", "--RateLimits:Work=1000000", "--RateLimits:Bulk=1000000", "--RateLimits:Light=1000000",
    ];
}
