using System.Net;
using Chartroom.Journeys;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling.Board;

public sealed class BoardTests(Browser browser) : IClassFixture<Browser>
{
    private static async Task<SchedulingDesk> MorningAsync()
    {
        var desk = await SchedulingDesk.OpenAsync("2026-03-02T13:30:00Z", isOnTheNet: true);   // 8:30 in New York
        (string Given, string Family, string At, string[] Way)[] people =
        [
            ("Ida", "Moreau", "09:00", ["arrived", "roomed", "in_progress", "ready_for_checkout"]), ("Sam", "Okafor", "09:30", ["arrived", "roomed", "in_progress"]),
            ("Lena", "Vogt", "10:00", ["arrived", "roomed"]), ("Theo", "Lindqvist-Marchetti", "10:30", ["arrived"]), ("Ana", "Reyes", "11:00", ["confirmed"]), ("Bo", "Chen", "11:30", []),
        ];
        var booked = new Dictionary<string, System.Text.Json.Nodes.JsonObject>();
        foreach (var (given, family, at, _) in people)
        {
            var ask = desk.Ask("2026-03-02", at);
            var patient = await desk.AdmitAsync(given, family);
            ask["patientId"] = patient.ToString();
            if (given == "Bo") await AlertAsync(desk, patient);
            booked[family] = (await desk.BookAsync(ask)).Body;
        }
        foreach (var (_, family, _, way) in people)
        {
            var visit = booked[family];
            foreach (var status in way)
            {
                var reply = await desk.ChangeAsync(visit, "status", status == "roomed" ? new { status, roomId = desk.Room } : (object)new { status },
                    status is "in_progress" or "ready_for_checkout" ? ClinicRole.Provider : ClinicRole.FrontDesk);
                visit = reply.Status == 200 ? reply.Body : throw new InvalidOperationException($"{family} {status}: {reply.Code}");
                desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(5));
            }
        }
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(24));   // a minute before the desk would be signed out
        return desk;
    }

    private static async Task AlertAsync(SchedulingDesk desk, PatientId patient)
    {
        await using var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var before = await PatientRegister.ReadAsync(tx, patient, new("patient.read", "patient"), default);
        await PatientRegister.ReplaceAsync(tx, before!, before!.Demographics with { DeskAlert = "Call the daughter before changing a time; hard of hearing on the left" }, default);
        await tx.CommitAsync(default);
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task The_board_shows_who_waits_how_long_and_is_worked_by_buttons_and_keys_and_undone(int width)
    {
        await using var desk = await MorningAsync();
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await visitor.LookAtAsync("/board");
        await visitor.PictureAsync($"board-{width}");
        Assert.Equal(0, await page.Locator("section[aria-labelledby='col-Roomed'] .btn-primary").CountAsync());   // leaving unseen is a way out, not the way on
        Assert.Contains("too long", await page.Locator(".board-card", new() { HasText = "Theo" }).InnerTextAsync(), StringComparison.Ordinal);

        var ana = page.Locator(".board-card", new() { HasText = "Ana Reyes" });
        await ana.FocusAsync();
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("a"), "/board?done=arrived**");
        Assert.Contains("Ana Reyes", await page.Locator("section[aria-labelledby='col-Arrived']").InnerTextAsync(), StringComparison.Ordinal);
        await visitor.PictureAsync($"board-arrived-{width}");
        await visitor.FollowAsync(() => page.Locator(".toast-undo").ClickAsync(), "/board?done=undone**");
        Assert.Contains("Ana Reyes", await page.Locator("section[aria-labelledby='col-Booked']").InnerTextAsync(), StringComparison.Ordinal);

        await visitor.LookAtAsync("/board?wall=true");
        await visitor.PictureAsync($"board-wall-{width}");
        var wall = await page.Locator("#board").InnerTextAsync();
        Assert.Contains("Theo L.", wall, StringComparison.Ordinal);
        Assert.DoesNotContain("Moreau", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("#board button, #board a, #board form").CountAsync());
    }

    [Fact]
    public async Task ACC_4_A_board_that_renews_itself_does_not_keep_an_empty_desk_signed_in()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        using var client = desk.FrontDesk;
        using var stream = await client.GetAsync("/day/events?date=2026-03-02&unseen=true", HttpCompletionOption.ResponseHeadersRead);   // the board's own
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        for (var round = 0; round < 4; round++)
        {
            desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(9));
            using var board = await client.GetAsync("/board/now");
        }
        using var last = await client.GetAsync("/api/v1/days/2026-03-02");
        var reading = lines.ReadToEndAsync();
        for (var round = 0; round < 1000 && !reading.IsCompleted; round++)   // the stream looks at its session by the clock, and may have looked just before the last step
        {
            desk.Clinic.Clock.Advance(TimeSpan.FromSeconds(15));
            using var meanwhile = await client.GetAsync("/healthz");
        }
        var heard = await reading.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(HttpStatusCode.Unauthorized, last.StatusCode);
        Assert.EndsWith("event: ended\ndata: \n\n", heard, StringComparison.Ordinal);   // the screen is told, and shows nobody any more
        Assert.DoesNotContain("event: here", heard, StringComparison.Ordinal);             // a board is nobody's presence
    }

    [Fact]
    public async Task SCH_7_The_board_shows_all_places_by_their_own_day_their_rooms_and_keeps_the_place_that_a_person_chose()
    {
        await using var desk = await SchedulingDesk.OpenAsync();   // 9 in New York, 1 in the night of the next day in Sydney
        var (far, room) = (LocationId.New(), RoomId.New());
        await desk.Clinic.RowsAsync<int>("insert into location (id, name, time_zone) values (@far, 'Old Harbour', 'Australia/Sydney')", new { far });
        await desk.Clinic.RowsAsync<int>("insert into room (id, location_id, name) values (@room, @far, 'Quay')", new { room, far });
        var near = (await desk.BookAsync(desk.Ask("2026-03-02", "10:00"))).Body;
        foreach (var (family, day) in new[] { ("Tonight", "2026-03-03"), ("Tomorrow", "2026-03-04") })
        {
            var ask = desk.Ask(day, "09:00");
            (ask["patientId"], ask["locationId"], ask["isConfirmed"]) = ((await desk.AdmitAsync("Kim", family)).ToString(), far.ToString(), true);
            Assert.Equal(201, (await desk.BookAsync(ask)).Status);
        }
        var arrived = (await desk.ChangeAsync(near, "status", new { status = "arrived" })).Body;
        await desk.ChangeAsync(arrived, "status", new { status = "roomed", roomId = desk.Room });
        var (browser, other) = (new TestBrowser(desk.Clinic.As(ClinicRole.FrontDesk)), new TestBrowser(desk.Clinic.As(ClinicRole.Provider)));

        var all = (await browser.OpenAsync("/board")).Html;
        Assert.Contains("Kim Tonight", all, StringComparison.Ordinal);
        Assert.DoesNotContain("Kim Tomorrow", all, StringComparison.Ordinal);
        Assert.Contains("9:00 AM UTC+11:00", System.Net.WebUtility.HtmlDecode(all), StringComparison.Ordinal);
        Assert.Matches("(?s)<li class=\"board-room is-free\">\\s*<b>Quay</b>\\s*<span>Free</span>", all);
        Assert.Matches("(?s)<li class=\"board-room ?\">\\s*<b>[^<]+</b>\\s*<span>Jo Lee</span>", all);

        Assert.Contains("<li class=\"board-place\">Old Harbour</li>", all, StringComparison.Ordinal);
        Assert.Equal("/board", (await browser.PostAsync("/board/place", ("location", far.ToString()))).Location);
        Assert.DoesNotContain("Jo Lee", (await browser.OpenAsync("/board")).Html, StringComparison.Ordinal);
        Assert.Contains("Jo Lee", (await other.OpenAsync("/board")).Html, StringComparison.Ordinal);
        await desk.Clinic.RowsAsync<int>("update location set is_active = false where id = @far", new { far });
        Assert.Contains("Jo Lee", (await browser.OpenAsync("/board")).Html, StringComparison.Ordinal);   // a place that is gone is nobody's choice
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/board/place", ("location", LocationId.New().ToString()))).Status);
    }

    [Fact]
    public async Task SCH_7_The_board_takes_down_whom_it_showed_and_shows_one_location_alone()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.BookedAsync("2026-03-02", "10:00");
        using var client = desk.FrontDesk;

        Assert.Contains("Jo Lee", await client.GetStringAsync("/board"), StringComparison.Ordinal);
        Assert.Equal(desk.Patient.Value, (await desk.Clinic.OneAsync<Guid[]>("select patient_ids from audit_event where action = 'board.read' and cardinality(patient_ids) > 0"))[0]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.GetAsync($"/board?location={LocationId.New()}")).StatusCode);
    }
}
