using System.CommandLine;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Bench;

/// <summary><c>bench fill</c>: the clinic that every list, search and calendar is judged in.</summary>
internal static class FillVerb
{
    public static Command Make(Func<WebApplication> program)
    {
        var patients = new Option<int>("--patients") { Description = "How many patients.", DefaultValueFactory = _ => 100_000 };
        var appointments = new Option<int>("--appointments") { Description = "How many visits over ten years.", DefaultValueFactory = _ => 1_000_000 };
        BenchVerbs.Hold(patients, text => BenchVerbs.IsFrom1To(text, 1_000_000), "a number from 1 to 1000000");
        BenchVerbs.Hold(appointments, text => BenchVerbs.IsFrom1To(text, 1_000_000), "a number from 1 to 1000000");
        var slug = new Option<string>("--clinic") { Description = "Short name of the scratch clinic.", DefaultValueFactory = _ => BigClinic.Slug };
        BenchVerbs.Hold(slug, text => text.StartsWith("bench-", StringComparison.Ordinal), "a name that begins with bench-");
        var verb = new Command("fill", "Fill a scratch clinic with 12 providers, many patients, ten years of visits, a year of postings, forms and tasks. It stays; a second run is quick.") { patients, appointments, slug };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            var clinic = await ScratchClinic.OpenAsync(app.Services, parsed.GetValue(slug)!, "Big bench", ct);   // has a default
            var big = new BigClinic(app.Services.GetRequiredService<TenantDb>(), app.Services.GetRequiredService<ClinicProvisioner>(), app.Services.GetRequiredService<TimeProvider>(), Console.Out);
            await big.FillAsync(clinic, parsed.GetValue(patients), parsed.GetValue(appointments), ct);
            return 0;
        });
        return verb;
    }
}
