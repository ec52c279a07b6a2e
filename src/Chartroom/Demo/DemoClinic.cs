using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Staff;

namespace Chartroom.Demo;

/// <summary>Makes the demo clinic, once. Cut off in the middle, it goes on where it stopped: each part looks whether it is there.</summary>
internal sealed class DemoClinic(PlatformDb platform, TenantDb db, ClinicProvisioner provisioner, DemoAccounts accounts, IServiceProvider services)
{
    public const string Slug = "demo";

    /// <summary>Makes what is missing; reports each step in a line.</summary>
    /// <param name="say">Takes a line for the console.</param>
    /// <param name="ct">Cancels.</param>
    public async Task MakeAsync(Func<string, Task> say, CancellationToken ct)
    {
        var clinic = await FindAsync(ct);
        if (clinic is null)
        {
            clinic = ClinicId.New();
            await accounts.MakeAsync(clinic.Value, Slug, ct);
        }
        await provisioner.ProvisionAsync(clinic.Value, ct);
        await services.GetRequiredService<StaffMirror>().BringInLineAsync(clinic.Value, ct);
        var actor = Actor.OfSystem(clinic.Value, "cli");
        if (await DemoPlaces.MakeAsync(db, actor, ct)) await say("Locations, rooms, visit types and hours are there.");
        var made = await MakePatientsAsync(actor, ct);
        if (made > 0) await say($"{made} made-up patients with charts are there.");
        var visits = await services.GetRequiredService<DemoSchedule>().MakeAsync(actor, ct);
        if (visits > 0) await say($"{visits} visits of three months back and two ahead are there; today is under way.");
        var papers = await DemoPapers.MakeAsync(db, actor, ct);
        if (papers > 0) await say($"The clinic asks for forms; {papers} were received, some are missing.");
        var postings = await services.GetRequiredService<DemoLedger>().MakeAsync(actor, ct);
        if (postings > 0) await say($"{postings} charges and payments are there; some patients owe something.");
        var results = await DemoResults.MakeAsync(db, actor, ct);
        if (results > 0) await say($"{results} laboratory results wait until a provider has seen them.");
        var notes = await DemoNotes.MakeAsync(db, clinic.Value, ct);
        if (notes > 0) await say($"{notes} past visits have a signed note; those of the last days wait.");
        var drafts = await services.GetRequiredService<DemoTranscripts>().MakeAsync(clinic.Value, ct);
        if (drafts > 0) await say($"{drafts} visits have a transcript and a draft that waits for review.");
    }

    /// <summary>The demo clinic, or null.</summary>
    public async Task<ClinicId?> FindAsync(CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        return (await tx.QueryAsync<ClinicId>("select id from platform.clinic where slug = @slug", new { slug = Slug }, ct)).Select(id => (ClinicId?)id).SingleOrDefault();
    }

    /// <summary>True when there is no clinic yet, or a demo clinic that was cut off while being made.</summary>
    public async Task<bool> IsWantedAsync(CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("cli"), ct);
        return await tx.QueryOneOrNoneAsync<bool>("select not exists (select from platform.clinic) or exists (select from platform.clinic where slug = @slug)", new { slug = Slug }, ct);
    }

    private async Task<int> MakePatientsAsync(Actor actor, CancellationToken ct)
    {
        var there = await CountAsync(actor, ct);
        var (number, made) = (0, 0);
        foreach (var person in DemoPeople.All(DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime)))
        {
            if (number++ < there) continue;
            await MakePatientAsync(actor, number, person, ct);
            made++;
        }
        return made;
    }

    private async Task<long> CountAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        var count = await tx.QueryOneOrNoneAsync<long>("select count(*) from patient", null, ct);
        tx.Audit(new("patient.counted", "patient"));
        await tx.CommitAsync(ct);
        return count;
    }

    private async Task MakePatientAsync(Actor actor, int number, Demographics person, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        var created = await PatientRegister.CreateAsync(tx, person, "patient.created", ct);
        var key = await tx.OpenPatientAsync(created.Value.Id, new("entry.written", "patient", created.Value.Id.Value), ct)
            ?? throw new InvalidOperationException("A patient just made has a key.");
        foreach (var entry in DemoCharts.Of(number, person.BirthDate!.Day!.Value, tx.Now)) ChartBook.Add(tx, key, new(EntryId.New(), created.Value.Id, entry));
        await tx.CommitAsync(ct);
    }
}
