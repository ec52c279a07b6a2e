using System.Net;
using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

public sealed class FindTimeTests
{
    [Fact]
    public async Task S9_S10_A_stranger_sees_the_free_times_of_a_week_in_the_places_zone()
    {
        await using var online = await OnlineDesk.OpenAsync();

        var page = await online.Browser().OpenAsync($"/book/{online.Slug}?kind=new");

        Assert.Equal((HttpStatusCode.OK, "Book a visit"), (page.Status, page.Title));
        Assert.Contains("New York time", page.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"2026-03-03T13:00:00Z\"", page.Html, StringComparison.Ordinal);      // eight o'clock on Tuesday
        Assert.DoesNotContain("value=\"2026-03-02T15:55:00Z\"", page.Html, StringComparison.Ordinal); // today, less than two hours ahead
        Assert.DoesNotContain("value=\"2026-03-03T12:55:00Z\"", page.Html, StringComparison.Ordinal); // before the hours
    }

    [Fact]
    public async Task An_unknown_clinic_one_whose_page_is_off_and_one_without_agreement_are_answered_alike()
    {
        await using var online = await OnlineDesk.OpenAsync();
        await using var unsigned = await TestClinic.OpenAsync(isAgreementSigned: false);
        var browser = online.Browser();
        var unknown = await browser.OpenAsync("/book/no-such-clinic");
        var other = await browser.OpenAsync($"/book/t-{unsigned.Id.Value:N}");
        await online.RunAsync("update scheduling_rules set is_online = false");
        var off = await browser.OpenAsync($"/book/{online.Slug}");

        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        Assert.Equal(Bare(unknown), Bare(off));
        Assert.Equal(Bare(unknown), Bare(other));
        Assert.Equal(Bare(unknown), Bare(await online.HoldAsync(browser, "2026-03-03T15:00:00Z")));
    }

    [Fact]
    public async Task A_clinic_that_offers_nothing_says_whom_to_call()
    {
        await using var online = await OnlineDesk.OpenAsync();
        await online.RunAsync("delete from online_offer");

        var page = await online.Browser().OpenAsync($"/book/{online.Slug}");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("nothing to book online", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S10_What_is_offered_to_those_who_have_been_here_is_not_offered_to_the_new()
    {
        await using var online = await OnlineDesk.OpenAsync();
        await online.RunAsync("delete from online_offer where patient_kind = 'new'");
        var browser = online.Browser();

        Assert.DoesNotContain("name=\"time\"", (await browser.OpenAsync($"/book/{online.Slug}?kind=new")).Html, StringComparison.Ordinal);
        Assert.Contains("name=\"time\"", (await browser.OpenAsync($"/book/{online.Slug}?kind=existing")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await online.HoldAsync(browser, "2026-03-03T15:00:00Z", "new")).Status);
        Assert.Equal(0, await online.Clinic.OneAsync<long>("select count(*) from appointment"));
    }

    [Theory]   // whatever stands in the address, the page shows something and never fails
    [InlineData("kind=7&type=x&with=y&at=z&from=q"), InlineData("from=9999-12-31"), InlineData("from=0001-01-01"), InlineData("from=2027-12-31"), InlineData("type=019a0000-0000-7000-8000-000000000001")]
    public async Task Nonsense_in_the_address_counts_as_not_chosen(string query)
    {
        await using var online = await OnlineDesk.OpenAsync();
        Assert.Equal(HttpStatusCode.OK, (await online.Browser().OpenAsync($"/book/{online.Slug}?{query}")).Status);
    }

    [Fact]
    public async Task The_night_without_two_o_clock_offers_none_and_the_night_with_two_one_o_clocks_tells_them_apart()
    {
        await using var online = await OnlineDesk.OpenAsync("2026-03-06T14:00:00Z");
        await online.RunAsync("update weekly_hours set opens = '00:00', closes = '06:00'");
        var spring = await online.Browser().OpenAsync($"/book/{online.Slug}?kind=new&from=2026-03-08");
        Assert.Contains("value=\"2026-03-08T06:30:00Z\"", spring.Html, StringComparison.Ordinal);   // 1:30 EST
        Assert.Contains("value=\"2026-03-08T07:00:00Z\"", spring.Html, StringComparison.Ordinal);   // 3:00 EDT
        Assert.DoesNotContain("\"2:30 AM on Sunday, March 8", spring.Html, StringComparison.Ordinal);

        online.Clinic.Clock.AdjustTime(DateTimeOffset.Parse("2026-10-30T14:00:00Z", null));
        var autumn = await online.Browser().OpenAsync($"/book/{online.Slug}?kind=new&from=2026-11-01");
        foreach (var (instant, offset) in new[] { ("2026-11-01T05:30:00Z", "UTC−4:00"), ("2026-11-01T06:30:00Z", "UTC−5:00") })
            Assert.True(!autumn.Html.Contains($"value=\"{instant}\"", StringComparison.Ordinal) || autumn.Html.Contains($"1:30 AM ({offset})", StringComparison.Ordinal), instant);
        Assert.Contains("value=\"2026-11-01T07:00:00Z\"", autumn.Html, StringComparison.Ordinal);   // 2:00 EST, there once
    }

    private static (HttpStatusCode, string) Bare(TestPage page) => (page.Status, System.Text.RegularExpressions.Regex.Replace(page.Html, "/book/[a-z0-9/-]+", "#"));
}
