using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;
using Chartroom.Shell;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench slots</c>: all free starts of eight weeks × all providers, of each visit type in turn, in the clinic that <c>bench fill</c> made: transaction, one round trip of
/// questions, the search, the event. The goal is 50 ms at p95.
/// </summary>
internal sealed class SlotsBench(TenantDb db, SlotsHandler slots, TimeProvider clock, TextWriter report)
{
    private const int WarmUp = 20;
    private const double GoalMilliseconds = 50;

    public static Command Make(Func<WebApplication> program)
    {
        var rounds = new Option<int>("--rounds") { Description = "How many searches are timed.", DefaultValueFactory = _ => 200 };
        BenchVerbs.Hold(rounds, text => BenchVerbs.IsFrom1To(text, 100_000), "a number from 1 to 100000");
        var slug = new Option<string>("--clinic") { Description = "Short name of the scratch clinic.", DefaultValueFactory = _ => BigClinic.Slug };
        BenchVerbs.Hold(slug, text => text.StartsWith("bench-", StringComparison.Ordinal), "a name that begins with bench-");
        var verb = new Command("slots", "Time the search for free starts over eight weeks in the clinic that bench fill made.") { rounds, slug };
        verb.SetAction(async (parsed, ct) =>
        {
            await using var app = program();
            var clinic = await ScratchClinic.OpenAsync(app.Services, parsed.GetValue(slug)!, "Big bench", ct);   // has a default
            var bench = new SlotsBench(app.Services.GetRequiredService<TenantDb>(), app.Services.GetRequiredService<SlotsHandler>(), app.Services.GetRequiredService<TimeProvider>(), Console.Out);
            await bench.RunAsync(Actor.OfSystem(clinic, "cli"), parsed.GetValue(rounds), ct);
            return 0;
        });
        return verb;
    }

    public async Task RunAsync(Actor actor, int rounds, CancellationToken ct)
    {
        var size = await SizeAsync(actor, ct);
        if (size.Types.Length == 0)
        {
            await report.WriteLineAsync("This clinic is empty. Fill it: ./chartroom bench fill");
            return;
        }
        var from = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await MeasureAsync("8 weeks, all free starts", type => new() { VisitTypeId = type, From = from, To = from.AddDays(Slots.MostDays - 1), Most = 100_000 });
        await MeasureAsync("8 weeks, the first 20", type => new() { VisitTypeId = type, From = from, To = from.AddDays(Slots.MostDays - 1), Most = 20 });
        await MeasureAsync("1 week, all free starts", type => new() { VisitTypeId = type, From = from, To = from.AddDays(6), Most = 100_000 });
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{size.Providers} providers, {size.Visits} visits in the clinic, {size.Ahead} of the eight weeks, {rounds} searches each"));

        async Task MeasureAsync(string name, Func<VisitTypeId, SlotSearch> ask)
        {
            var (times, found, before) = (new List<TimeSpan>(), 0L, TimeSpan.Zero);
            for (var number = -WarmUp; number < rounds; number++)
            {
                if (number == 0) before = Environment.CpuUsage.TotalTime;
                var start = Stopwatch.GetTimestamp();
                var answer = (await slots.FindAsync(ask(size.Types[(number + WarmUp) % size.Types.Length]), actor, ct)).Value;
                if (number < 0) continue;
                times.Add(Stopwatch.GetElapsedTime(start));
                found += answer.Slots.Count;
            }
            times.Sort();
            var own = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / rounds;
            double At(int percent) => Timings.Percentile(times, percent).TotalMilliseconds;
            await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{name,-26} {found / rounds,6} found   p50 {At(50),6:0.0} ms   p95 {At(95),6:0.0} ms   ratio to the goal of {GoalMilliseconds} ms {At(95) / GoalMilliseconds:0.00}   own processor {own:0.0} ms"));
        }
    }

    private async Task<(VisitTypeId[] Types, long Visits, long Ahead, long Providers)> SizeAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        var types = await tx.QueryAsync<VisitTypeId>("select id from visit_type where is_active order by name", null, ct);
        var visits = await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment", null, ct);
        var ahead = await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment where starts_at >= @from and starts_at < @to", new { from = tx.Now, to = tx.Now.AddDays(Slots.MostDays) }, ct);
        var providers = await tx.QueryOneOrNoneAsync<long>("select count(*) from staff where is_provider and is_active", null, ct);
        await tx.CommitAsync(ct);
        return ([.. types], visits, ahead, providers);
    }
}
