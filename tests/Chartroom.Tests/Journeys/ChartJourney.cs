using Chartroom.Import;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>Records of another system come in by the page; their chart is read, written and amended.</summary>
public sealed class ChartJourney(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task Files_are_imported_with_a_report_of_each_and_their_chart_is_opened_written_and_amended(int width)
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(clinic.Address, width);
        await visitor.SignInAsync(clinic, ClinicRole.Provider);

        await ImportAsync(visitor);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Open the chart" }).ClickAsync();
        await visitor.Page.WaitForURLAsync("**/chart");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"chart-{width}");

        foreach (var part in new[] { "Encounters", "Results", "Notes", "History" })
        {
            await visitor.Page.GetByRole(AriaRole.Navigation, new() { Name = "Chart" }).GetByRole(AriaRole.Link, new() { Name = part }).ClickAsync();
            await visitor.Page.WaitForURLAsync($"**/chart/{part.ToLowerInvariant()}");
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Samplenut");   // always in sight
            await visitor.IsFineAsync();
        }

        await AddProblemAsync(visitor);
        await AmendAllergyAsync(visitor);
        await visitor.IsFineAsync();
    }

    private static async Task ImportAsync(Visitor visitor)
    {
        await visitor.LookAtAsync("/patients/import");
        await visitor.Page.GetByLabel("Files").SetInputFilesAsync(new FilePayload[]
        {
            new() { Name = "good.json", MimeType = "application/json", Buffer = Sample.Bundle(Sample.Visit) },
            new() { Name = "broken.json", MimeType = "application/json", Buffer = Sample.Bundle(Sample.With("c1", "\"2024-04\"", "\"2024-13\"")) },
        });
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Import" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("[data-import-status]")).ToHaveTextAsync("1 of 2 taken in, 1 refused.");
        await Assertions.Expect(visitor.Page.Locator(".import-report").First).ToContainTextAsync("Bundle.entry[3] Condition/c1 onsetDateTime is not a date");
        await visitor.IsFineAsync();
        await visitor.PictureAsync("import");
    }

    private static async Task AddProblemAsync(Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Add a problem" }).ClickAsync();
        var panel = visitor.Page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Problem", new() { Exact = true }).FillAsync("Sample asthma");
        await panel.GetByLabel("Since").FillAsync("13/2019");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(panel).ToContainTextAsync("There is no such day.");
        await panel.GetByLabel("Since").FillAsync("2019-03");
        await visitor.IsFineAsync();
        await visitor.FollowAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync(), "/chart");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("since Mar 2019");
    }

    private static async Task AmendAllergyAsync(Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Samplenut" }).ClickAsync();
        var panel = visitor.Page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Reaction").FillAsync("Swelling");
        await visitor.IsFineAsync();
        await visitor.PictureAsync("entry");
        await visitor.FollowAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "Save a new version" }).ClickAsync(), "/chart");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Swelling");
    }
}
