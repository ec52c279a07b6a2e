using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class RacesTests
{
    private const string Overlaps = """
        select one.id
        from appointment as one
        join appointment as other on other.id <> one.id and one.keeps_busy && other.keeps_busy
            and ((one.provider_id = other.provider_id and not one.is_overbooked and not other.is_overbooked) or one.room_id = other.room_id or one.device_id = other.device_id)
        where one.status not in ('cancelled', 'no_show', 'left_without_being_seen') and other.status not in ('cancelled', 'no_show', 'left_without_being_seen')
        """;

    [Fact]
    public async Task SCH_1_A_thousand_desks_ask_for_one_time_at_once_and_exactly_one_gets_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true, settings: "--RateLimits:Work=1000000");
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 }) { BaseAddress = new(desk.Clinic.Address), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", desk.Clinic.TokenOf(ClinicRole.FrontDesk));
        var body = desk.Ask("2026-03-03", "10:00").ToJsonString();

        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            using var content = new StringContent(body, null, "application/json");
            using var response = await client.PostAsync("/api/v1/appointments", content);
            return ((int)response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"]);
        }));

        Assert.Equal([(1, 201, null), (999, 409, "scheduling.slot-taken")], replies.GroupBy(it => it).Select(it => (it.Count(), it.Key.Item1, it.Key.Item2)).Order());
        Assert.Equal((1, 1, 1), await desk.CountsAsync());
    }

    [Fact]
    public async Task Bookings_and_holds_race_for_one_time_and_exactly_one_gets_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var bookings = Enumerable.Range(0, 60).Select(_ => desk.BookAsync(desk.Ask("2026-03-03", "10:00"))).ToList();
        var holds = Enumerable.Range(0, 60).Select(_ => HoldsTests.HoldAsync(desk, "10:10")).ToList();

        var won = (await Task.WhenAll(bookings)).Count(reply => reply.Status == 201) + (await Task.WhenAll(holds)).Count(outcome => outcome.IsOk);

        Assert.Equal((1, 1), (won, await desk.Clinic.OneAsync<long>("select count(*) from appointment")));
    }

    [Fact]
    public async Task A_lapsed_hold_is_raced_for_by_those_who_book_and_the_one_who_held_it_and_one_of_them_gets_it()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var held = (await HoldsTests.HoldAsync(desk, "10:00")).Value;
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(5));

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.BookAsync(desk.Ask("2026-03-03", "10:00"))));

        Assert.Equal((1, 19), (replies.Count(reply => reply.Status == 201), replies.Count(reply => reply.Code == "scheduling.slot-taken")));
        Assert.Equal(2, await desk.Clinic.OneAsync<int>("select version from appointment where id = @Id", new { held.Id }));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task Whatever_is_held_booked_moved_cancelled_lapsed_and_undone_nothing_is_had_twice(int seed)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.Clinic.RowsAsync<int>("update visit_type set buffer_before = 5, buffer_after = 10");
        var (random, visits, holds) = (new Random(seed), new List<JsonObject>(), new List<AppointmentId>());
        string At() => $"{random.Next(8, 12):00}:{random.Next(0, 4) * 15:00}";
        for (var step = 0; step < 70; step++)
        {
            var at = visits.Count > 0 ? random.Next(visits.Count) : -1;
            switch (visits.Count < 3 ? 0 : random.Next(9))
            {
                case 0: await TakeAsync(desk, desk.Ask("2026-03-03", At(), random.Next(1, 4) * 15), random.Next(4) == 0, visits); break;
                case 1: Keep(visits, at, await desk.ChangeAsync(visits[at], "moves", new { at = At(), roomId = random.Next(2) == 0 ? desk.Room : (RoomId?)null, isConfirmed = true })); break;
                case 2: Keep(visits, at, await desk.ChangeAsync(visits[at], "moves", new { at = At(), overbookReason = "other" }, ClinicRole.Admin)); break;
                case 3: Keep(visits, at, await desk.ChangeAsync(visits[at], "cancellations", new { reason = "other", by = "clinic" })); break;
                case 4:
                    if (await HoldsTests.HoldAsync(desk, At()) is { IsOk: true } held) holds.Add(held.Value.Id);
                    break;
                case 5 when holds.Count > 0:
                    var hold = holds[random.Next(holds.Count)];
                    if ((await HoldsTests.InAsync(desk, tx => Holds.BookHeldAsync(tx, hold, desk.Patient, null, random.Next(2) == 0, default))).IsOk)
                        visits.Add(await desk.GetAsync($"/api/v1/appointments/{hold}"));
                    break;
                case 6: desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(3)); break;
                default: Keep(visits, at, await desk.ChangeAsync(visits[at], "undo", new { })); break;
            }
            Assert.Empty(await desk.Clinic.RowsAsync<Guid>(Overlaps));
            Assert.Empty(await desk.Clinic.RowsAsync<Guid>("select id from appointment where version <> (select count(*) from appointment_move where appointment_id = appointment.id)"));
        }
    }

    private static async Task TakeAsync(SchedulingDesk desk, JsonObject ask, bool isOverbooked, List<JsonObject> visits)
    {
        if (isOverbooked) ask["overbookReason"] = "urgent";
        var reply = await desk.BookAsync(ask, ClinicRole.Admin);
        Assert.True(reply.Status is 201 or 409, $"{reply.Status} {reply.Code}");
        if (reply.Status == 201) visits.Add(reply.Body);
    }

    private static void Keep(List<JsonObject> visits, int at, Reply reply)
    {
        Assert.True(reply.Status is 200 or 409 or 422, $"{reply.Status} {reply.Code}");
        if (reply.Status == 200) visits[at] = reply.Body;
    }
}
