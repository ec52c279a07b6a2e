using Chartroom.Scheduling;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>What stays in a browser after somebody has worked in it: nothing but whether keys are on (ASVS 14.3.3; a clinic's computers are shared).</summary>
public sealed class BrowserStorage(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task ACC_11_After_a_walk_through_all_pages_as_every_role_the_browser_keeps_nothing_but_whether_keys_are_on()
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var visit = (string)(await desk.BookedAsync("2026-03-02", "10:00"))["id"]!;
        foreach (var role in new[] { ClinicRole.Provider, ClinicRole.FrontDesk, ClinicRole.Admin })
        {
            await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
            await visitor.SignInAsync(desk.Clinic, role);
            var pages = await EveryPage.PagesAsync(desk, visit, role);
            foreach (var page in pages)
            {
                await visitor.Page.GotoAsync(page);
                var kept = await StoredAsync(visitor.Page);
                Assert.True(kept.Length == 0, $"{page} as {role}: {string.Join(", ", kept)}");
            }
            Assert.True(pages.Count > 15, $"{pages.Count} pages of {role}");
        }
    }

    [Fact]
    public async Task ACC_11_Words_that_could_not_be_sent_are_in_the_page_and_not_in_the_browsers_storage()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(clinic.Address);
        await visitor.SignInAsync(clinic, ClinicRole.FrontDesk);
        await visitor.Page.GotoAsync("/patients/new");
        await visitor.Page.EvaluateAsync("localStorage.setItem('keys', 'off')");   // as the switch of the shortcuts does: the look is not blind
        await visitor.Page.Locator("main form input[type=text]:visible").First.FillAsync("Zebulonquist");
        await visitor.SignOutAsync();
        await visitor.Page.Locator("main form button[type=submit]:visible").Last.ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("dialog[open]")).ToBeVisibleAsync();

        Assert.Equal(["local keys=off"], await StoredAsync(visitor.Page));
    }

    /// <summary>All that the browser keeps for this site, as far as scripts can read it.</summary>
    internal static Task<string[]> StoredAsync(IPage page) => page.EvaluateAsync<string[]>("""
        async () => [
            ...Object.entries(localStorage).map(([name, value]) => `local ${name}=${value}`),
            ...Object.entries(sessionStorage).map(([name, value]) => `session ${name}=${value}`),
            ...(await indexedDB.databases()).map(it => `database ${it.name}`),
            ...(await caches.keys()).map(name => `cache ${name}`),
            ...(await navigator.serviceWorker.getRegistrations()).map(it => `worker ${it.scope}`),
            ...document.cookie.split('; ').filter(it => it && !it.startsWith('chartroom=test-')).map(it => `cookie ${it}`),   // the tests' own; the program's are kept from scripts
        ]
        """);
}
