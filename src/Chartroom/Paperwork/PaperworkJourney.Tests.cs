using Chartroom.Journeys;
using Chartroom.Scheduling;
using Microsoft.Playwright;

namespace Chartroom.Paperwork;

public sealed class PaperworkJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task SCH_8_An_administrator_lists_the_forms_and_the_desk_marks_them_in_two_clicks_with_an_undo_while_another_screen_sees_it(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var visit = await desk.BookedAsync("2026-03-02", "10:00");
        await ListAsync(desk, width);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await using var other = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        await other.SignInAsync(desk.Clinic, ClinicRole.Provider);
        await other.LookAtAsync("/board");
        var page = visitor.Page;
        await visitor.LookAtAsync("/board");
        await visitor.PictureAsync($"paper-board-{width}");

        await page.GetByRole(AriaRole.Link, new() { Name = "2 forms missing: Jo Lee" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Signed: Privacy notice" }).WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"paper-panel-{width}");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Signed: Privacy notice" }).ClickAsync(), "/board?papers=received**");
        await page.GetByText("Form received.").WaitForAsync();
        await page.GetByText("1 form missing").WaitForAsync();
        await other.Page.GetByText("1 form missing").WaitForAsync(new() { Timeout = 5000 });
        await visitor.PictureAsync($"paper-received-{width}");
        await visitor.FollowAsync(() => page.Locator(".toast-undo").ClickAsync(), "/board?papers=taken-back**");
        await other.Page.GetByText("2 forms missing").WaitForAsync(new() { Timeout = 5000 });

        await visitor.LookAtAsync("/day?date=2026-03-02");
        await visitor.PictureAsync($"paper-day-{width}");
        await page.Locator(width == Browser.PhoneWidth ? ".agenda-visit" : ".ec-event.visit").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Both signed" }).WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"paper-visit-panel-{width}");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Both signed" }).ClickAsync(), "/day?date=2026-03-02&papers=received**");
        await page.GetByText("2 forms received.").WaitForAsync();
        Assert.Equal(0, await page.Locator(".flag-forms").CountAsync());

        await visitor.LookAtAsync($"/visits/{visit["id"]}");
        await visitor.PictureAsync($"paper-visit-{width}");
        await visitor.LookAtAsync($"/patients/{desk.Patient}");
        await page.GetByText("History (3)").ClickAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"paper-patient-{width}");
    }

    private async Task ListAsync(SchedulingDesk desk, int width)
    {
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Admin);
        var page = visitor.Page;
        await visitor.LookAtAsync("/settings/paperwork");
        await visitor.PictureAsync($"paper-settings-empty-{width}");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Privacy notice" }).ClickAsync(), "/settings/paperwork?done=added");
        await page.GetByLabel("Name").FillAsync("Photo permission");
        await page.GetByLabel("Asked for").SelectOptionAsync("months");
        await page.GetByLabel("Months").FillAsync("24");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Add the paper" }).ClickAsync(), "/settings/paperwork?done=added");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retire Photo permission" }).WaitForAsync();   // the address was the same before
        await page.GetByRole(AriaRole.Button, new() { Name = "Insurance card" }).ClickAsync();
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Retire Insurance card" }).ClickAsync(), "/settings/paperwork?done=retired**");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"paper-settings-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Change Photo permission" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Photo permission" }).WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"paper-edit-{width}");
    }
}
