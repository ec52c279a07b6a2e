using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.BreakGlass;

public sealed class BreakGlassJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task ACC_12_Somebody_at_the_desk_breaks_the_glass_sees_the_banner_and_ends_it_and_an_administrator_reviews_it(int width)
    {
        await using var desk = await BreakGlassTests.RestrictedAsync(isOnTheNet: true);
        await using (var front = await browser.OpenAsync(desk.Clinic.Address, width))
        {
            await front.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
            await front.LookAtAsync($"/patients/{desk.Patient}");
            await front.FollowAsync(() => front.Page.GetByRole(AriaRole.Link, new() { Name = "Open it in an emergency" }).ClickAsync(), "/break-glass");
            await front.IsFineAsync();
            await front.Page.GetByRole(AriaRole.Button, new() { Name = "Open the chart for 60 minutes" }).ClickAsync();
            await Assertions.Expect(front.Page.Locator(".field-error")).ToHaveCountAsync(1);   // without a reason
            await front.PictureAsync($"break-glass-{width}");
            await front.Page.GetByLabel("What is the emergency?").FillAsync("Collapsed in the waiting room, allergies needed");
            await front.FollowAsync(() => front.Page.GetByRole(AriaRole.Button, new() { Name = "Open the chart for 60 minutes" }).ClickAsync(), "/chart");
            await Assertions.Expect(front.Page.GetByText("Penicillin").First).ToBeVisibleAsync();
            await front.IsFineAsync();
            await front.PictureAsync($"break-glass-chart-{width}");
            await front.LookAtAsync("/day");
            await front.FollowAsync(() => front.Page.GetByRole(AriaRole.Button, new() { Name = "End it now" }).ClickAsync(), "/patients");
            await Assertions.Expect(front.Page.GetByText("Emergency access until")).ToHaveCountAsync(0);
        }

        await using var admin = await browser.OpenAsync(desk.Clinic.Address, width);
        await admin.SignInAsync(desk.Clinic, ClinicRole.Admin);
        await admin.LookAtAsync($"/patients/{desk.Patient}/restriction");
        await admin.PictureAsync($"restriction-{width}");
        await admin.LookAtAsync("/day");
        await admin.FollowAsync(() => admin.Page.GetByRole(AriaRole.Link, new() { Name = "Look at it" }).ClickAsync(), "/settings/break-glass");
        await admin.IsFineAsync();
        await admin.PictureAsync($"break-glass-queue-{width}");
        await admin.FollowAsync(() => admin.Page.GetByRole(AriaRole.Link, new() { Name = "Review", Exact = true }).ClickAsync(), "/settings/break-glass/*");
        await admin.IsFineAsync();
        await admin.PictureAsync($"break-glass-review-{width}");
        await admin.Page.GetByLabel("Yes").CheckAsync();
        await admin.Page.GetByLabel("Why").FillAsync("Paramedics were on the way");
        await admin.FollowAsync(() => admin.Page.GetByRole(AriaRole.Button, new() { Name = "Close the review" }).ClickAsync(), "/settings/break-glass");
        await Assertions.Expect(admin.Page.GetByText("Justified", new() { Exact = true })).ToBeVisibleAsync();
        await admin.IsFineAsync();
    }
}
