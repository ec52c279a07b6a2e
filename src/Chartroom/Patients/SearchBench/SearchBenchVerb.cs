using System.CommandLine;
using Chartroom.Platform.Tenancy;
using Chartroom.Shell;

namespace Chartroom.Patients;

/// <summary><c>bench search</c>: makes (or takes up again) the scratch clinic <c>bench-search</c> and measures the search box in it.</summary>
internal static class SearchBenchVerb
{
    private const string Slug = "bench-search";

    public static Command Make()
    {
        var patients = new Option<int>("--patients") { Description = "How many patients the scratch clinic shall have.", DefaultValueFactory = _ => 100_000 };
        var verb = new Command("search", "Time the search box in a scratch clinic of synthetic patients. The clinic stays; a second run is quick.") { patients };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = Shell.Host.Build([], _ => { });
            var clinic = await ClinicAsync(app.Services, ct);
            var bench = new PatientSearchBench(app.Services.GetRequiredService<TenantDb>(), app.Services.GetRequiredService<SearchPatientsHandler>(), Console.Out);
            await bench.RunAsync(Actor.OfSystem(clinic, "cli"), parsed.GetValue(patients), ct);
            return 0;
        });
        return verb;
    }

    private static async Task<ClinicId> ClinicAsync(IServiceProvider services, CancellationToken ct)
    {
        var id = ClinicId.New();
        await using (var tx = await services.GetRequiredService<PlatformDb>().BeginAsync(Origin.Job("cli"), ct))
        {
            if (await tx.QueryOneOrNoneAsync<ClinicId?>("select id from platform.clinic where slug = @slug", new { slug = Slug }, ct) is { } known) id = known;
            else
            {
                await tx.ExecuteAsync("""
                    insert into platform.clinic (id, slug, name, time_zone, state)
                    values (@id, @slug, 'Search bench', 'America/Denver', 'provisioning')
                    """, new { id, slug = Slug }, ct);
                tx.Audit(new("clinic.created", "clinic", id.Value), null, id);
                await tx.CommitAsync(ct);
            }
        }
        await services.GetRequiredService<ClinicProvisioner>().ProvisionAsync(id, ct);
        return id;
    }
}
