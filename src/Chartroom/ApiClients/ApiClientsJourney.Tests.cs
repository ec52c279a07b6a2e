using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.ApiClients;

public sealed class ApiClientsJourneyTests(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task ACC_10_An_administrator_lets_a_program_in_sees_its_secret_once_and_shuts_it_out(int width)
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(clinic.Address, width);
        await visitor.SignInAsync(clinic, ClinicRole.Admin);
        await visitor.LookAtAsync("/settings/clinic");
        await visitor.PictureAsync($"settings-{width}");
        await visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Security", Exact = true }).First.ClickAsync(), "/settings/keys");
        await visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = "API clients" }).ClickAsync(), "/settings/api-clients");
        await visitor.Page.GetByLabel("Name").FillAsync("Phone system");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Let it in" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Choose at least one of the list.").First).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Read the calendar").CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Let it in" }).ClickAsync();
        await Assertions.Expect(visitor.Page.GetByText("Keep this now")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"api-clients-{width}");
        await visitor.LookAtAsync("/settings/api-clients");
        await Assertions.Expect(visitor.Page.GetByText("Keep this now")).ToHaveCountAsync(0);
        await visitor.Page.GetByText("Shut out").First.ClickAsync();
        await visitor.IsFineAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Shut out" }).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator(".state", new() { HasText = "Shut out" })).ToBeVisibleAsync();
        foreach (var page in new[] { "roles", "keys", "audit", "policies", "security" })
        {
            await visitor.LookAtAsync($"/settings/{page}");
            await visitor.PictureAsync($"{page}-{width}");
        }
    }
}
