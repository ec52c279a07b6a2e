using System.CommandLine;
using Chartroom.AuditLog;
using Chartroom.Bench;
using Chartroom.Demo;
using Chartroom.Import;
using Chartroom.Keys;
using Chartroom.Exports;
using Chartroom.Platform;
using Chartroom.Platform.Tenancy;
using Chartroom.Staff;

namespace Chartroom.Shell;

/// <summary>What the program can do, one verb each. Each capability adds its own.</summary>
internal static class Verbs
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Chartroom runs outpatient clinics. See README.md for the first steps.")
        {
            Serve(),
            Migrate(),
            ImportVerb.Make(Quiet),
            ExportVerb.Make(),
            DemoVerb.Make(Quiet),
            BenchVerbs.Make(Quiet),
            AuditVerbs.Make(Quiet),
            WitnessVerb.Make(),
            KeysVerb.Make(Quiet),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (Exception error) when (StartTrouble.WordsFor(error) is { } words)
        {
            await Console.Error.WriteLineAsync(words);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;   // Ctrl-C while a verb was at work
        }
    }

    /// <summary>The program without its background work.</summary>
    private static WebApplication Quiet() => Host.Build([], _ => { });

    private static Command Serve()
    {
        var migrate = new Option<bool>("--migrate") { Description = "Bring the database up to date first." };
        var demo = new Option<bool>("--demo") { Description = "The same, and make the demo clinic when there is no clinic at all yet." };
        var verb = new Command("serve", "Serve the web pages and the API, and do the background work.") { migrate, demo };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = Host.Build([], builder => builder.Services.AddPlatformWorkers().AddStaffWorkers().AddKeysWorkers());
            if (parsed.GetValue(migrate) || parsed.GetValue(demo)) await app.Services.GetRequiredService<Migrator>().MigrateAsync(ct);
            else await app.Services.GetRequiredService<Catalogue>().HoldAsync(ct);
            if (parsed.GetValue(demo) && await app.Services.GetRequiredService<DemoClinic>().IsWantedAsync(ct))
                await app.Services.GetRequiredService<DemoClinic>().MakeAsync(Console.Out.WriteLineAsync, ct);
            await app.Services.GetRequiredService<ReplayTombstones>().RunAsync(ct);   // before the port opens
            await app.StartAsync(ct);
            await Console.Out.WriteLineAsync(DemoVerb.Greeting(app.Services));
            await app.WaitForShutdownAsync(ct);
            return 0;
        });
        return verb;
    }

    private static Command Migrate()
    {
        var verb = new Command("migrate", "Bring the database, and every clinic's schema in it, up to date. Safe to repeat.");
        verb.SetAction(async (_, ct) =>
        {
            await using var app = Host.Build([], _ => { });
            await app.Services.GetRequiredService<Migrator>().MigrateAsync(ct);
            await Console.Out.WriteLineAsync("The database is up to date.");
            return 0;
        });
        return verb;
    }
}
