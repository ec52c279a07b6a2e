using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class ClosuresTests
{
    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Theory]   // https://www.opm.gov/policy-data-oversight/pay-leave/federal-holidays/
    [InlineData(2022, "2021-12-31,2022-01-17,2022-02-21,2022-05-30,2022-06-20,2022-07-04,2022-09-05,2022-10-10,2022-11-11,2022-11-24,2022-12-26")]
    [InlineData(2023, "2023-01-02,2023-01-16,2023-02-20,2023-05-29,2023-06-19,2023-07-04,2023-09-04,2023-10-09,2023-11-10,2023-11-23,2023-12-25")]
    [InlineData(2026, "2026-01-01,2026-01-19,2026-02-16,2026-05-25,2026-06-19,2026-07-03,2026-09-07,2026-10-12,2026-11-11,2026-11-26,2026-12-25")]
    [InlineData(2027, "2027-01-01,2027-01-18,2027-02-15,2027-05-31,2027-06-18,2027-07-05,2027-09-06,2027-10-11,2027-11-11,2027-11-25,2027-12-24")]
    public void Federal_holidays_are_observed_on_the_days_that_the_government_publishes(int year, string observed) =>
        Assert.Equal(observed.Split(',').Select(Day), FederalHolidays.Of(year).Select(holiday => holiday.Observed));

    [Fact]
    public async Task Visits_in_a_new_closure_are_shown_before_it_is_saved_none_is_cancelled_and_one_booked_meanwhile_is_asked_about_again()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var admin = new TestBrowser(desk.Clinic.As(ClinicRole.Admin));
        var visit = (string)(await desk.BookedAsync("2026-03-05", "13:00"))["id"]!;
        await desk.BookedAsync("2026-03-05", "11:30");   // ends at noon, when the closure begins
        Task<TestPage> CloseAsync(params string[] known) => admin.PostAsync("/settings/closures",
            [("name", "Moving house"), ("from", "2026-03-05"), ("fromAt", "12:00"), .. known.Select(id => ("knownVisits", id))]);

        var asked = await CloseAsync();
        Assert.Equal(HttpStatusCode.Conflict, asked.Status);
        Assert.Contains($"href=\"/visits/{visit}\"", asked.Html, StringComparison.Ordinal);
        Assert.Contains("Jo Lee", asked.Html, StringComparison.Ordinal);
        Assert.Contains("One visit is booked at that time.", asked.Html, StringComparison.Ordinal);
        var meanwhile = (string)(await desk.BookedAsync("2026-03-05", "15:00"))["id"]!;
        Assert.Equal(HttpStatusCode.Conflict, (await CloseAsync(visit)).Status);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from closure"));

        var saved = await CloseAsync(visit, meanwhile);
        Assert.StartsWith("/settings/closures?done=added", saved.Location, StringComparison.Ordinal);
        var page = (await admin.OpenAsync(saved.Location!)).Html;
        Assert.Contains("2 booked", page, StringComparison.Ordinal);
        Assert.Contains("Thu, Mar 5, 2026, from 12:00 PM", page, StringComparison.Ordinal);
        Assert.Equal(["booked", "booked", "booked"], await desk.Clinic.RowsAsync<string>("select status from appointment"));

        var id = await desk.Clinic.OneAsync<Guid>("select id from closure");
        Assert.Contains("Jo Lee", (await admin.OpenAsync($"/settings/closures/{id}")).Html, StringComparison.Ordinal);
        var undone = await admin.PostAsync($"/settings/closures/{id}/take-back", ("version", "1"));
        Assert.Contains("The clinic is never closed", (await admin.OpenAsync(undone.Location!)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await admin.PostAsync($"/settings/closures/{id}/take-back", ("version", "1"))).Status);
        await admin.PostAsync($"/settings/closures/{id}/restore", ("version", "2"));
        Assert.Equal((true, 3), await desk.Clinic.OneAsync<(bool, int)>("select is_active, version from closure"));
    }

    [Fact]
    public async Task Federal_holidays_of_a_year_are_added_at_once_for_one_place_or_all_and_taken_back_at_once()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var admin = new TestBrowser(desk.Clinic.As(ClinicRole.Admin));

        var look = await admin.OpenAsync("/settings/closures/holidays?year=2026");
        Assert.Contains("Independence Day", look.Html, StringComparison.Ordinal);
        Assert.Contains("Fri, Jul 3, 2026 · observed", System.Net.WebUtility.HtmlDecode(look.Html), StringComparison.Ordinal);
        var added = await admin.PostAsync("/settings/closures/holidays", ("year", "2026"), ("days", "2026-07-03"), ("days", "2026-11-26"), ("days", "2026-12-25"));
        Assert.Equal(["Independence Day 2026-07-03", "Thanksgiving Day 2026-11-26", "Christmas Day 2026-12-25"],
            await desk.Clinic.RowsAsync<string>("select name || ' ' || local_from::date from closure where is_active and location_id is null order by local_from"));
        var done = await admin.OpenAsync(added.Location!);
        Assert.Contains("3 holidays added.", done.Html, StringComparison.Ordinal);
        Assert.Contains("closed already", (await admin.OpenAsync("/settings/closures/holidays?year=2026")).Html, StringComparison.Ordinal);

        Assert.Equal("/settings/closures?done=holidays-taken-back", (await admin.PostAsync($"/settings/closures/holidays/take-back?ids={added.Location!.Split("ids=")[1]}")).Location);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from closure where is_active"));
        var all = await desk.SendAsync("/api/v1/closures/federal-holidays", new { year = 2027, locationId = desk.Location.Value }, null, ClinicRole.Admin);
        Assert.Equal((201, 11), (all.Status, all.Body["ids"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_closure_that_ends_before_it_begins_or_names_a_strange_place_is_refused_and_only_administrators_close()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        async Task<(int, string?)> AddAsync(object body, ClinicRole role = ClinicRole.Admin)
        {
            var reply = await desk.SendAsync("/api/v1/closures", body, null, role);
            return (reply.Status, reply.Code);
        }

        Assert.Equal((422, "scheduling.incomplete"), await AddAsync(new { name = "x", from = "2026-03-05", until = "2026-03-04" }));
        Assert.Equal((422, "scheduling.incomplete"), await AddAsync(new { name = "x", from = "2026-03-05", fromAt = "12:00", untilAt = "12:00" }));
        Assert.Equal((422, "scheduling.incomplete"), await AddAsync(new { name = "", from = "2026-03-05" }));
        Assert.Equal((422, "scheduling.incomplete"), await AddAsync(new { name = "x", from = "2026-03-05", until = "2027-03-07" }));
        Assert.Equal((422, "scheduling.unknown-location"), await AddAsync(new { name = "x", from = "2026-03-05", locationId = Guid.CreateVersion7() }));
        Assert.Equal(403, (await AddAsync(new { name = "x", from = "2026-03-05" }, ClinicRole.FrontDesk)).Item1);
        var visit = await desk.BookedAsync("2026-03-05", "10:00");
        var reply = await desk.SendAsync("/api/v1/closures", new { name = "x", from = "2026-03-05" }, null, ClinicRole.Admin);
        Assert.Equal((409, "scheduling.visits-in-the-way", (string)visit["id"]!), (reply.Status, reply.Code, (string)reply.Body["visits"]!.AsArray().Single()!));
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from closure"));
    }
}
