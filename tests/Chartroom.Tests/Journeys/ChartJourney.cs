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

        foreach (var part in new[] { "Vitals", "Encounters", "Results", "Notes", "History" })
        {
            await visitor.Page.GetByRole(AriaRole.Navigation, new() { Name = "Chart" }).GetByRole(AriaRole.Link, new() { Name = part }).ClickAsync();
            await visitor.Page.WaitForURLAsync($"**/chart/{part.ToLowerInvariant()}");
            await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Samplenut");   // always in sight
            await visitor.IsFineAsync();
        }

        await AddProblemAsync(visitor);
        await AmendAllergyAsync(visitor);
        await visitor.IsFineAsync();
        await ResolveInPlaceAsync(visitor, width);
        await BeWarnedAsync(visitor, width);
        await TakeVitalsAsync(visitor, width);
    }

    /// <summary>Where it stands, by the keyboard: open, first letters of the status, save; and back.</summary>
    private static async Task ResolveInPlaceAsync(Visitor visitor, int width)
    {
        var (page, rail) = (visitor.Page, visitor.Page.GetByRole(AriaRole.Complementary));
        await rail.GetByLabel("Change Sample asthma").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(rail.GetByLabel("Status of Sample asthma")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("res");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"in-place-{width}");
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Control+s"), "chart=changed**");
        await Assertions.Expect(rail).Not.ToContainTextAsync("Sample asthma");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Chart" }).GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await page.GetByLabel("Change Sample asthma").ClickAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"in-place-history-{width}");
        await page.GoBackAsync();
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync(), "chart=undone**");
        await Assertions.Expect(rail).ToContainTextAsync("Sample asthma");
    }

    /// <summary>A medication that an allergy speaks against: the warning asks for a reason, and what was typed is still there.</summary>
    private static async Task BeWarnedAsync(Visitor visitor, int width)
    {
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Add a medication" }).ClickAsync();
        var panel = visitor.Page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Medication", new() { Exact = true }).FillAsync("Samplenut oil 5 ml");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(panel).ToContainTextAsync("The chart lists an allergy of this very name.");
        await Assertions.Expect(panel.GetByLabel("Medication", new() { Exact = true })).ToHaveValueAsync("Samplenut oil 5 ml");
        await visitor.PictureAsync($"allergy-warning-{width}");
        visitor.Forgive();   // the browser notes the 409
        await visitor.IsFineAsync();
        await panel.GetByLabel("Write it all the same").FillAsync("Skin test was negative");
        await visitor.FollowAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync(), "chart=medication**");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Accepted with a reason.");
        await visitor.PictureAsync($"allergy-rail-{width}");
    }

    /// <summary>One click and the keyboard; what lies outside of the range is told while one types; one undo.</summary>
    private static async Task TakeVitalsAsync(Visitor visitor, int width)
    {
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Vitals", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.GetByLabel("Systolic, mmHg")).ToBeFocusedAsync();
        foreach (var figure in new[] { "131", "78", "112", "16", "98.6", "97", "70", "178" })
        {
            await page.Keyboard.TypeAsync(figure);
            if (figure != "178") await page.Keyboard.PressAsync("Tab");
        }
        await Assertions.Expect(page.Locator("[data-vital-now]")).ToHaveTextAsync("Systolic high · Heart rate high · BMI 22.1");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"vitals-form-{width}");
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Enter"), "chart=vital**");
        await Assertions.Expect(page.Locator(".toast-note")).ToContainTextAsync("Vital signs saved.");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"vitals-saved-{width}");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync(), "chart=put-away**");
        await Assertions.Expect(page.Locator(".toast-note")).ToContainTextAsync("Put away.");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Chart" }).GetByRole(AriaRole.Link, new() { Name = "History" }).ClickAsync();
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Ask to destroy" }).First.ClickAsync(), "chart=asked**");
        await Assertions.Expect(page.GetByRole(AriaRole.Table, new() { Name = "Put away" })).ToContainTextAsync("Its end was asked for by Test Provider");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"put-away-{width}");
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
        await visitor.FollowAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync(), "chart=problem**");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("since Mar 2019");
    }

    private static async Task AmendAllergyAsync(Visitor visitor)
    {
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Samplenut" }).ClickAsync();
        var panel = visitor.Page.GetByRole(AriaRole.Dialog);
        await panel.GetByLabel("Reaction").FillAsync("Swelling");
        await visitor.IsFineAsync();
        await visitor.PictureAsync("entry");
        await visitor.FollowAsync(() => panel.GetByRole(AriaRole.Button, new() { Name = "Save a new version" }).ClickAsync(), "chart=changed**");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Swelling");
    }
}
