using Chartroom.Assist;
using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Scribe;

public sealed class FeaturesJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task AI_7_An_administrator_chooses_what_drafts_each_feature_and_clinicians_see_it_on_their_pages(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true, "--Assist:AllowLoopback=true");
        await using var model = await ModelDouble.StartAsync();
        model.Says = OutsideSummaryTests.Summary;
        await SummaryTests.FillAsync(desk);
        await model.TurnOnAsync(desk.Clinic);
        await using var admin = await browser.OpenAsync(desk.Clinic.Address, width);
        await admin.SignInAsync(desk.Clinic, ClinicRole.Admin);
        await admin.LookAtAsync("/settings/assistant");
        await admin.IsFineAsync();
        await admin.PictureAsync($"features-{width}");
        foreach (var feature in new[] { "visit-notes", "chart-summary" })
        {
            await admin.Page.Locator($"#drafter-{feature}").Locator("input[value=off]").CheckAsync();
            await admin.FollowAsync(() => admin.Page.Locator($"#drafter-{feature}").GetByRole(AriaRole.Button).PressAsync("Enter"), $"/settings/assistant?saved={feature}");
        }
        await admin.IsFineAsync();
        await admin.PictureAsync($"features-off-{width}");
        Assert.Equal(2, await desk.Clinic.OneAsync<long>("select count(*) from assist_choice where drafts_with = 'off'"));

        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart");
        await Assertions.Expect(visitor.Page.Locator("#draft-summary")).ToHaveCountAsync(0);
        await visitor.LookAtAsync($"/visits/{desk.Visit}/review");
        await Assertions.Expect(visitor.Page.GetByText("they are written by hand")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"features-off-review-{width}");

        await admin.Page.Locator("#drafter-chart-summary").Locator("input[value=outside]").CheckAsync();
        await admin.FollowAsync(() => admin.Page.Locator("#drafter-chart-summary").GetByRole(AriaRole.Button).ClickAsync(), "/settings/assistant/chart-summary");
        await admin.IsFineAsync();
        await admin.PictureAsync($"features-summary-model-{width}");
        using (var form = model.Form(AssistProvider.Anthropic, ("version", "1")))
        using (var client = desk.Clinic.As(ClinicRole.Admin))
            Assert.Equal(303, (int)(await client.PostAsync("/settings/assistant/chart-summary", form)).StatusCode);

        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart");
        await visitor.FollowAsync(() => visitor.Page.ClickAsync("#draft-summary button"), "/summaries/drafting");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"summary-outside-queued-{width}");
        await desk.Clinic.The<DraftingWorker>().WorkAsync(desk.Clinic.Id, default);
        await Assertions.Expect(visitor.Page.GetByText("Drafted from the chart by Anthropic Claude")).ToBeVisibleAsync(new() { Timeout = 30_000 });   // the page has looked by itself
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"summary-outside-{width}");
    }
}
