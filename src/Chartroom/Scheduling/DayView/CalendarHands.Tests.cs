using System.Globalization;
using Microsoft.Playwright;

namespace Chartroom.Scheduling;

/// <summary>A hand on the calendar of a browser: places are named by a column and a time of the clock.</summary>
internal static class CalendarHands
{
    public static async Task ClickAtAsync(this IPage page, string column, string time)
    {
        var (x, y) = await page.PlaceOfAsync(column, time);
        await page.Mouse.ClickAsync(x, y);
    }

    /// <summary>Takes a block by its head and lets it go elsewhere.</summary>
    public static async Task DragAsync(this IPage page, ILocator block, string column, string time)
    {
        var from = await PlaceOfAsync(block);
        await page.Mouse.MoveAsync(from.X + 30, from.Y + 3);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(from.X + 36, from.Y + 12);
        var (x, y) = await page.PlaceOfAsync(column, time);
        await page.Mouse.MoveAsync(x, y, new() { Steps = 4 });
        await page.Mouse.UpAsync();
    }

    /// <summary>Takes a block by its lower edge and lets that go at another time.</summary>
    public static async Task DrawEdgeAsync(this IPage page, ILocator block, string column, string time)
    {
        var (x, y) = await page.PlaceOfAsync(column, time);
        var from = await PlaceOfAsync(block);
        await page.Mouse.MoveAsync(x, from.Y + from.Height - 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x, from.Y + from.Height + 8);
        await page.Mouse.MoveAsync(x, y - 4, new() { Steps = 4 });
        await page.Mouse.UpAsync();
    }

    /// <summary>Draws a stretch of empty time.</summary>
    public static async Task DrawAsync(this IPage page, string column, string from, string until)
    {
        var (x, bottom) = await page.PlaceOfAsync(column, until);
        var (_, top) = await page.PlaceOfAsync(column, from);
        (x, bottom) = await page.PlaceOfAsync(column, until);
        await page.Mouse.MoveAsync(x, top);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x, top + 10);
        await page.Mouse.MoveAsync(x, bottom - 6, new() { Steps = 4 });
        await page.Mouse.UpAsync();
    }

    /// <summary>The calendar draws its blocks anew at each piece of news, so a block may be gone between two questions about it: it is looked for again.</summary>
    private static async Task<LocatorBoundingBoxResult> PlaceOfAsync(ILocator block)
    {
        while (true)
        {
            await block.HoverAsync(new() { Position = new() { X = 30, Y = 3 } });   // waits until it stands still, and ends the loop with a fault when it never comes
            if (await block.BoundingBoxAsync() is { } box)
            {
                return box;
            }
        }
    }

    /// <summary>A few pixels below the line of that time, in that column.</summary>
    public static async Task<(float X, float Y)> PlaceOfAsync(this IPage page, string column, string time)
    {
        var head = (await page.Locator("#calendar .ec-col-head", new() { HasText = column }).BoundingBoxAsync())!;
        var at = TimeOnly.ParseExact(time, "HH:mm", CultureInfo.InvariantCulture);
        var y = await page.EvaluateAsync<float>("""
            minute => {
                const day = document.querySelector('#calendar .ec-body .ec-day').getBoundingClientRect();
                const first = document.querySelector('#calendar .ec-slot time').textContent;
                const hour = Number(first.split(' ')[0]) % 12 + (first.includes('PM') ? 12 : 0);
                const main = document.querySelector('#calendar .ec-main');
                const all = document.querySelectorAll('#calendar .ec-slot').length * 60;
                const there = day.top + (minute - hour * 60) / all * day.height;
                const box = main.getBoundingClientRect();
                if (there < box.top + 60 || there > box.bottom - 20) main.scrollTop += there - (box.top + box.bottom) / 2;
                return document.querySelector('#calendar .ec-body .ec-day').getBoundingClientRect().top + (minute - hour * 60) / all * day.height + 3;
            }
            """, (at.Hour * 60) + at.Minute);
        return (head.X + (head.Width / 2), y);
    }
}
