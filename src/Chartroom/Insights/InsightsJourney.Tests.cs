using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Insights;

public sealed class InsightsJourney(Browser browser) : IClassFixture<Browser>
{
    private const string Months = "/insights?from=2026-02-01&to=2026-03-31&per=month&by=";

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task INT_6_A_point_of_a_chart_opens_the_visits_it_counts_by_a_click_and_by_keys(int width)
    {
        await using var clinic = await TestClinic.OpenAsync("2026-03-12T18:00:00Z", isOnTheNet: true);
        await new RandomClinic(clinic, new(6)).FillAsync(120);
        await using var visitor = await browser.OpenAsync(clinic.Address, width);
        await visitor.SignInAsync(clinic, ClinicRole.Admin);
        var page = visitor.Page;

        await visitor.LookAtAsync(Months + "clinic");
        await visitor.PictureAsync($"insights-months-{width}");
        var (link, rows) = await BehindAsync(page, 0, "no_shows");
        var canvas = page.Locator("canvas[data-chart='no_show_rate']");
        await canvas.ScrollIntoViewIfNeededAsync();
        var place = await canvas.EvaluateAsync<float[]>("canvas => { const { x, y } = Chart.getChart(canvas).getDatasetMeta(0).data[0]; return [x, y]; }");
        var position = new Position { X = place[0] + 4, Y = place[1] };   // beside it is near enough
        await visitor.FollowAsync(() => width == Browser.PhoneWidth ? canvas.TapAsync(new() { Position = position }) : canvas.ClickAsync(new() { Position = position }), link);
        await Assertions.Expect(page.Locator(".data-table tbody tr")).ToHaveCountAsync(rows);
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"insights-visits-{width}");

        await visitor.LookAtAsync(Months + "provider");
        (link, rows) = await BehindAsync(page, 1, "no_shows");
        canvas = page.GetByRole(AriaRole.Slider, new() { Name = "Chart of no-show rate." });
        await canvas.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(canvas).ToHaveAttributeAsync("aria-valuetext", await SaidAsync(page, 1));
        await visitor.IsFineAsync();
        await visitor.PictureAsync($"insights-keys-{width}");
        await visitor.FollowAsync(() => page.Keyboard.PressAsync("Enter"), link);
        await Assertions.Expect(page.Locator(".data-table tbody tr")).ToHaveCountAsync(rows);
    }

    /// <summary>Where the number of that line of the table leads, and how many visits it says are there.</summary>
    private static async Task<(string Path, int Rows)> BehindAsync(IPage page, int line, string column)
    {
        var heads = await page.Locator("#figures th[data-column]").EvaluateAllAsync<string[]>("all => all.map(head => head.dataset.column)");
        var link = page.Locator("#figures tbody tr").Nth(line).Locator("td.is-number").Nth(Array.IndexOf(heads, column)).GetByRole(AriaRole.Link);
        var (path, rows) = (await link.GetAttributeAsync("href"), int.Parse(await link.InnerTextAsync(), System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(rows, 1, 50);   // one page, and not an empty one
        return (path!, rows);   // asked for above
    }

    private static Task<string> SaidAsync(IPage page, int line) => page.Locator("#figures tbody tr").Nth(line).EvaluateAsync<string>("""
        row => {
          const rate = [...row.closest('table').tHead.rows[0].cells].findIndex(head => head.dataset.column === 'no_show_rate');
          return `${row.cells[0].textContent}, ${row.cells[1].textContent}: ${row.cells[rate].textContent.trim()}`;
        }
        """);
}
