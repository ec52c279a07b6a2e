using Chartroom.Platform.Tenancy;
using Chartroom.Scribe;

namespace Chartroom.Demo;

/// <summary>Conversations we wrote, brought into the provider's latest visits as she would: each becomes a draft that waits for her review.</summary>
internal sealed class DemoTranscripts(TenantDb db, AddTranscriptHandler add, TimeProvider clock)
{
    /// <summary>How many were brought in; those that are there already count from the front, so that one cut off in the middle goes on.</summary>
    public async Task<int> MakeAsync(ClinicId clinic, CancellationToken ct)
    {
        var system = Actor.OfSystem(clinic, "cli");
        if (await PlanAsync(system, ct) is not { } plan) return 0;
        await PlantErrorsAsync(system, ct);
        var provider = new Actor(clinic, plan.Provider, ClinicRole.Provider, Origin.Job("cli"));
        var made = 0;
        foreach (var (visit, text) in plan.Visits.Zip(Texts()).Skip(plan.There))
            if ((await add.HandleAsync(visit, new(text), provider, ct)).IsOk) made++;
        return made;
    }

    /// <summary>The texts, in the order of their names.</summary>
    internal static IEnumerable<string> Texts() => typeof(DemoTranscripts).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("demo/transcripts/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        .Select(name =>
        {
            using var reader = new StreamReader(typeof(DemoTranscripts).Assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        });

    /// <summary>Every draft of the demo has a planted error: whoever tries it learns how well they review.</summary>
    private async Task PlantErrorsAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new("seeding.changed", "seeding"));
        await tx.ExecuteAsync("update seeding set one_in = 1, version = 2, changed_at = @now where version = 1", new { now = tx.Now }, ct);
        await tx.CommitAsync(ct);
    }

    private async Task<Plan?> PlanAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new("transcript.demo-planned", "transcript"));
        var there = await tx.QueryOneOrNoneAsync<long>("select count(*) from transcript", null, ct);
        var providers = await tx.QueryAsync<PersonId>("select id from staff where is_provider and has_account order by display_name limit 1", null, ct);
        var visits = providers.Count == 0 ? [] : await tx.QueryAsync<AppointmentId>(LatestVisits, new { provider = providers[0], now = clock.GetUtcNow() }, ct);
        await tx.CommitAsync(ct);
        return visits.Count == 0 || there >= visits.Count ? null : new(providers[0], visits, (int)there);
    }

    private sealed record Plan(PersonId Provider, List<AppointmentId> Visits, int There);

    private const string LatestVisits = """
        select id
        from appointment
        where provider_id = @provider and starts_at <= @now and status in ('completed', 'in_progress')
        order by starts_at desc
        limit 6
        """;
}
