using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Scheduling;

/// <summary>The same by keys alone.</summary>
public sealed partial class DeskJourneyTests
{
    /// <summary>Goes on by the tabulator until something of that kind has the focus.</summary>
    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var step = 0; step < 80; step++)
        {
            if (await page.EvaluateAsync<bool>("selector => !!document.activeElement?.matches(selector)", selector)) return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"The tabulator does not lead to {selector}.");
    }

    [Fact]
    public async Task The_same_morning_by_keyboard_alone()
    {
        await using var desk = await MorningAsync(11);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var (page, keys) = (visitor.Page, visitor.Page.Keyboard);
        await page.GotoAsync("/day");
        await page.Locator("#calendar [data-visit]").Nth(21).WaitForAsync();

        async Task GoAsync(string key, string name)
        {
            await keys.PressAsync(key);
            await FocusedAsync(page, name);
        }

        async Task ArriveAsync(char letter)
        {
            await keys.PressAsync("a");
            await SaidAsync(page, $"Number{letter}: Arrived.");
            await FocusedAsync(page, $"Number{letter}");
        }

        async Task MoveAsync(string time, string name)
        {
            await keys.PressAsync("Shift+M");
            await page.Locator("#f-at").WaitForAsync();
            await TabToAsync(page, "#f-at");
            await keys.TypeAsync(time);
            await visitor.FollowAsync(() => keys.PressAsync("Control+s"), "done=moved**");
            await SaidAsync(page, "Visit moved.");
            await FocusedAsync(page, name);
        }

        await TabToAsync(page, "#calendar [data-visit]");
        await FocusedAsync(page, "NumberA");
        for (var letter = 'A'; letter <= 'S'; letter += (char)2)
        {
            await ArriveAsync(letter);
            if (letter < 'S') await GoAsync("ArrowDown", $"Number{(char)(letter + 2)}");
        }
        await GoAsync("ArrowRight", "NumberT");
        for (var letter = 'T'; letter >= 'B'; letter -= (char)2)
        {
            await ArriveAsync(letter);
            if (letter > 'B') await GoAsync("ArrowUp", $"Number{(char)(letter - 2)}");
        }
        for (var letter = 'D'; letter <= 'V'; letter += (char)2) await GoAsync("ArrowDown", $"Number{letter}");
        await MoveAsync("0330PM", "NumberV");
        await GoAsync("ArrowLeft", "NumberU");
        await MoveAsync("0315PM", "NumberU");
        await MoveAsync("0400PM", "NumberU");

        foreach (var (time, number) in new[] { ("1000AM", 0), ("1100AM", 1) })
        {
            await keys.PressAsync("n");
            await page.GetByLabel("Who comes?").WaitForAsync();
            await TabToAsync(page, "#pick-text");
            await keys.TypeAsync("jo lee");
            await page.Locator("#pick-hits a").WaitForAsync();
            await keys.PressAsync("ArrowDown");
            await keys.PressAsync("Enter");
            await page.Locator("#f-at").WaitForAsync();
            await TabToAsync(page, "#f-at");
            await keys.TypeAsync(time);
            await TabToAsync(page, "#f-providerId");
            await keys.TypeAsync("Tara");
            await visitor.FollowAsync(() => keys.PressAsync("Control+s"), "done=booked**");
            await Block(page, "Jo Lee").Nth(number).WaitForAsync();
        }

        await TabToAsync(page, "#calendar [data-visit]");
        await ReachAsync(page, "NumberV");
        await keys.PressAsync("x");
        await page.Locator("dialog[open] select").First.WaitForAsync();
        await TabToAsync(page, "dialog[open] .btn-primary");
        await keys.PressAsync("Enter");
        await SaidAsync(page, "NumberV is cancelled");
        await LateAsync(desk);
        await page.ReloadAsync();
        await page.Locator("#calendar [data-visit]", new() { HasText = "NumberU" }).WaitForAsync();
        await TabToAsync(page, "#calendar [data-visit]");
        await ReachAsync(page, "NumberU");
        await keys.PressAsync("Shift+F10");
        await page.Locator("#visit-menu [role=menuitem]").First.WaitForAsync();
        while (!await page.EvaluateAsync<bool>("() => document.activeElement.textContent.startsWith('No-show')")) await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await SaidAsync(page, "No-show.");
        await visitor.IsFineAsync();

        await IsWholeMorningAsync(desk);
    }

    /// <summary>Goes by arrows through the column at hand and then the others until that visit has the focus.</summary>
    private static async Task ReachAsync(IPage page, string name)
    {
        foreach (var key in new[] { "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowUp" })
        {
            for (var before = ""; ;)
            {
                var at = await page.EvaluateAsync<string>("() => document.activeElement.textContent");
                if (at.Contains(name, StringComparison.Ordinal)) return;
                if (at == before || (key is "ArrowLeft" or "ArrowRight" && before.Length > 0)) break;
                before = at;
                await page.Keyboard.PressAsync(key);
            }
        }
        Assert.Fail($"The arrows do not lead to {name}.");
    }

    [Fact]
    public async Task The_keys_of_the_day_go_to_visits_menus_views_and_help_and_each_person_chooses_their_own()
    {
        await using var desk = await MorningAsync(2);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var (page, keys) = (visitor.Page, visitor.Page.Keyboard);
        await page.GotoAsync("/day");
        await Block(page, "NumberA").FocusAsync();

        await keys.PressAsync("a");
        await SaidAsync(page, "NumberA: Arrived.");
        await FocusedAsync(page, "NumberA");
        await keys.PressAsync("ArrowRight");
        await FocusedAsync(page, "NumberB");
        await keys.PressAsync("c");
        await SaidAsync(page, "NumberB: Confirmed.");
        await FocusedAsync(page, "NumberB");
        await keys.PressAsync("ArrowDown");
        await FocusedAsync(page, "NumberD");
        await keys.PressAsync("x");
        await page.Locator("dialog[open] select").First.WaitForAsync();
        await page.Locator("dialog[open] .btn-primary").FocusAsync();
        await keys.PressAsync("Enter");
        await SaidAsync(page, "NumberD is cancelled");
        await Block(page, "NumberC").FocusAsync();
        await keys.PressAsync("Shift+F10");
        await page.Locator("#visit-menu [role=menuitem]").First.WaitForAsync();
        await visitor.IsFineAsync();
        await keys.PressAsync("Escape");
        await FocusedAsync(page, "NumberC");
        await keys.PressAsync("Shift+M");
        await page.Locator("#f-at").WaitForAsync();
        await page.Locator("#f-at").FillAsync("15:15");
        await visitor.FollowAsync(() => keys.PressAsync("Control+s"), "done=moved**");
        await keys.PressAsync("n");
        await page.GetByLabel("Who comes?").WaitForAsync();
        await keys.PressAsync("Escape");
        await page.Locator("dialog[open]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await visitor.FollowAsync(() => keys.PressAsync("w"), "/day?date=2026-03-02");
        await page.Locator("table.week").WaitForAsync();
        await keys.PressAsync("m");
        await page.Locator("table.month:not(.week)").WaitForAsync();
        await keys.PressAsync("d");
        await page.Locator("#calendar .ec-day-view").WaitForAsync();
        await ChooseKeysAsync(visitor);
        await Block(page, "NumberB").FocusAsync();
        await keys.PressAsync("a");   // is the room's key now, and nobody has arrived
        await SaidAsync(page, "This visit cannot be in room now.");
        await keys.PressAsync("g");
        await SaidAsync(page, "NumberB: Arrived.");
        await keys.PressAsync("?");
        await page.Locator("#keys .key-list > div", new() { HasText = "On a visit: arrive" }).Locator("kbd", new() { HasText = "g" }).WaitForAsync();

        Assert.Equal(["arrived A", "arrived B", "booked C", "cancelled D"], await StatesAsync(desk));
        Assert.Equal("15:15", await desk.Clinic.OneAsync<string>("select to_char(local_start, 'HH24:MI') from appointment where status = 'booked'"));
    }

    /// <summary>Arrive has the key g, and the room has that of arrive, each as it is pressed.</summary>
    private static async Task ChooseKeysAsync(Visitor visitor)
    {
        var (page, keys) = (visitor.Page, visitor.Page.Keyboard);
        await page.GotoAsync("/day/keys");
        await page.GetByLabel("On a visit: to a room").FocusAsync();
        await keys.PressAsync("a");
        await keys.PressAsync("Enter");
        await page.GetByText("On a visit: to a room: this key does something else there: On a visit: arrive.").First.WaitForAsync();
        await page.GetByLabel("On a visit: arrive").FocusAsync();
        await keys.PressAsync("g");
        await visitor.FollowAsync(() => keys.PressAsync("Enter"), "done=saved**");
        await page.GotoAsync("/day");
    }
}
