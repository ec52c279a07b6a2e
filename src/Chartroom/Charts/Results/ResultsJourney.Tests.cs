using Chartroom.Journeys;
using Chartroom.Scribe;
using Microsoft.Playwright;

namespace Chartroom.Charts;

public sealed class ResultsJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task CHT_1_A_result_is_written_into_the_chart_waits_in_the_list_and_is_seen_with_a_word_or_at_one_click(int width)
    {
        await using var desk = await ReviewDesk.OpenAsync(isOnTheNet: true);
        Assert.Equal(201, (await desk.SendAsync($"/api/v1/visits/{desk.Visit}/orders", new { kind = "test", words = "HbA1c and creatinine" }, null, ClinicRole.Provider)).Status);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);
        var page = visitor.Page;

        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a result" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Test", new() { Exact = true }).FillAsync("Hemoglobin A1c");
        await panel.GetByLabel("Value").FillAsync("8.1");
        await panel.GetByLabel("Unit").FillAsync("%");
        await panel.GetByLabel("Range from").FillAsync("4.0");
        await panel.GetByLabel("Range to").FillAsync("5.6");
        await panel.GetByLabel("Answers the order").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await panel.GetByText("Laboratory, specimen, LOINC code").ClickAsync();
        await panel.GetByLabel("LOINC code").FillAsync("4548-5");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"result-form-{width}");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(panel).ToContainTextAsync("This is not a LOINC code.");
        await Assertions.Expect(panel.GetByLabel("Value")).ToHaveValueAsync("8.1");
        visitor.Forgive();   // the browser notes the 422
        await panel.GetByLabel("LOINC code").FillAsync("4548-4");
        await visitor.FollowAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync(), "chart=result**");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "1 result nobody has seen" })).ToContainTextAsync("8.1 %");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"result-unseen-{width}");
        Assert.Equal("done", await desk.Clinic.OneAsync<string>("select state from visit_order"));

        await visitor.LookAtAsync("/notes/waiting");
        await visitor.PictureAsync($"result-waiting-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Abnormal result of" }).ClickAsync();
        await panel.GetByLabel("What follows").FillAsync("Metformin doubled, again in 3 months");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"result-see-{width}");
        await visitor.FollowAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "I have seen it" }).ClickAsync(), "/notes/waiting?chart=seen**");
        await Assertions.Expect(page.GetByText("Nothing is open")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync(), "chart=unseen**");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Results nobody has seen" })).ToBeVisibleAsync();

        await visitor.LookAtAsync($"/patients/{desk.Patient}/chart/results");
        await visitor.PictureAsync($"result-list-{width}");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Seen: Hemoglobin A1c" }).ClickAsync(), "/chart/results?chart=seen**");
        await Assertions.Expect(page.GetByText("nobody has seen")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Hemoglobin A1c" }).First.ClickAsync();
        await Assertions.Expect(panel).ToContainTextAsync("Metformin doubled, again in 3 months");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"result-seen-{width}");
        Assert.Equal(["seen", "taken_back", "seen"], await desk.Clinic.RowsAsync<string>("select act from result_seen order by at, id"));
    }
}
