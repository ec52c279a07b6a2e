using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Codes;

/// <summary><c>bench codes</c>: times the search of diagnoses as the handler answers it, kind by kind of what people type. The goal is 200 ms at p95.</summary>
internal static class CodesBench
{
    private const int Rounds = 20, Made = 98_000;

    /// <param name="build">Puts the program together without workers.</param>
    public static Command Make(Func<WebApplication> build)
    {
        var made = new Option<bool>("--made") { Description = "Without a loaded edition: measure on 98,000 made-up titles, which are taken out again." };
        var verb = new Command("codes", "Time the search of ICD-10-CM over the loaded edition.") { made };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = build();
            var isLoaded = await DiagnosisCodes.EditionAsync(app.Services.GetRequiredService<PlatformDb>(), Origin.Job("cli"), ct) is not null;
            if (!isLoaded && !parsed.GetValue(made))
            {
                await Console.Error.WriteLineAsync("Stopped: no edition is loaded. Load one (./chartroom codes load FILE), or measure on made-up titles: bench codes --made");
                return 1;
            }
            var load = app.Services.GetRequiredService<LoadCodesHandler>();
            if (!isLoaded) _ = (await load.HandleAsync(Encoding.ASCII.GetBytes(MadeFile(Made)), "made up", ct)).Value;
            await MeasureAsync(app.Services.GetRequiredService<FindCodesHandler>(), Console.Out, ct);
            if (!isLoaded) await load.UnloadAsync(ct);
            return 0;
        });
        return verb;
    }

    internal static async Task MeasureAsync(FindCodesHandler find, TextWriter output, CancellationToken ct)
    {
        await output.WriteLineAsync("typed                        hits   p50 ms   p95 ms   max ms");
        var all = new List<double>();
        foreach (var (kind, phrases) in Phrases)
        {
            var (times, hits) = (new List<double>(), 0);
            foreach (var phrase in phrases) await find.HandleAsync(new(phrase), Origin.Job("cli"), ct);   // once to warm up
            for (var round = 0; round < Rounds; round++)
                foreach (var phrase in phrases)
                {
                    var start = Stopwatch.GetTimestamp();
                    hits += (await find.HandleAsync(new(phrase), Origin.Job("cli"), ct)).Value.Codes.Count;
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            all.AddRange(times);
            await output.WriteLineAsync(LineOf(kind, times, (double)hits / times.Count));
        }
        await output.WriteLineAsync(LineOf("all", all, null));
    }

    private static readonly (string Kind, string[] Phrases)[] Phrases =
    [
        ("two letters", ["fr", "di", "in", "ac", "un"]), ("one word", ["diabetes", "fracture", "asthma", "hypertension", "encounter"]),
        ("beginnings, any order", ["left fem frac", "retin diab", "init enc clos fra", "unspec pain"]), ("code", ["E11", "e11.9", "S72", "I10"]), ("as people say it", ["heart attack", "uti", "broken left arm"]),
        ("nothing", ["qqqq zz", "xyzzy"]),
    ];

    private static string LineOf(string kind, List<double> times, double? hits)
    {
        times.Sort();
        double At(double share) => times[Math.Max(0, (int)Math.Ceiling(times.Count * share) - 1)];
        return string.Create(CultureInfo.InvariantCulture, $"{kind,-26} {hits,6:0.0} {At(0.5),8:0.0} {At(0.95),8:0.0} {times[^1],8:0.0}");
    }

    /// <summary>As long, as repetitive and as skewed as the published file, and about nothing: every code and title is put together from lists of words.</summary>
    internal static string MadeFile(int count)
    {
        string[] kinds = ["Fracture", "Displaced fracture", "Diabetes", "Pain", "Hypertension", "Asthma", "Open wound", "Burn", "Unspecified injury", "Myocardial infarction", "Urinary tract infection", "Disorder"];
        string[] parts = ["femur", "tibia", "radius", "ulna", "humerus", "shoulder", "wrist", "knee", "eye", "ear", "retina", "skin", "kidney", "lung", "arm", "hip", "hand", "foot"];
        string[] sides = ["left", "right", "bilateral", "unspecified"], ends = ["initial encounter for closed fracture", "subsequent encounter with routine healing", "sequela", "initial encounter", "without complication"];
        var text = new StringBuilder(count * 160);
        for (var i = 0; i < count; i++)
        {
            var code = $"{(char)('A' + (i % 26))}{i / 26 % 100:00}{i / 2600 % 100:00}";
            var title = $"{kinds[i % kinds.Length]} of {sides[i / 7 % 4]} {parts[i / 3 % parts.Length]}, {ends[i / 11 % ends.Length]}, kind {i}";
            text.Append(CultureInfo.InvariantCulture, $"{i % 100000:00000} {code,-7} {(i % 4 == 0 ? 0 : 1)} {title[..Math.Min(60, title.Length)],-60} {title}\n");
        }
        return text.ToString();
    }
}
