using System.Globalization;
using Chartroom.Faults;
using Chartroom.Platform.Outbox;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Chartroom.Demo;

public sealed class DemoTests
{
    private const string Database = "chartroom_demo_test";

    [Fact]
    public async Task A_demo_that_is_killed_again_and_again_while_it_is_made_ends_as_the_whole_demo()
    {
        var database = await FreshAsync();
        await using var line = new CutLine(database);
        await StartAsync(line, int.MaxValue, (services, ct) => services.GetRequiredService<Migrator>().MigrateAsync(ct));

        for (var step = 200; await CountAsync(database, "patient") < 200; step *= 3) await StartAsync(line, step, MakeAsync);
        if (await CountAsync(database, "appointment") == 0)
        {
            foreach (var step in new[] { 8, 14, 20 })
            {
                await StartAsync(line, step, VisitsAsync);
                Assert.Equal(0, await CountAsync(database, "appointment"));   // the visits are one transaction
            }
            await StartAsync(line, int.MaxValue, VisitsAsync);
        }
        for (var step = 60; await CountAsync(database, "transcript") < 6; step += 20) await StartAsync(line, step, MakeAsync);   // short steps: the transcripts are cut apart
        await StartAsync(line, int.MaxValue, (services, ct) => services.GetRequiredService<DemoClinic>().MakeAsync(_ => throw new InvalidOperationException("Something was still missing."), ct));

        Assert.Equal(200, await CountAsync(database, "patient"));
        Assert.Equal(200, await CountAsync(database, "patient where exists (select from entry where entry.patient_id = patient.id)"));
        Assert.Equal((6L, 6L), (await CountAsync(database, "transcript"), await CountAsync(database, "draft where kind = 'note'")));
        Assert.Equal((2L, 1L), (await CountAsync(database, "entry where to_see = 'abnormal' and seen_version is null"), await CountAsync(database, "entry where to_see = 'normal' and seen_version is null")));
        Assert.InRange(await CountAsync(database, "visit_note"), 100, 2000);
        Assert.Equal((2L, 6L, 6L), (await CountAsync(database, "location"), await CountAsync(database, "room"), await CountAsync(database, "staff")));
        Assert.Equal(100_200L, await OneAsync(database, "select max(mrn::bigint) from patient"));   // no number was lost to a kill
    }

    private static Task MakeAsync(IServiceProvider services, CancellationToken ct) => services.GetRequiredService<DemoClinic>().MakeAsync(_ => Task.CompletedTask, ct);

    private static async Task VisitsAsync(IServiceProvider services, CancellationToken ct)
    {
        var clinic = (await services.GetRequiredService<DemoClinic>().FindAsync(ct))!.Value;   // it was made before
        await services.GetRequiredService<DemoSchedule>().MakeAsync(Actor.OfSystem(clinic, "cli"), ct);
    }

    /// <summary>A start of the program, killed after so many statements.</summary>
    private static async Task StartAsync(CutLine line, int statements, Func<IServiceProvider, CancellationToken, Task> act)
    {
        line.CutAfter(statements);
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-19T17:05:00Z", CultureInfo.InvariantCulture));
        await using (var program = Host.Build(TestDatabase.Settings(line.Connection), builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IMailTransport, MailSink>();
        }))
        {
            try
            {
                await act(program.Services, CancellationToken.None);
            }
            catch (NpgsqlException) when (line.IsDown)
            {
                // that is the kill
            }
        }
        await line.SettleAsync();
    }

    private static async Task<string> FreshAsync()
    {
        var server = await TestDatabase.ConnectionAsync();
        await OneAsync(server, $"drop database if exists {Database} with (force)");
        await OneAsync(server, $"create database {Database}");
        return new NpgsqlConnectionStringBuilder(server) { Database = Database }.ConnectionString;
    }

    private static async Task<long> CountAsync(string database, string from)
    {
        if (await OneAsync(database, "select count(*) from pg_namespace where nspname like 'tenant\\_%'") is 0L) return 0;
        return (long)(await OneAsync(database, $"select count(*) from {from}"))!;
    }

    private static async Task<object?> OneAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var path = new NpgsqlCommand("select set_config('search_path', coalesce((select nspname from pg_namespace where nspname like 'tenant\\_%' limit 1), 'public') || ', public', false)", connection);
        await path.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
