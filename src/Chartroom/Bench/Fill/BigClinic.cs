using System.Diagnostics;
using System.Globalization;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench fill</c>: a clinic of 12 providers with as many patients and visits as are asked for, and the money, forms and tasks that go with them, written by COPY. Patients go in parts of two thousand, visits one provider at
/// a time, each part one transaction with one event that names what it opened; what an earlier run has finished is not done again.
/// </summary>
internal sealed class BigClinic(TenantDb db, ClinicProvisioner provisioner, TimeProvider clock, TextWriter report)
{
    public const string Slug = "bench-big";
    private const int PatientsAtOnce = 2000;

    public async Task FillAsync(ClinicId clinic, int patients, int appointments, CancellationToken ct)
    {
        var actor = Actor.OfSystem(clinic, "cli");
        var watch = Stopwatch.StartNew();
        var plan = new BigPlan(new(patients, appointments, clock.GetUtcNow()));
        var places = await PlacesAsync(actor, plan, ct);
        var ids = await PatientsAsync(actor, plan, patients, ct);
        await SayAsync($"{ids.Count} patients", watch);
        long made = 0;
        await Parallel.ForAsync(0, BigPlan.Providers, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct },
            async (provider, stop) => Interlocked.Add(ref made, await VisitsAsync(actor, plan, places, (provider, ids), stop)));
        await SayAsync($"{made} visits more", watch);
        if (made > 0) await provisioner.SettleAsync(clinic, ct);
        made += await DeskAsync(actor, places, ids, watch, ct);
        if (made > 0) await provisioner.SettleAsync(clinic, ct);
        await SayAsync($"settled, {await CountAsync(actor, ct)}", watch);
    }

    /// <summary>What the desk has beside visits. After them, so that a million bookings need not look for tasks to close.</summary>
    private async Task<long> DeskAsync(Actor actor, BigPlaces places, IReadOnlyList<PatientId> ids, Stopwatch watch, CancellationToken ct)
    {
        var postings = await new BigMoney(db, clock.GetUtcNow()).MakeAsync(actor, places, ct);
        await SayAsync($"{postings} postings more", watch);
        var receipts = await new BigPapers(db).MakeAsync(actor, ct);
        await SayAsync($"{receipts} forms received more", watch);
        var tasks = await new BigTasks(db, clock.GetUtcNow()).MakeAsync(actor, places, ids, ct);
        await SayAsync($"{tasks} tasks more", watch);
        return postings + receipts + tasks;
    }

    private async Task<BigPlaces> PlacesAsync(Actor actor, BigPlan plan, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageClinic, ct);
        tx.Audit(new("clinic.filled", "clinic"));
        var places = await BigPlaces.OpenAsync(tx, plan, ct);
        await tx.CommitAsync(ct);
        return places;
    }

    private async Task<IReadOnlyList<PatientId>> PatientsAsync(Actor actor, BigPlan plan, int wanted, CancellationToken ct)
    {
        var there = await KnownAsync(actor, ct);
        if (there.Count >= wanted) return there;
        var (entered, seen) = Seen(plan, wanted);
        for (var from = there.Count; from < wanted; from += PatientsAtOnce)
        {
            await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
            EnteredPatient[] some = [.. Enumerable.Range(from, Math.Min(PatientsAtOnce, wanted - from)).AsParallel().AsOrdered().Select(number => new EnteredPatient(SyntheticPeople.Number(number), entered[number], seen[number]))];
            there.AddRange(await PatientRegister.CreateManyAsync(tx, some, "patient.created", ct));
            await tx.CommitAsync(ct);
        }
        return there;
    }

    /// <summary>When each patient was first booked and last came.</summary>
    private (DateTimeOffset[] Entered, DateTimeOffset[] Seen) Seen(BigPlan plan, int patients)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset[] entered = [.. Enumerable.Repeat(now, patients)], seen = new DateTimeOffset[patients];
        foreach (var visit in Enumerable.Range(0, BigPlan.Providers).SelectMany(plan.Of))
        {
            if (visit.Moves[0].At < entered[visit.Patient]) entered[visit.Patient] = visit.Moves[0].At;
            if (visit.Last.Status == "completed" && visit.Start > seen[visit.Patient]) seen[visit.Patient] = visit.Start;
        }
        for (var number = 0; number < patients; number++)
            if (seen[number] < entered[number]) seen[number] = entered[number];
        return (entered, seen);
    }

    private async Task<List<PatientId>> KnownAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeePatients, ct);
        var known = await tx.QueryAsync<PatientId>("select id from patient order by mrn", null, ct);
        tx.Audit(new("patient.counted", "patient"));
        await tx.CommitAsync(ct);
        return known;
    }

    /// <summary>All visits of a provider, in one transaction: they are there or they are not.</summary>
    private async Task<int> VisitsAsync(Actor actor, BigPlan plan, BigPlaces places, (int Provider, IReadOnlyList<PatientId> Patients) whose, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.BookAppointments, ct);
        tx.Audit(new("appointment.filled", "appointment"));
        var isThere = await tx.QueryOneOrNoneAsync<bool>("select exists (select from appointment where provider_id = @provider)", new { provider = places.Providers[whose.Provider] }, ct);
        List<BigVisit> visits = isThere ? [] : [.. plan.Of(whose.Provider)];
        if (visits.Count > 0)
        {
            var recent = clock.GetUtcNow().AddDays(-30);
            var asked = visits.Where(visit => visit.Start > recent).Select(visit => whose.Patients[visit.Patient]).ToHashSet();
            var rows = new BigRows(tx, places, whose.Patients, await tx.OpenPatientsAsync(asked, new("appointment.filled", "appointment"), ct));
            Guid[] ids = [.. visits.Select(_ => Guid.CreateVersion7())];
            await tx.CopyAsync(BigRows.CopyVisits, visits.Select((visit, number) => rows.Visit(ids[number], visit)), ct);
            await tx.CopyAsync(BigRows.CopyMoves, visits.SelectMany((visit, number) => rows.Moves(ids[number], visit)), ct);
        }
        await tx.CommitAsync(ct);
        return visits.Count;
    }

    private async Task<string> CountAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var visits = await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment", null, ct);
        var moves = await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment_move", null, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        await tx.CommitAsync(ct);
        return string.Create(CultureInfo.InvariantCulture, $"{visits} visits, {moves} moves");
    }

    private Task SayAsync(string what, Stopwatch watch) => report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,7:0.0} s  {what}"));
}
