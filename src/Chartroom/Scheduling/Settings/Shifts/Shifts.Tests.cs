using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class ShiftsTests
{
    private static JsonObject Shifts(SchedulingDesk desk, string from, string? until, string? opens, string? closes, int[]? weekdays = null, string[]? known = null) => new()
    {
        ["from"] = from, ["until"] = until, ["weekdays"] = new JsonArray([.. (weekdays ?? []).Select(day => JsonValue.Create(day))]),
        ["hours"] = opens is null ? [] : new JsonArray(new JsonObject { ["opens"] = opens, ["closes"] = closes, ["locationId"] = desk.Location.ToString() }),
        ["knownVisits"] = new JsonArray([.. (known ?? []).Select(id => JsonValue.Create(id))]),
    };

    private static Task<Reply> SetAsync(SchedulingDesk desk, int version, JsonObject ask, ClinicRole role = ClinicRole.Admin, StaffId? who = null) =>
        desk.SendAsync($"/api/v1/staff/{who ?? desk.Provider}/shifts", ask, version, role);

    private static Task<List<string>> DaysAsync(SchedulingDesk desk) => desk.Clinic.RowsAsync<string>("select to_char(day, 'MM-DD') || ' ' || opens || '-' || closes from shift order by day, opens");

    private static async Task<string> WhyNotAsync(SchedulingDesk desk, string day, string at)
    {
        var ask = desk.Ask(day, at);
        ask.Remove("patientId");
        return string.Join(',', (await desk.SendAsync("/api/v1/slots/why-not", ask, null, ClinicRole.FrontDesk)).Body["reasons"]!.AsArray().Select(it => (string)it!["code"]!));
    }

    [Fact]
    public async Task Chosen_weekdays_of_a_run_get_hours_of_their_own_that_booking_goes_by_and_each_change_is_undone_exactly()
    {
        await using var desk = await SchedulingDesk.OpenAsync();

        Assert.Equal(204, (await SetAsync(desk, 1, Shifts(desk, "2026-03-03", "2026-03-15", "18:00", "20:00", [2, 4]))).Status);   // Tuesdays, Thursdays
        string[] evenings = ["03-03 18:00:00-20:00:00", "03-05 18:00:00-20:00:00", "03-10 18:00:00-20:00:00", "03-12 18:00:00-20:00:00"];
        Assert.Equal(evenings, await DaysAsync(desk));
        Assert.Equal(("", "outside_hours"), (await WhyNotAsync(desk, "2026-03-05", "18:00"), await WhyNotAsync(desk, "2026-03-05", "10:00")));
        Assert.Equal(("outside_hours", ""), (await WhyNotAsync(desk, "2026-03-04", "18:00"), await WhyNotAsync(desk, "2026-03-04", "10:00")));

        Assert.Equal(412, (await SetAsync(desk, 1, Shifts(desk, "2026-03-05", null, null, null))).Status);   // from a state that is past
        Assert.Equal(204, (await SetAsync(desk, 2, Shifts(desk, "2026-03-05", null, null, null))).Status);
        Assert.Equal(evenings.Where(day => !day.StartsWith("03-05", StringComparison.Ordinal)), await DaysAsync(desk));
        Assert.Equal("", await WhyNotAsync(desk, "2026-03-05", "10:00"));   // by the week again
        Assert.Equal(204, (await SetAsync(desk, 3, Shifts(desk, "2026-03-03", "2026-03-05", "09:00", "10:00"))).Status);

        var before = await desk.Clinic.RowsAsync<Guid>("select id from shift order by id");
        Task<Reply> UndoAsync(int version) => desk.SendAsync($"/api/v1/staff/{desk.Provider}/shifts/undo", new { }, version, ClinicRole.FrontDesk);
        Assert.Equal(204, (await UndoAsync(4)).Status);
        Assert.Equal(evenings.Where(day => !day.StartsWith("03-05", StringComparison.Ordinal)), await DaysAsync(desk));
        Assert.Equal(412, (await UndoAsync(4)).Status);   // pressed twice
        Assert.Equal(204, (await UndoAsync(5)).Status);   // undo of the undo
        Assert.Equal(before, await desk.Clinic.RowsAsync<Guid>("select id from shift order by id"));
        Assert.Equal((5, 3, 2), await desk.Clinic.OneAsync<(long, long, long)>("""
            select (select count(*) from shift_change), (select count(*) from audit_event where action = 'shifts.set'), (select count(*) from audit_event where action = 'shifts.undone')
            """));
        Assert.Equal("scheduling.nothing-to-undo", (await desk.SendAsync($"/api/v1/staff/{desk.Colleague}/shifts/undo", new { }, 1, ClinicRole.Admin)).Code);
    }

    [Theory]   // a visit from 13:00 to 13:30 on Thursday, March 5; the weekly hours are 8 to 17
    [InlineData("08:00", "13:30", false)]
    [InlineData("13:00", "17:00", false)]
    [InlineData("08:00", "13:25", true)]
    [InlineData("13:05", "17:00", true)]
    [InlineData(null, null, false)]
    public async Task A_visit_that_would_lie_outside_is_told_before_saving_and_one_that_fits_is_not(string? opens, string? closes, bool isTold)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var visit = (string)(await desk.BookedAsync("2026-03-05", "13:00"))["id"]!;
        await desk.BookedAsync("2026-03-06", "13:00");   // another day
        var cancelled = await desk.BookedAsync("2026-03-05", "14:00");
        await desk.ChangeAsync(cancelled, "cancellations", new { reason = "other", by = "clinic" });

        var asked = await SetAsync(desk, 1, Shifts(desk, "2026-03-05", null, opens, closes));

        Assert.Equal((isTold ? 409 : 204, isTold ? "scheduling.visits-in-the-way" : null), (asked.Status, asked.Code));
        if (!isTold) return;
        Assert.Equal([visit], asked.Body["visits"]!.AsArray().Select(it => (string)it!));
        Assert.Equal((0, 0), await desk.Clinic.OneAsync<(long, long)>("select (select count(*) from shift), (select count(*) from shift_change)"));
        Assert.Equal(204, (await SetAsync(desk, 1, Shifts(desk, "2026-03-05", null, opens, closes, known: [visit]))).Status);
        Assert.Equal("booked", await desk.Clinic.OneAsync<string>("select status from appointment where id = @id", new { id = Guid.Parse(visit) }));
    }

    [Fact]
    public async Task The_page_shows_weeks_asks_about_visits_saves_and_undoes_and_taking_a_day_back_asks_too()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var browser = new TestBrowser(desk.FrontDesk);
        var visit = (string)(await desk.BookedAsync("2026-03-05", "18:00"))["id"]!;
        var path = $"/settings/shifts/{desk.Provider}";
        Task<TestPage> SaveAsync(string version, string goBy, params (string, string)[] more) => browser.PostAsync(path, [("version", version), ("from", "2026-03-05"), ("goBy", goBy),
            ("hours[0].opens", "09:00"), ("hours[0].closes", "12:00"), ("hours[0].locationId", $"{desk.Location}"), ("hours[1].opens", ""), ("hours[1].closes", ""), ("hours[1].locationId", $"{desk.Location}"), .. more]);

        var form = await browser.OpenAsync($"{path}/change?day=2026-03-05");
        Assert.Contains("This day goes by the weekly hours", form.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"08:00\"", form.Html, StringComparison.Ordinal);
        var asked = await SaveAsync("1", "shift");
        Assert.Equal(HttpStatusCode.Conflict, asked.Status);
        Assert.Contains("Jo Lee", asked.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"09:00\"", asked.Html, StringComparison.Ordinal);
        var saved = await SaveAsync("1", "shift", ("knownVisits", visit));
        var weeks = await browser.OpenAsync(saved.Location!);
        Assert.Contains("9:00 AM – 12:00 PM", weeks.Html, StringComparison.Ordinal);
        Assert.Contains("/undo", weeks.Html, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Conflict, (await SaveAsync("2", "week")).Status);   // 18:00 is outside the weekly hours too
        var back = await SaveAsync("2", "week", ("knownVisits", visit));
        Assert.DoesNotContain("9:00 AM – 12:00 PM", (await browser.OpenAsync(back.Location!)).Html, StringComparison.Ordinal);
        var undone = await browser.PostAsync($"{path}/undo?from=2026-03-05", ("version", "3"));
        Assert.Contains("9:00 AM – 12:00 PM", (await browser.OpenAsync(undone.Location!)).Html, StringComparison.Ordinal);
        Assert.StartsWith("Give the hours", (await browser.PostAsync(path, ("version", "4"), ("from", "2026-03-05"), ("goBy", "shift"), ("hours[0].opens", ""), ("hours[0].closes", ""),
            ("hours[0].locationId", $"{desk.Location}"))).ErrorOf("hours[0].opens"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_sets_ones_own_days_only_and_a_week_tells_of_closures_and_time_off()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        await desk.Clinic.RowsAsync<int>("insert into closure (id, name, local_from, local_until) values (gen_random_uuid(), 'Inventory', '2026-03-04', '2026-03-05')");

        Assert.Equal("scheduling.not-your-shifts", (await SetAsync(desk, 1, Shifts(desk, "2026-03-03", null, "09:00", "10:00"), ClinicRole.Provider, desk.Colleague)).Code);
        Assert.Equal(204, (await SetAsync(desk, 1, Shifts(desk, "2026-03-03", null, "09:00", "10:00"), ClinicRole.Provider)).Status);
        Assert.Equal("scheduling.unknown-provider", (await SetAsync(desk, 1, Shifts(desk, "2026-03-03", null, "09:00", "10:00"), who: StaffId.New())).Code);

        var week = await desk.GetAsync($"/api/v1/staff/{desk.Provider}/shifts?from=2026-03-08&weeks=1", ClinicRole.Provider);   // a Sunday: the week from March 2
        var days = week["days"]!.AsArray().Select(day => (Day: (string)day!["day"]!, IsShift: (bool)day["isShift"]!, Opens: (string)day["hours"]![0]!["opens"]!, Notes: day["notes"]!.AsArray().Count)).ToList();
        Assert.Equal(("2026-03-02", 7, 2), (days[0].Day, days.Count, (int)week["version"]!));
        Assert.Equal([("2026-03-03", true, "09:00:00", 0), ("2026-03-04", false, "08:00:00", 1)], days[1..3]);
        var colleague = await new TestBrowser(desk.Clinic.As(ClinicRole.Provider)).OpenAsync($"/settings/shifts?provider={desk.Colleague}");
        Assert.DoesNotContain($"/settings/shifts/{desk.Colleague}/change", colleague.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-05", "2026-03-04", "09:00", "10:00", "until")]
    [InlineData("2026-03-05", "2027-03-06", "09:00", "10:00", "until")]   // 367 days
    [InlineData("2026-03-05", null, "10:00", "10:00", "hours[0].closes")]
    [InlineData("1999-03-05", null, "09:00", "10:00", "from")]
    public async Task What_cannot_be_is_refused_at_its_field(string from, string? until, string opens, string closes, string field)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var refused = await SetAsync(desk, 1, Shifts(desk, from, until, opens, closes));
        Assert.Equal((422, "scheduling.incomplete"), (refused.Status, refused.Code));
        Assert.NotNull(refused.Body["errors"]![field]);
        Assert.Equal("scheduling.incomplete", (await SetAsync(desk, 1, Shifts(desk, "2026-03-05", "2026-03-06", "09:00", "10:00", [0]))).Code);   // no Sunday in between
    }

    [Fact]
    public async Task Two_who_set_the_same_days_at_once_are_one_change_and_one_stale_page()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(at => SetAsync(desk, 1, Shifts(desk, "2026-03-05", null, "09:00", string.Create(CultureInfo.InvariantCulture, $"1{at}:00")))));
        Assert.Equal((1, 7), (replies.Count(it => it.Status == 204), replies.Count(it => it.Status == 412)));
        Assert.Single(await DaysAsync(desk));
    }
}
