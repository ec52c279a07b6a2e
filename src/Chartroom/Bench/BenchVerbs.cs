using System.CommandLine;
using Chartroom.Demo;
using Chartroom.Platform.Tenancy;
using Chartroom.Scribe.Bench;

namespace Chartroom.Bench;

/// <summary>The verb <c>bench</c>: one command under it for each thing measured.</summary>
internal static class BenchVerbs
{
    /// <param name="build">Puts the program together without workers.</param>
    public static Command Make(Func<WebApplication> build)
    {
        var bench = All(build);
        foreach (var verb in VerifierVerbs.Make()) bench.Subcommands.Add(verb);
        return bench;
    }

    private static Command All(Func<WebApplication> build) => new("bench", "Measure the program. bench/README.md says what the figures mean.")
    {
        Load(build), FillVerb.Make(build), SlotsBench.Make(build), Day(), PageBench.Make(), PagesBench.Make(), LiveBench.Make(), ChartBench.Make(), Growth(), Notes(), Patients.SearchBenchVerb.Make(), AuditLog.AuditBench.Make(build), RotateBench.Make(build), StartBench.Make(build), Codes.CodesBench.Make(build),
    };

    private static Command Load(Func<WebApplication> build)
    {
        var url = new Option<string>("--url") { Description = "Where the program runs.", DefaultValueFactory = _ => "http://localhost:8080" };
        Hold(url, IsAddress, "an address such as http://localhost:8080");
        var connections = new Option<int>("--connections") { Description = "How many ask at once.", DefaultValueFactory = _ => 8 };
        var seconds = new Option<int>("--seconds") { Description = "Length of one drive.", DefaultValueFactory = _ => 10 };
        Hold(connections, text => IsFrom1To(text, 200), "a number from 1 to 200");
        Hold(seconds, text => IsFrom1To(text, 600), "a number from 1 to 600");
        var verb = new Command("load", "Drive day view, open chart and book on the demo clinic, and compare with pgbench running the same SQL.") { url, connections, seconds };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = build();
            if (app.Services.GetRequiredService<DemoAccounts>().Read().FirstOrDefault(it => it.Role == "provider") is not { } account)
            {
                await Console.Error.WriteLineAsync("Stopped: there is no demo clinic to measure on. Make one: ./chartroom demo");
                return 1;
            }
            var settings = new LoadSettings
            {
                Url = new(parsed.GetValue(url)!),   // has a default
                Email = account.Email,
                Password = account.Password,
                TotpSecret = account.TotpSecret,
                Connections = parsed.GetValue(connections),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            };
            var administrator = app.Services.GetRequiredService<IConfiguration>().GetConnectionString("Postgres");
            return await new LoadBench(settings, Console.Out).RunAsync(administrator, ct);
        });
        return verb;
    }

    private static Command Day()
    {
        var requests = new Option<int>("--requests") { Description = "How many requests are timed.", DefaultValueFactory = _ => 500 };
        Hold(requests, text => IsFrom1To(text, 100_000), "a number from 1 to 100000");
        var slug = DayOf();
        var verb = new Command("day", "Time the day view of 12 providers with 40 visits each, in a scratch clinic that stays.") { requests, slug };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var server = BenchServer.Build();
            return await new DayBench(server, await new DayClinic(server.Services).OpenAsync(parsed.GetValue(slug)!, ct), Console.Out).RunAsync(parsed.GetValue(requests), ct);   // has a default
        });
        return verb;
    }

    /// <summary>The clinic whose full day is timed.</summary>
    internal static Option<string> DayOf()
    {
        var slug = new Option<string>("--clinic") { Description = $"Short name of the scratch clinic: {DayClinic.Slug}, or {BigClinic.Slug} once bench fill has filled it.", DefaultValueFactory = _ => DayClinic.Slug };
        Hold(slug, text => text.StartsWith("bench-", StringComparison.Ordinal), "a name that begins with bench-");
        return slug;
    }

    private static Command Growth()
    {
        var requests = new Option<int>("--requests") { Description = "How many requests of each act are timed at each clinic.", DefaultValueFactory = _ => 200 };
        Hold(requests, text => IsFrom1To(text, 10_000), "a number from 1 to 10000");
        var verb = new Command("growth", "Compare a clinic of a thousand visits with one of a million (bench fill), act by act.") { requests };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var server = BenchServer.Build();
            var account = new BenchAccount(server.Services.GetRequiredService<PlatformDb>());
            await new DayClinic(server.Services).OpenAsync(DayClinic.Slug, ct);
            var (small, big) = (await Shell.ScratchClinic.OpenAsync(server.Services, DayClinic.Slug, "Day bench", ct), await Shell.ScratchClinic.OpenAsync(server.Services, BigClinic.Slug, "Big bench", ct));
            await new GrowthBench(server, Console.Out).RunAsync((small, (await account.OpenAsync(small, DayClinic.Slug, "admin", ct)).Token), (big, (await account.OpenAsync(big, BigClinic.Slug, "admin", ct)).Token), parsed.GetValue(requests), ct);
            return 0;
        });
        return verb;
    }

    internal static bool IsFrom1To(string text, int most) => int.TryParse(text, out var number) && number >= 1 && number <= most;

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");

    internal static void Hold(Option option, Func<string, bool> isGood, string wanted) => option.Validators.Add(given =>
    {
        if (!given.Tokens.All(token => isGood(token.Value))) given.AddError($"{option.Name} takes {wanted}.");
    });

    private static Command Notes()
    {
        var input = new Argument<FileInfo>("IN.csv") { Description = "Columns encounter_id and dialogue." };
        var output = new Argument<FileInfo>("OUT.csv") { Description = "Gets the columns encounter_id and note." };
        var verb = new Command("notes", "Draft a note for every dialogue of a CSV file with the built-in drafter; where the file has notes too, say how like those they are.") { input, output };
        verb.SetAction(async (parsed, ct) =>
        {
            var (from, to) = (parsed.GetValue(input)!, parsed.GetValue(output)!);   // both are required
            if (!from.Exists)
            {
                await Console.Error.WriteLineAsync($"Stopped: there is no file {from.FullName}.");
                return 1;
            }
            await Console.Out.WriteLineAsync($"{await NotesBench.RunAsync(from.FullName, to.FullName, Console.Out, ct)} notes written to {to.FullName}");
            return 0;
        });
        return verb;
    }
}
