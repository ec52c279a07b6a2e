using System.Globalization;
using System.Text.Json.Nodes;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling.Unclosed;

public sealed class UnclosedTests
{
    private static async Task<List<string>> ListedAsync(SchedulingDesk desk) =>
        [.. (await desk.GetAsync("/api/v1/appointments/unclosed"))["visits"]!.AsArray().Select(visit => (string)visit!["id"]!)];

    private static async Task<HttpResponseMessage> TickAsync(HttpClient client, params (string Id, int Version)[] visits) =>
        await client.PostAsync("/day/unclosed/missed", new FormUrlEncodedContent([new("idempotency_key", Guid.CreateVersion7().ToString()),
            .. visits.Select(visit => new KeyValuePair<string, string>("visits", string.Create(CultureInfo.InvariantCulture, $"{visit.Id}:{visit.Version}")))]));

    private static async Task<List<(string Id, int Version)>> RowsAsync(SchedulingDesk desk) =>
        [.. (await desk.Clinic.RowsAsync<(Guid, int)>("select id, version from appointment order by starts_at")).Select(row => (row.Item1.ToString(), row.Item2))];

    private static Task AddAsync(SchedulingDesk desk, DateTime at, VisitStatus status = VisitStatus.Booked) =>
        BusyDay.AddAsync(desk, (desk.Provider, desk.Patient, desk.VisitType), at, 30, status);

    [Fact]
    public async Task SCH_3_What_nobody_closed_is_told_two_hours_after_its_end_and_becomes_no_no_show_by_itself()
    {
        await using var desk = await SchedulingDesk.OpenAsync();   // 9:00 on March 2
        await AddAsync(desk, new(2026, 2, 20, 10, 0, 0), VisitStatus.Arrived);
        await AddAsync(desk, new(2026, 2, 20, 11, 0, 0), VisitStatus.Completed);
        await AddAsync(desk, new(2026, 2, 20, 12, 0, 0), VisitStatus.NoShow);
        await AddAsync(desk, new(2026, 3, 2, 5, 45, 0));
        await AddAsync(desk, new(2026, 3, 2, 6, 30, 0));   // until 7:00, two hours ago to the second
        await AddAsync(desk, new(2026, 3, 2, 10, 0, 0));
        var rows = await RowsAsync(desk);

        Assert.Equal([rows[3].Id, rows[0].Id], await ListedAsync(desk));
        using var client = desk.FrontDesk;
        Assert.Contains("\"href\":\"/day/unclosed\",\"text\":\"Not closed\",\"count\":2", await client.GetStringAsync("/day"), StringComparison.Ordinal);
        Assert.Equal("arrived completed no_show booked booked booked", await desk.Clinic.OneAsync<string>("select string_agg(status, ' ' order by starts_at) from appointment"));
    }

    [Fact]
    public async Task SCH_3_Those_ticked_become_no_shows_and_what_changed_meanwhile_stays_as_it_is()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        for (var hour = 10; hour < 13; hour++) await AddAsync(desk, new(2026, 2, 20, hour, 0, 0));
        var seen = await RowsAsync(desk);
        await desk.ChangeAsync(new JsonObject { ["id"] = seen[1].Id, ["version"] = seen[1].Version }, "status", new { status = "arrived" });   // somebody else, after the page was read
        using var client = desk.FrontDesk;

        using var refused = await TickAsync(client);
        using var odd = await TickAsync(client, ("not an id", 1));
        using var ticked = await TickAsync(client, seen[0], seen[1]);

        Assert.Equal((422, 422), ((int)refused.StatusCode, (int)odd.StatusCode));
        Assert.Equal("/day/unclosed?marked=1", ticked.Headers.Location?.ToString());
        Assert.Equal("no_show arrived booked", await desk.Clinic.OneAsync<string>("select string_agg(status, ' ' order by starts_at) from appointment"));
        Assert.Equal([seen[2].Id, seen[1].Id], await ListedAsync(desk));
        Assert.Contains("1 visit is a no-show.", await client.GetStringAsync("/day/unclosed?marked=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S1_A_block_tells_which_visit_it_is_an_interpreter_and_what_must_be_known_first()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await using (var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default))
        {
            var before = await PatientRegister.ReadAsync(tx, desk.Patient, new("patient.read", "patient"), default);
            await PatientRegister.ReplaceAsync(tx, before!, before!.Demographics with { Interpreter = "Spanish", DeskAlert = "Comes by wheelchair" }, default);
            await tx.CommitAsync(default);
        }
        for (var day = 10; day < 13; day++)
            await BusyDay.AddAsync(desk, (desk.Provider, desk.Patient, desk.VisitType), new DateTime(2026, 2, day, 10, 0, 0), 20, VisitStatus.Completed);
        await BusyDay.AddAsync(desk, (desk.Provider, desk.Patient, desk.VisitType), new DateTime(2026, 2, 13, 10, 0, 0), 20, VisitStatus.NoShow);
        await desk.BookedAsync("2026-03-03", "10:00");
        using var client = desk.FrontDesk;

        var facts = JsonNode.Parse(await client.GetStringAsync("/day/facts?date=2026-03-03"))!["visits"]!.AsArray().Single()!;
        Assert.Equal(("4", "Spanish", "Comes by wheelchair", null), (facts["number"]!.ToJsonString(), (string?)facts["interpreter"], (string?)facts["alert"], facts["flags"]));
        var answered = (await desk.GetAsync("/api/v1/days/2026-03-03"))["visits"]![0]!;
        Assert.Equal(("4", "Spanish", "Comes by wheelchair"), (answered["visitNumber"]!.ToJsonString(), (string?)answered["interpreter"], (string?)answered["alert"]));
        Assert.Contains("Comes by wheelchair · Interpreter: Spanish", await client.GetStringAsync("/day/sheet?date=2026-03-03"), StringComparison.Ordinal);
        var past = JsonNode.Parse(await client.GetStringAsync("/day/facts?date=2026-02-12"))!["visits"]!.AsArray().Single()!;
        Assert.Null(past["number"]);   // what is over has its history on its page
    }
}
