using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Chartroom.Scheduling;

public sealed class TimeOffTests
{
    private static JsonObject Off(SchedulingDesk desk, string from, string? fromAt = null, string? until = null, string? untilAt = null, StaffId? who = null) => new()
    {
        ["staffId"] = (who ?? desk.Provider).ToString(), ["kind"] = "vacation", ["locationId"] = desk.Location.ToString(), ["from"] = from, ["fromAt"] = fromAt, ["until"] = until, ["untilAt"] = untilAt,
    };

    [Fact]
    public async Task Visits_in_a_new_time_off_are_shown_before_it_is_saved_and_it_is_taken_back_and_put_back()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var browser = new TestBrowser(desk.FrontDesk);
        var visit = (string)(await desk.BookedAsync("2026-03-05", "13:00"))["id"]!;
        Task<TestPage> SaveAsync(params string[] known) => browser.PostAsync("/settings/time-off",
            [("staffId", desk.Provider.ToString()), ("kind", "sick"), ("locationId", desk.Location.ToString()), ("from", "2026-03-05"), ("until", "2026-03-06"), .. known.Select(id => ("knownVisits", id))]);

        var asked = await SaveAsync();
        Assert.Equal(HttpStatusCode.Conflict, asked.Status);
        Assert.Contains("Jo Lee", asked.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/visits/{visit}\"", asked.Html, StringComparison.Ordinal);
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from time_off"));
        var saved = await SaveAsync(visit);
        var page = await browser.OpenAsync(saved.Location!);
        Assert.Contains("Thu, Mar 5, 2026 to Fri, Mar 6, 2026", page.Html, StringComparison.Ordinal);
        Assert.Contains("1 booked", page.Html, StringComparison.Ordinal);
        var id = await desk.Clinic.OneAsync<Guid>("select id from time_off");
        Assert.Contains("Jo Lee", (await browser.OpenAsync($"/settings/time-off/{id}")).Html, StringComparison.Ordinal);

        var undone = await browser.PostAsync($"/settings/time-off/{id}/take-back", ("version", "1"));
        Assert.Contains("Nobody is away", (await browser.OpenAsync(undone.Location!)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await browser.PostAsync($"/settings/time-off/{id}/restore", ("version", "1"))).Status);
        await browser.PostAsync($"/settings/time-off/{id}/restore", ("version", "2"));
        Assert.Equal((true, 3, "booked"), await desk.Clinic.OneAsync<(bool, int, string)>("select is_active, time_off.version, status from time_off, appointment"));
    }

    [Fact]
    public async Task A_provider_arranges_ones_own_time_only_and_is_shown_no_other_form()
    {
        await using var desk = await SchedulingDesk.OpenAsync();

        Assert.Equal("scheduling.not-your-time-off", (await desk.SendAsync("/api/v1/time-off", Off(desk, "2026-03-05", who: desk.Colleague), null, ClinicRole.Provider)).Code);
        var own = await desk.SendAsync("/api/v1/time-off", Off(desk, "2026-03-05"), null, ClinicRole.Provider);
        var other = await desk.SendAsync("/api/v1/time-off", Off(desk, "2026-03-05", who: desk.Colleague), null, ClinicRole.Admin);
        Assert.Equal((201, 201), (own.Status, other.Status));
        var provider = new TestBrowser(desk.Clinic.As(ClinicRole.Provider));
        var page = (await provider.OpenAsync("/settings/time-off")).Html;
        Assert.Contains("Dr. Ben Osei", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"staffId\" autocomplete", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"/settings/time-off/{other.Body["id"]}/take-back", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await provider.PostAsync($"/settings/time-off/{other.Body["id"]}/take-back", ("version", "1"))).Status);
    }

    [Theory]   // New York: 2026-03-08 skips 2:00 to 3:00, 2026-11-01 shows 1:00 to 2:00 twice
    [InlineData("2026-03-08", null, null, "2026-03-08T05:00Z", "2026-03-09T04:00Z")]
    [InlineData("2026-11-01", null, null, "2026-11-01T04:00Z", "2026-11-02T05:00Z")]
    [InlineData("2026-11-01", "01:30", "12:00", "2026-11-01T05:30Z", "2026-11-01T17:00Z")]   // away for both
    [InlineData("2026-11-01", "00:00", "01:30", "2026-11-01T04:00Z", "2026-11-01T06:30Z")]
    public async Task S9_A_day_off_is_as_long_as_the_clocks_make_it(string day, string? fromAt, string? untilAt, string from, string until)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        Assert.Equal(201, (await desk.SendAsync("/api/v1/time-off", Off(desk, day, fromAt, null, untilAt), null, ClinicRole.FrontDesk)).Status);
        Assert.Equal((DateTimeOffset.Parse(from, CultureInfo.InvariantCulture), DateTimeOffset.Parse(until, CultureInfo.InvariantCulture)),
            await desk.Clinic.OneAsync<(DateTimeOffset, DateTimeOffset)>("select starts_at, ends_at from time_off"));
    }

    [Theory]
    [InlineData("2026-03-08", "02:30", null, null, "scheduling.no-such-time")]
    [InlineData("2026-03-08", null, "2026-03-07", null, "scheduling.incomplete")]
    [InlineData("2026-03-08", "12:00", null, "12:00", "scheduling.incomplete")]
    [InlineData("2026-03-08", null, "2027-03-09", null, "scheduling.incomplete")]
    public async Task What_is_no_time_is_refused(string from, string? fromAt, string? until, string? untilAt, string code)
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        Assert.Equal((422, code), await RefusedAsync());
        Assert.Equal(0, await desk.Clinic.OneAsync<long>("select count(*) from time_off"));

        async Task<(int, string?)> RefusedAsync()
        {
            var reply = await desk.SendAsync("/api/v1/time-off", Off(desk, from, fromAt, until, untilAt), null, ClinicRole.FrontDesk);
            return (reply.Status, reply.Code);
        }
    }
}
