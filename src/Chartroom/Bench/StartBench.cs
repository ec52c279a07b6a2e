using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Chartroom.Keys;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Bench;

/// <summary><c>bench start</c>: makes scratch clinics until there are so many, and times what a start does that grows with them. They stay: for a database of its own.</summary>
internal static class StartBench
{
    private const int AtOnce = 4, Rounds = 3;

    public static Command Make(Func<WebApplication> program)
    {
        var clinics = new Option<int>("--clinics") { Description = "How many scratch clinics there are to be.", DefaultValueFactory = _ => 1000 };
        var verb = new Command("start", "Time what a start does that grows with the clinics: the rules of the catalogue, the list of destroyed keys. Makes many clinics, which stay.") { clinics };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            await FillAsync(app.Services, parsed.GetValue(clinics), ct);
            await MeasureAsync("rules of the catalogue", () => app.Services.GetRequiredService<Catalogue>().HoldAsync(ct));
            await MeasureAsync("destroyed keys replayed", () => app.Services.GetRequiredService<ReplayTombstones>().RunAsync(ct));
            await MeasureAsync("migrations looked at", () => app.Services.GetRequiredService<Migrator>().MigrateAsync(ct));
            return 0;
        });
        return verb;
    }

    private static async Task FillAsync(IServiceProvider services, int wanted, CancellationToken ct)
    {
        var (made, watch) = ((await services.GetRequiredService<Migrator>().ClinicsAsync(ct)).Count, Stopwatch.StartNew());
        for (; made < wanted; made = Math.Min(wanted, made + 100))
        {
            watch.Restart();
            var upTo = Math.Min(wanted, made + 100);
            await Parallel.ForAsync(made, upTo, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                async (number, stop) => await ScratchClinic.OpenAsync(services, string.Create(CultureInfo.InvariantCulture, $"bench-start-{number:00000}"), "Start bench", stop));
            Say($"{upTo,6} clinics; the last {upTo - made} took {watch.Elapsed.TotalMilliseconds / (upTo - made):0} ms each, {AtOnce} at once");
        }
    }

    private static async Task MeasureAsync(string what, Func<Task> act)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await act();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }
        Say($"{what,-24} {best,8:0.00} s   (the best of {Rounds})");
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
