using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Scheduling;

/// <summary>Mornings at the front desk, in a real browser.</summary>
public sealed partial class DeskJourneyTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>Ten visits each with two providers from 9:30 on; it is 9:20.</summary>
    private static async Task<SchedulingDesk> MorningAsync(int each = 10)
    {
        var desk = await SchedulingDesk.OpenAsync("2026-03-02T14:20:00Z", isOnTheNet: true);
        if (each > 2) await desk.HireAsync(StaffId.New(), "Tara Quinn, NP");   // who takes walk-ins
        for (var number = 0; number < each * 2; number++)
        {
            var patient = await desk.AdmitAsync("Pat", "Number" + (char)('A' + number));
            var provider = number % 2 == 0 ? desk.Provider : desk.Colleague;
            await BusyDay.AddAsync(desk, (provider, patient, desk.VisitType), new DateTime(2026, 3, 2, 9, 30, 0).AddMinutes(number / 2 * 30), 20, VisitStatus.Booked);
        }
        return desk;
    }

    private static ILocator Block(IPage page, string name) => page.Locator("#calendar [data-visit]", new() { HasText = name });

    private static Task SaidAsync(IPage page, string words) => page.Locator(".toast-note", new() { HasText = words }).WaitForAsync();

    private static Task FocusedAsync(IPage page, string name) => page.Locator("[data-visit]:focus", new() { HasText = name }).WaitForAsync();

    /// <summary>One thing that is done by the menu of a visit.</summary>
    private static async Task ByMenuAsync(IPage page, ILocator visit, string item)
    {
        await visit.ClickAsync(new() { Button = MouseButton.Right });
        await page.Locator("#visit-menu").GetByRole(AriaRole.Menuitem, new() { Name = item }).ClickAsync();
    }

    [Fact]
    public async Task A_receptionists_morning_twenty_arrivals_three_moves_two_walk_ins_a_missed_and_a_cancelled_visit()
    {
        await using var desk = await MorningAsync(11);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await page.GotoAsync("/day");

        for (var number = 0; number < 20; number++)
        {
            await ByMenuAsync(page, Block(page, "Number" + (char)('A' + number)), "Arrive");
            await SaidAsync(page, $"Number{(char)('A' + number)}: Arrived.");
        }
        await page.DragAsync(Block(page, "NumberU"), "Dr. Ada Hart", "15:30");
        await SaidAsync(page, "NumberU moved to 3:30 PM.");
        await page.DragAsync(Block(page, "NumberU"), "Dr. Ben Osei", "16:00");
        await SaidAsync(page, "NumberU moved to 4:00 PM.");
        await page.DragAsync(Block(page, "NumberV"), "Dr. Ben Osei", "16:10");
        await SaidAsync(page, "has another visit at that time");   // and the block is back where it was
        await page.DragAsync(Block(page, "NumberV"), "Dr. Ada Hart", "16:30");
        await SaidAsync(page, "NumberV moved to 4:30 PM.");
        foreach (var at in new[] { "15:00", "15:30" })
        {
            await page.ClickAtAsync("Dr. Ada Hart", at);
            await page.GetByLabel("Who comes?").PressSequentiallyAsync("jo lee");
            await page.Locator("#pick-hits a").ClickAsync();
            await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Book the visit" }).ClickAsync(), "done=booked**");
        }
        await ByMenuAsync(page, Block(page, "NumberV"), "Cancel …");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the visit" }).ClickAsync();
        await SaidAsync(page, "NumberV is cancelled");
        await LateAsync(desk);
        await page.GotoAsync("/day");
        await ByMenuAsync(page, Block(page, "NumberU"), "No-show");
        await SaidAsync(page, "No-show.");
        await visitor.IsFineAsync();

        await IsWholeMorningAsync(desk);
    }

    /// <summary>The visit of 4 PM was to begin at 8:15, and it is 9:40.</summary>
    private static async Task LateAsync(SchedulingDesk desk)
    {
        desk.Clinic.Clock.Advance(TimeSpan.FromMinutes(20));
        await desk.Clinic.RowsAsync<int>("update appointment set starts_at = starts_at - interval '7 hours 45 minutes', ends_at = ends_at - interval '7 hours 45 minutes', local_start = local_start - interval '7 hours 45 minutes' where local_start = '2026-03-02 16:00'");
    }

    private static async Task IsWholeMorningAsync(SchedulingDesk desk)
    {
        Assert.Equal(["arrived 20", "booked 2", "cancelled 1", "no_show 1"], await desk.Clinic.RowsAsync<string>("select status || ' ' || count(*) from appointment group by status order by status"));
        Assert.Equal(3, await desk.Clinic.OneAsync<long>("select count(*) from appointment_move where act = 'moved'"));
    }

    [Fact]
    public async Task The_same_morning_on_a_telephone()
    {
        await using var desk = await MorningAsync(11);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, Browser.PhoneWidth);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await page.GotoAsync("/day");
        ILocator Row(string name) => page.Locator(".agenda-row", new() { HasText = name });

        async Task ByMoreAsync(string name, string item, string said)
        {
            await Row(name).Locator(".agenda-more").ClickAsync();
            await page.Locator("#visit-menu").GetByRole(AriaRole.Menuitem, new() { Name = item }).ClickAsync();
            if (said.Length > 0) await SaidAsync(page, said);
        }

        for (var letter = 'A'; letter <= 'T'; letter++) await ByMoreAsync("Number" + letter, "Arrive", $"Number{letter}: Arrived.");
        foreach (var (name, time) in new[] { ("NumberV", "15:30"), ("NumberU", "15:15"), ("NumberU", "16:00") })
        {
            await ByMoreAsync(name, "Move …", "");
            await page.Locator("#f-at").FillAsync(time);
            await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save the change" }).ClickAsync(), "done=moved**");
            await SaidAsync(page, "Visit moved.");
        }
        foreach (var time in new[] { "10:00", "11:00" })
        {
            await page.GetByRole(AriaRole.Link, new() { Name = "New visit" }).First.ClickAsync();
            await page.GetByLabel("Who comes?").PressSequentiallyAsync("jo lee");
            await page.Locator("#pick-hits a").ClickAsync();
            await page.Locator("#f-at").FillAsync(time);
            await page.Locator("#f-providerId").SelectOptionAsync(new SelectOptionValue { Label = "Tara Quinn, NP" });
            await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Book the visit" }).ClickAsync(), "done=booked**");
        }
        await ByMoreAsync("NumberV", "Cancel …", "");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the visit" }).ClickAsync();
        await SaidAsync(page, "NumberV is cancelled");
        await LateAsync(desk);
        await page.GotoAsync("/day");
        await ByMoreAsync("NumberU", "No-show", "No-show.");
        await visitor.IsFineAsync();

        await IsWholeMorningAsync(desk);
    }

    [Fact]
    public async Task On_a_telephone_a_visit_is_confirmed_taken_back_and_moved_from_its_panel()
    {
        await using var desk = await MorningAsync(2);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, Browser.PhoneWidth);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await page.GotoAsync("/day");
        ILocator Row(string name) => page.Locator(".agenda-row", new() { HasText = name });

        foreach (var (name, item, said) in new[] { ("NumberA", "Arrive", "NumberA: Arrived."), ("NumberB", "Confirm", "NumberB: Confirmed.") })
        {
            await Row(name).Locator(".agenda-more").ClickAsync();
            await page.Locator("#visit-menu").GetByRole(AriaRole.Menuitem, new() { Name = item }).ClickAsync();
            await SaidAsync(page, said);
        }
        await page.Locator(".toast-undo").ClickAsync();
        await SaidAsync(page, "Undone.");
        await Row("NumberC").Locator("[data-visit]").ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "NumberC" }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Move or change" }).ClickAsync();
        await page.Locator("#f-at").FillAsync("15:15");
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save the change" }).ClickAsync(), "done=moved**");
        await visitor.IsFineAsync();

        Assert.Equal(["arrived A", "booked B", "booked C", "booked D"], await StatesAsync(desk));
    }

    [Fact]
    public async Task A_block_is_drawn_longer_by_its_lower_edge_and_back_when_refused_and_a_stretch_drawn_on_empty_time_is_booked_at_its_length()
    {
        await using var desk = await MorningAsync(2);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await page.GotoAsync("/day");
        Task<List<string>> MinutesAsync() => desk.Clinic.RowsAsync<string>("select (extract(epoch from ends_at - starts_at) / 60)::int || ' ' || to_char(local_start, 'HH24:MI') from appointment where provider_id = @Provider order by local_start", new { desk.Provider });

        await page.DrawEdgeAsync(Block(page, "NumberC"), "Dr. Ada Hart", "11:00");   // 10:00 to 10:20
        await SaidAsync(page, "NumberC");
        Assert.Equal(["20 09:30", "60 10:00"], await MinutesAsync());
        await page.DrawEdgeAsync(Block(page, "NumberA"), "Dr. Ada Hart", "10:30");   // into the next
        await SaidAsync(page, "has another visit at that time");
        Assert.Equal(["20 09:30", "60 10:00"], await MinutesAsync());

        await page.DrawAsync("Dr. Ada Hart", "13:00", "13:45");
        await page.GetByLabel("Who comes?").PressSequentiallyAsync("jo lee");
        await page.Locator("#pick-hits a").ClickAsync();
        Assert.Equal("13:00", await page.Locator("#f-at").InputValueAsync());
        await visitor.FollowAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Book the visit" }).ClickAsync(), "done=booked**");
        Assert.Equal(["20 09:30", "60 10:00", "45 13:00"], await MinutesAsync());
    }

    [Fact]
    public async Task Two_receptionists_on_one_day_see_each_other_and_each_others_changes_and_collide_once()
    {
        await using var desk = await MorningAsync(2);
        await using var one = await browser.OpenAsync(desk.Clinic.Address);
        await using var other = await browser.OpenAsync(desk.Clinic.Address);
        await one.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        await other.SignInAsync(desk.Clinic, ClinicRole.Provider);
        foreach (var visitor in new[] { one, other })
        {
            await visitor.Page.GotoAsync("/day");
            await visitor.Page.Locator("html[data-live]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }
        await one.Page.Locator("[data-here]", new() { HasText = "Dr. Ada Hart" }).WaitForAsync();

        await ByMenuAsync(one.Page, Block(one.Page, "NumberA"), "Arrive");
        await Block(other.Page, "NumberA").Locator(".visit-state", new() { HasText = "Arrived" }).WaitForAsync();
        await desk.SendAsync("/api/v1/closures", new { name = "Fire drill", from = "2026-03-02", until = "2026-03-02", fromAt = "16:00", untilAt = "17:00" }, null, ClinicRole.Admin);
        await other.Page.Locator("#calendar .bg-closure", new() { HasText = "Fire drill" }).First.WaitForAsync();
        await other.Page.GotoAsync("/board");
        await other.Page.Locator("html[data-live]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await ByMenuAsync(one.Page, Block(one.Page, "NumberB"), "Arrive");
        await other.Page.Locator("section[aria-labelledby='col-Arrived'] .board-card", new() { HasText = "NumberB" }).WaitForAsync();
        await one.Page.Locator(".toast-undo").ClickAsync();
        await other.Page.Locator("section[aria-labelledby='col-Booked'] .board-card", new() { HasText = "NumberB" }).WaitForAsync();
        await other.IsFineAsync();
        await other.Page.GotoAsync("/day");
        await other.Page.Locator("html[data-live]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Block(other.Page, "NumberC").ClickAsync();
        await Block(one.Page, "NumberC").Locator(".flag-edited").WaitForAsync();
        await other.Page.Keyboard.PressAsync("Escape");

        // The one books a time in the instant in which the other moves a visit there: the second is told, and its block is back.
        await one.Page.EvaluateAsync("window.chartroomDay.refresh = async () => {}");   // the one sees nothing new from here on
        await other.Page.DragAsync(Block(other.Page, "NumberD"), "Dr. Ben Osei", "15:00");
        await SaidAsync(other.Page, "NumberD moved to 3:00 PM.");
        await one.Page.DragAsync(Block(one.Page, "NumberB"), "Dr. Ben Osei", "15:00");
        await SaidAsync(one.Page, "has another visit at that time");

        Assert.Equal("09:30 10:00", await desk.Clinic.OneAsync<string>("""
            select string_agg(to_char(local_start, 'HH24:MI'), ' ' order by local_start) from appointment where provider_id = @Provider
            """, new { desk.Provider }));
        Assert.Equal(3, await desk.Clinic.OneAsync<long>("select count(*) from appointment_move where act in ('moved', 'status')"));
    }

    private static Task<List<string>> StatesAsync(SchedulingDesk desk) => desk.Clinic.RowsAsync<string>("""
        select status || ' ' || chr(65 + (row_number() over (order by created_at, id) - 1)::int) from appointment order by 1
        """);
}
