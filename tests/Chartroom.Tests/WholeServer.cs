using Chartroom.Platform.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chartroom;

/// <summary>For tests that make databases of their own on the server that all share.</summary>
internal static class WholeServer
{
    /// <summary>Roles are the whole server's: another test's migration may be changing them at this very moment.</summary>
    public static async Task MigrateAsync(WebApplication app)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await app.Services.GetRequiredService<Migrator>().MigrateAsync(default);
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InternalError && tries < 10)
            {
                await Task.Yield();   // "tuple concurrently updated"
            }
        }
    }

    /// <summary>One statement as an administrator.</summary>
    public static async Task RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
