using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Scheduling;

public sealed class SeriesJourney(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task S8_A_visit_is_repeated_a_taken_date_decided_several_moved_and_all_taken_back(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var visit = (string)(await desk.BookedAsync("2026-03-03", "10:00"))["id"]!;
        await desk.BookedAsync("2026-03-17", "10:00");
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        ILocator Button(string name) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = name });

        await visitor.LookAtAsync($"/day/book?day=2026-03-04&at=18:00&provider={desk.Provider}&patient={desk.Patient}");
        await visitor.Page.GetByText("The provider does not see patients there at that time.").WaitForAsync();
        await visitor.PictureAsync($"booking-why-not-{width}");
        await visitor.Page.GetByLabel("Start", new() { Exact = true }).FillAsync("10:00");
        await visitor.Page.GetByLabel("Reason").FillAsync("Stretching again");
        await Assertions.Expect(visitor.Page.GetByText("This time is not offered")).ToHaveCountAsync(0);
        await Button("Repeat …").ClickAsync();
        await Button("Book 6 visits").WaitForAsync();
        Assert.Equal("Stretching again", await visitor.Page.GetByLabel("Reason").InputValueAsync());
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"series-repeat-{width}");

        await visitor.LookAtAsync($"/visits/{visit}");
        await visitor.FollowAsync(() => visitor.Page.GetByText("Repeat …").ClickAsync(), $"/series/new?visit={visit}");
        await visitor.IsFineAsync();
        await visitor.Page.GetByLabel("Visit type").SelectOptionAsync(new SelectOptionValue { Index = 0 });
        await visitor.Page.GetByLabel("How many times").FillAsync("3");
        await Button("Look at the dates").ClickAsync();
        await visitor.Page.GetByText("The provider has another visit at that time.").First.WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"series-plan-{width}");
        await visitor.FollowAsync(() => Button("Book 3 visits").ClickAsync(), "/series/*?done=booked**");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"series-booked-{width}");
        Assert.Equal(["03-10 10:00", "03-17 10:30", "03-24 10:00"], await desk.Clinic.RowsAsync<string>("select to_char(local_start, 'MM-DD HH24:MI') from appointment where series_id is not null order by starts_at"));

        var (series, first) = await desk.Clinic.OneAsync<(Guid, Guid)>("select series_id, id from appointment where series_id is not null order by starts_at limit 1");
        await visitor.LookAtAsync($"/visits/{first}");
        await visitor.PictureAsync($"series-visit-{width}");
        await visitor.LookAtAsync($"/series/{series}/change?visit={first}");
        await visitor.Page.GetByLabel("Start", new() { Exact = true }).FillAsync("11:00");
        await Button("Look at the dates").ClickAsync();
        await Button("Move them").WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"series-move-{width}");
        await visitor.FollowAsync(() => Button("Move them").ClickAsync(), "/series/*?done=moved**");
        Assert.Equal(["03-10 11:00", "03-17 11:00", "03-24 11:00"], await desk.Clinic.RowsAsync<string>("select to_char(local_start, 'MM-DD HH24:MI') from appointment where series_id is not null order by starts_at"));
        await visitor.FollowAsync(() => Button("Undo").ClickAsync(), "/series/*?done=undone**");
        Assert.Equal(["03-10 10:00", "03-17 10:30", "03-24 10:00"], await desk.Clinic.RowsAsync<string>("select to_char(local_start, 'MM-DD HH24:MI') from appointment where series_id is not null order by starts_at"));
        await visitor.IsFineAsync();
    }
}
