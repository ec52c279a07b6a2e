using System.CommandLine;
using System.Globalization;
using System.Text;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench pages</c>: every list, search and calendar of the desk in the clinic that <c>bench fill</c> made, one request at a time, from sending it to the last byte. Pages are to be
/// interactive within 500 ms, of which the browser takes its share, so the server's goal is 250 ms at p95; lists of tasks, money and forms have 100 ms, searches 50 ms.
/// </summary>
internal sealed class PagesBench(BenchServer server, TextWriter report)
{
    private const int WarmUp = 5, PageGoal = 250, ListGoal = 100, SearchGoal = 50;

    public static Command Make()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each page is asked for.", DefaultValueFactory = _ => 40 };
        BenchVerbs.Hold(rounds, text => BenchVerbs.IsFrom1To(text, 10_000), "a number from 1 to 10000");
        var slug = new Option<string>("--clinic") { Description = "Short name of the scratch clinic.", DefaultValueFactory = _ => BigClinic.Slug };
        BenchVerbs.Hold(slug, text => text.StartsWith("bench-", StringComparison.Ordinal), "a name that begins with bench-");
        var verb = new Command("pages", "Time every list, search and calendar of the desk in the clinic that bench fill made.") { rounds, slug };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var server = BenchServer.Build();
            return await new PagesBench(server, Console.Out).RunAsync(parsed.GetValue(slug)!, parsed.GetValue(rounds), ct);   // has a default
        });
        return verb;
    }

    /// <summary>Answers 1 when a goal is missed.</summary>
    private async Task<int> RunAsync(string slug, int rounds, CancellationToken ct)
    {
        var clinic = await Shell.ScratchClinic.OpenAsync(server.Services, slug, "Big bench", ct);
        var (_, token) = await new BenchAccount(server.Services.GetRequiredService<PlatformDb>()).OpenAsync(clinic, slug, "admin", ct);
        var facts = await FactsAsync(clinic, ct);
        await server.StartAsync(ct);
        using var client = server.ClientOf(token);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{facts.Patients} patients, {facts.Visits} visits; one request at a time, {rounds} of each"));
        var missed = 0;
        foreach (var (path, goal) in Asked(facts)) missed += await MeasureAsync(client, (path, goal), rounds, ct) ? 0 : 1;
        return missed == 0 ? 0 : 1;
    }

    private static IEnumerable<(string Path, int Goal)> Asked(Facts facts)
    {
        var today = facts.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var posted = facts.Posted.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        yield return ($"/day?view=day&date={today}", PageGoal);
        yield return ($"/day?view=day&by=room&date={today}", PageGoal);
        yield return ($"/day?view=week&date={today}", PageGoal);
        yield return ($"/day?view=week&provider={facts.Provider}&date={today}", PageGoal);
        yield return ($"/day?view=month&date={today}", PageGoal);
        yield return ($"/day/sheet?date={today}", PageGoal);
        yield return ("/day/unclosed", PageGoal);
        yield return ("/day/book", PageGoal);
        yield return ("/board", PageGoal);
        yield return ("/patients", PageGoal);
        yield return ($"/patients/{facts.Patient}", PageGoal);
        yield return ($"/visits/{facts.Visit}", PageGoal);
        foreach (var view in new[] { "mine", "team", "overdue", "all", "done" }) yield return ($"/tasks?view={view}", ListGoal);
        yield return ("/recalls", PageGoal);
        yield return ($"/settings/ledger?date={posted}", ListGoal);
        yield return ($"/patients/{facts.Payer}/account", ListGoal);
        yield return ($"/patients/{facts.Payer}", PageGoal);
        yield return ("/settings/paperwork", ListGoal);
        yield return ($"/visits/{facts.Visit}/papers", ListGoal);
        yield return ("/insights", PageGoal);
        yield return ("/booking-requests", PageGoal);
        yield return ("/audit", PageGoal);
        yield return ("POST /patients/search text=smith", SearchGoal);
        yield return ("POST /patients/search text=jo", SearchGoal);
        yield return ("POST /patients/search text=3/4/1980", SearchGoal);
    }

    private async Task<bool> MeasureAsync(HttpClient client, (string Path, int Goal) ask, int rounds, CancellationToken ct)
    {
        var (times, bytes) = await BenchServer.TimeAsync(client, () => RequestOf(ask.Path), (WarmUp, rounds), ct);
        double At(int percent) => Timings.Percentile(times, percent).TotalMilliseconds;
        var name = ask.Path.Split('?') is [var path, var query] ? $"{path} {query.Split('&')[0]}" : ask.Path;
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{(name.Length > 44 ? name[..44] : name),-44} {bytes / 1024,5} kB   p50 {At(50),7:0.0} ms   p95 {At(95),7:0.0} ms   ratio to the goal of {ask.Goal} ms {At(95) / ask.Goal:0.00}"));
        return At(95) <= ask.Goal;
    }

    private static HttpRequestMessage RequestOf(string path) => path.Split(' ') is ["POST", var to, var field] && field.Split('=', 2) is [var name, var value]
        ? new(HttpMethod.Post, "/api/v1" + to) { Content = new StringContent($$"""{"{{name}}":"{{value}}"}""", Encoding.UTF8, "application/json") }
        : new(HttpMethod.Get, path);

    private sealed record Facts(long Patients, long Visits, Guid Patient, Guid Visit, Guid Provider, DateOnly Today)
    {
        /// <summary>The day with the most postings, and who has the most of them.</summary>
        public DateOnly Posted { get; init; }
        public Guid Payer { get; init; }
    }


    private async Task<Facts> FactsAsync(ClinicId clinic, CancellationToken ct)
    {
        await using var tx = await server.Services.GetRequiredService<TenantDb>().BeginAsync(Actor.OfSystem(clinic, "cli"), Permission.SeeAppointments, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        var (patients, visits) = (await tx.QueryOneOrNoneAsync<long>("select count(*) from patient", null, ct), await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment", null, ct));
        var some = await tx.QueryAsync<(Guid Id, Guid Patient, Guid Provider, DateTime Start)>("""
            select id, patient_id, provider_id, local_start
            from appointment
            where starts_at > @now and status = 'booked' and patient_id is not null
            order by starts_at
            limit 1
            """, new { now = tx.Now }, ct);
        var posted = await tx.QueryOneOrNoneAsync<DateOnly>("select posted_on from posting group by posted_on order by count(*) desc, posted_on limit 1", null, ct);
        var payer = await tx.QueryOneOrNoneAsync<Guid>("select patient_id from posting group by patient_id order by count(*) desc, patient_id limit 1", null, ct);
        await tx.CommitAsync(ct);
        if (some is not [var next]) throw new InvalidOperationException("This clinic is empty. Fill it: ./chartroom bench fill");
        return new(patients, visits, next.Patient, next.Id, next.Provider, DateOnly.FromDateTime(next.Start)) { Posted = posted, Payer = payer };
    }
}
