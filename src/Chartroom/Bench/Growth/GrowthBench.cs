using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>
/// <c>bench growth</c>: the same acts in a clinic of a thousand visits and in one of a million, turn by turn, so that both meet the machine in the same mood. The goal is
/// a ratio of at most 1.2.
/// </summary>
internal sealed class GrowthBench(BenchServer server, TextWriter report)
{
    private const int WarmUp = 40;

    private readonly TenantDb db = server.Services.GetRequiredService<TenantDb>();

    /// <param name="small">The clinic of a thousand visits, and a session there.</param>
    /// <param name="big">The other one.</param>
    /// <param name="requests">How many of each act are timed at each clinic.</param>
    /// <param name="ct">Gives up.</param>
    public async Task RunAsync((ClinicId Clinic, string Token) small, (ClinicId Clinic, string Token) big, int requests, CancellationToken ct)
    {
        await server.StartAsync(ct);
        var address = new Uri(server.Address);
        var clinics = new[] { await OpenAsync(small, address, ct), await OpenAsync(big, address, ct) };
        await SayAsync($"{clinics[0].Facts.Visits} visits against {clinics[1].Facts.Visits}; one request at a time, {requests} of each act at each");
        await SayAsync($"{"act",-18} {"p50 small",10} {"p95",8} {"p50 big",10} {"p95",8} {"ratio of p50",13} {"of means",9}");
        foreach (var (name, ask) in Acts())
        {
            List<double>[] times = [[], []];
            for (var number = -WarmUp; number < requests; number++)
                for (var which = 0; which < 2; which++)
                {
                    var took = await TimeAsync(clinics[which], ask, number + WarmUp, ct);
                    if (number >= 0) times[which].Add(took);
                }
            await TellAsync(name, times);
        }
        await InsightsAsync(clinics[1], ct);
        foreach (var clinic in clinics) clinic.Client.Dispose();
    }

    private static IEnumerable<(string Name, Func<GrowthClinic, int, HttpRequestMessage> Ask)> Acts()
    {
        yield return ("day page", (_, _) => new(HttpMethod.Get, $"/day?date={DayClinic.Day:yyyy-MM-dd}"));
        yield return ("day API", (_, _) => new(HttpMethod.Get, $"/api/v1/days/{DayClinic.Day:yyyy-MM-dd}"));
        yield return ("visit", (clinic, number) => new(HttpMethod.Get, $"/api/v1/appointments/{clinic.Facts.SomeVisits[number % clinic.Facts.SomeVisits.Count]}"));
        yield return ("patient page", (clinic, number) => new(HttpMethod.Get, $"/patients/{clinic.Facts.SomePatients[number % clinic.Facts.SomePatients.Count]}"));
        yield return ("book", (clinic, number) => new(HttpMethod.Post, "/api/v1/appointments") { Content = JsonContent.Create(clinic.Booking(number)) });
    }

    private static async Task<double> TimeAsync(GrowthClinic clinic, Func<GrowthClinic, int, HttpRequestMessage> ask, int number, CancellationToken ct)
    {
        using var request = ask(clinic, number);
        var start = Stopwatch.GetTimestamp();
        using var answer = await clinic.Client.SendAsync(request, ct);
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{request.RequestUri}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(body)[..Math.Min(400, body.Length)]}");
        return took;
    }

    private async Task InsightsAsync(GrowthClinic big, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(server.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        foreach (var by in new[] { "clinic", "provider" })
        {
            var times = new List<double>();
            for (var number = 0; number < 12; number++)
                times.Add(await TimeAsync(big, (_, _) => new(HttpMethod.Get, $"/insights?from={today.AddYears(-1):yyyy-MM-dd}&to={today:yyyy-MM-dd}&per=month&by={by}"), number, ct));
            var sorted = times[2..].Order().ToList();
            await SayAsync($"insights, a year by {by}: p50 {sorted[sorted.Count / 2]:0} ms, longest {sorted[^1]:0} ms (goal 500 ms)");
        }
    }

    private async Task<GrowthClinic> OpenAsync((ClinicId Clinic, string Token) clinic, Uri address, CancellationToken ct)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", clinic.Token);
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic.Clinic, "cli"), Permission.SeeAppointments, ct);
        tx.Audit(new("appointment.counted", "appointment"));
        var count = await tx.QueryOneOrNoneAsync<long>("select count(*) from appointment", null, ct);
        var visits = await tx.QueryAsync<Guid>("select id from appointment where local_start::date = @day order by id limit 200", new { DayClinic.Day }, ct);
        var patients = await tx.QueryAsync<Guid>("select id from patient order by mrn limit 200", null, ct);
        var last = await tx.QueryOneOrNoneAsync<DateTime>("select max(local_start) from appointment", null, ct);
        var provider = (await tx.QueryAsync<Guid>("select id from staff where is_provider order by npi limit 1", null, ct))[0];
        var location = (await tx.QueryAsync<Guid>("select location_id from weekly_hours where staff_id = @provider limit 1", new { provider }, ct))[0];
        var type = (await tx.QueryAsync<Guid>("select id from visit_type order by minutes, name limit 1", null, ct))[0];
        await tx.CommitAsync(ct);
        return new(client, new(count, visits, patients, DateOnly.FromDateTime(last < tx.Now.UtcDateTime ? tx.Now.UtcDateTime : last).AddDays(1), provider, location, type));
    }

    private Task TellAsync(string name, List<double>[] times)
    {
        var means = times.Select(each => each.Average()).ToArray();
        Array.ForEach(times, each => each.Sort());
        double At(int which, double share) => times[which][Math.Max(0, (int)Math.Ceiling(times[which].Count * share) - 1)];
        return SayAsync($"{name,-18} {At(0, 0.5),10:0.0} {At(0, 0.95),8:0.0} {At(1, 0.5),10:0.0} {At(1, 0.95),8:0.0} {At(1, 0.5) / At(0, 0.5),13:0.00} {means[1] / means[0],9:0.00}");
    }

    private Task SayAsync(FormattableString text) => report.WriteLineAsync(text.ToString(CultureInfo.InvariantCulture));

    private sealed record GrowthFacts(long Visits, IReadOnlyList<Guid> SomeVisits, IReadOnlyList<Guid> SomePatients, DateOnly FreeFrom, Guid Provider, Guid Location, Guid Type);

    private sealed record GrowthClinic(HttpClient Client, GrowthFacts Facts)
    {
        /// <summary>One free time after another, after all there is.</summary>
        public object Booking(int number) => new
        {
            patientId = Facts.SomePatients[number % Facts.SomePatients.Count], providerId = Facts.Provider, visitTypeId = Facts.Type, locationId = Facts.Location,
            day = Facts.FreeFrom.AddDays(number / 40), at = new TimeOnly(8, 0).AddMinutes(number % 40 * 10), minutes = 10, isConfirmed = true,
        };
    }
}
