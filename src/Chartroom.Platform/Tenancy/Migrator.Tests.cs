using Chartroom.Shell;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Chartroom.Platform.Tenancy;

/// <summary>The migrator as another administrator than the private server's superuser.</summary>
public sealed class MigratorTests
{
    private const string Database = "chartroom_owned_test", Login = "chartroom_ops_test";

    [Fact]
    public async Task An_administrator_who_owns_the_database_and_may_make_roles_need_not_be_a_superuser()
    {
        var connection = await AsAsync("createrole");
        await using var program = Program(connection);

        await program.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        await program.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);

        Assert.True(await program.Services.GetRequiredService<Migrator>().IsCurrentAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_administrator_of_too_few_rights_is_told_which_are_missing()
    {
        var connection = await AsAsync("nocreaterole");
        await using var program = Program(connection);

        var error = await Assert.ThrowsAsync<PostgresException>(() => program.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None));

        Assert.Contains("It must own the database and have CREATEROLE", StartTrouble.WordsFor(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_at_one_clinic_keeps_no_other_waiting_and_is_told_with_its_clinic_and_kind()
    {
        await using var clinic = await TestClinic.OpenAsync();
        var (reached, told) = (new HashSet<ClinicId>(), new List<(Guid, string)>());

        Task EverySecond(ClinicId id) => reached.Add(id) && reached.Count % 2 == 1 ? throw new InvalidTimeZoneException() : Task.CompletedTask;
        await clinic.The<Migrator>().ForEachClinicAsync(EverySecond, (id, kind) => told.Add((id, kind)), default);

        Assert.Contains(clinic.Id, reached);
        Assert.Equal((reached.Count + 1) / 2, told.Count);
        Assert.All(told, it => Assert.True(reached.Contains(new(it.Item1)) && it.Item2 == nameof(InvalidTimeZoneException)));
    }

    [Theory]
    [InlineData("Host=/no/such/socket;Username=x;Database=x", "The database cannot be reached")]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Database=x", "The database cannot be reached")]
    [InlineData("postgres://me@here/chartroom", "Write it as Host=")]
    [InlineData("Hots=here", "Write it as Host=")]
    public async Task A_database_that_cannot_be_used_is_told_in_a_sentence(string connection, string words)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var program = Program(connection);
            await program.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        });

        Assert.Contains(words, StartTrouble.WordsFor(error), StringComparison.Ordinal);
    }

    private static Microsoft.AspNetCore.Builder.WebApplication Program(string connection) => Host.Build(TestDatabase.Settings(connection), builder => builder.WebHost.UseTestServer());

    /// <summary>A database of its own, owned by a login that has this right and no other.</summary>
    private static async Task<string> AsAsync(string right)
    {
        var server = await TestDatabase.ConnectionAsync();
        var (database, login) = ($"{Database}_{right}", $"{Login}_{right}");
        const string word = "ops-word-of-the-tests";
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        foreach (var sql in new[]
        {
            $"drop database if exists {database} with (force)",
            $"drop role if exists {login}",
            $"create role {login} login {right} password '{word}'",
            right == "createrole" ? $"grant chartroom_owner, chartroom_worker, chartroom_identity, chartroom_app to {login} with admin option" : "select 1",   // as who made them
            $"create database {database} owner {login}",
        })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        return new NpgsqlConnectionStringBuilder(server) { Username = login, Password = word, Database = database, Pooling = false }.ConnectionString;
    }
}
