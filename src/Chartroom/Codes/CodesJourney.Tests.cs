using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Codes;

[Collection("Codes")]
public sealed class CodesJourney(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task A_problem_is_found_by_beginnings_of_words_chosen_by_the_down_arrow_and_kept_at_hand(int width)
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        await CodesTests.LoadAsync(clinic);
        var patient = await CodesTests.AdmitAsync(clinic);
        await using var visitor = await browser.OpenAsync(clinic.Address, width);
        await visitor.SignInAsync(clinic, ClinicRole.Provider);
        var page = visitor.Page;
        await visitor.LookAtAsync($"/patients/{patient}/chart");

        await page.GetByRole(AriaRole.Link, new() { Name = "Add a problem" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Problem", new() { Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ach sam ri");
        await Assertions.Expect(page.Locator("[data-code-status]")).ToHaveTextAsync("2 found");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep X10.21 at hand" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Keep X10.21 at hand" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByLabel("Problem", new() { Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.GetByLabel("Problem", new() { Exact = true })).ToHaveValueAsync("Acute sample ache of right side");
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"codes-{width}");
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Enter"), "chart=problem**");
        await Assertions.Expect(page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("X10.21");

        await page.GetByRole(AriaRole.Link, new() { Name = "Acute sample ache of right side" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "X10.21" })).ToBeCheckedAsync();
        await visitor.IsFineAsync();
    }
}
