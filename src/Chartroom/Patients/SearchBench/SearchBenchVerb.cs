using System.CommandLine;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Patients;

/// <summary><c>bench search</c>: makes (or takes up again) the scratch clinic <c>bench-search</c> and measures the search box in it.</summary>
internal static class SearchBenchVerb
{
    public static Command Make()
    {
        var patients = new Option<int>("--patients") { Description = "How many patients the scratch clinic shall have.", DefaultValueFactory = _ => 100_000 };
        var slug = new Option<string>("--clinic") { Description = "Short name of the scratch clinic.", DefaultValueFactory = _ => "bench-search" };
        var verb = new Command("search", "Time the search box in a scratch clinic of synthetic patients. The clinic stays; a second run is quick.") { patients, slug };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = Shell.Host.Build([], _ => { });
            var clinic = await ScratchClinic.OpenAsync(app.Services, parsed.GetValue(slug)!, "Search bench", ct);
            var bench = new PatientSearchBench(app.Services.GetRequiredService<TenantDb>(), app.Services.GetRequiredService<SearchPatientsHandler>(), Console.Out);
            await bench.RunAsync(Actor.OfSystem(clinic, "cli"), parsed.GetValue(patients), ct);
            return 0;
        });
        return verb;
    }
}
