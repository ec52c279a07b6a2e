using System.CommandLine;
using Chartroom.Accounts;
using Chartroom.AuditLog;
using Chartroom.Bench;
using Chartroom.Codes;
using Chartroom.Demo;
using Chartroom.Import;
using Chartroom.Keys;
using Chartroom.Exports;
using Chartroom.OnlineBooking;
using Chartroom.OutsideCalendars;
using Chartroom.Platform;
using Chartroom.Platform.Tenancy;
using Chartroom.Scribe;
using Chartroom.Staff;

namespace Chartroom.Shell;

/// <summary>What the program can do, one verb each. Each capability adds its own.</summary>
internal static class Verbs
{
    /// <summary>Verbs that never open the database, and those that bring it up to date first and then do themselves what <see cref="HoldAsync"/> does.
    /// Whatever is not named here is held, so that a new verb cannot be forgotten.</summary>
    internal static readonly string[] NotHeld = ["witness", "audit keys", "bench notes", "bench clauses", "bench pairs", "bench negation", "bench planted", "bench orders", "bench coverage", "bench speech", "bench hearing", "serve", "migrate", "demo"];

    /// <summary>All verbs.</summary>
    internal static RootCommand Root() => new("Chartroom runs outpatient clinics. See README.md for the first steps.")
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
        CodesVerb.Make(Quiet),
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        try
        {
            var parsed = root.Parse(args);
            if (OpensTheDatabase(parsed)) await HoldAsync();
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
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

    /// <summary>True for a verb that will be carried out and reads or writes clinics' data; not for a request for help or for words that are not understood.</summary>
    private static bool OpensTheDatabase(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return parsed.Errors.Count == 0 && command.Action is not null && parsed.Action == command.Action && !NotHeld.Contains(NameOf(command));
    }

    /// <summary>The words that lead to a command, <c>audit verify</c> for instance.</summary>
    internal static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{NameOf(parent)} {command.Name}" : command.Name;

    /// <summary>Before a verb touches anything: the database is of this program's version, and nobody is in it whose key was destroyed (KEY-3).</summary>
    private static async Task HoldAsync()
    {
        await using var app = Quiet();
        if (!await app.Services.GetRequiredService<Migrator>().IsCurrentAsync(CancellationToken.None))
            throw new WrongSettingException("The database is not up to date with this program. Bring it up to date first: chartroom migrate");
        await app.Services.GetRequiredService<Residency>().HoldAsync(CancellationToken.None);
        await app.Services.GetRequiredService<ReplayTombstones>().RunAsync(CancellationToken.None);
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
            await using var app = Host.Build([], builder => builder.Services
                .AddPlatformWorkers().AddAccountsWorkers().AddStaffWorkers().AddKeysWorkers().AddOutsideCalendarWorkers().AddOnlineBookingWorkers().AddScribeWorkers());
            if (parsed.GetValue(migrate) || parsed.GetValue(demo)) await app.Services.GetRequiredService<Migrator>().MigrateAsync(ct);
            else await app.Services.GetRequiredService<Catalogue>().HoldAsync(ct);
            await app.Services.GetRequiredService<Residency>().HoldAsync(ct);
            await app.Services.GetRequiredService<ReplayTombstones>().RunAsync(ct);   // before anything is read or the port opens
            if (parsed.GetValue(demo) && await app.Services.GetRequiredService<DemoClinic>().IsWantedAsync(ct))
                await app.Services.GetRequiredService<DemoClinic>().MakeAsync(Console.Out.WriteLineAsync, ct);
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
            await app.Services.GetRequiredService<ReplayTombstones>().RunAsync(ct);
            await Console.Out.WriteLineAsync("The database is up to date.");
            return 0;
        });
        return verb;
    }
}
