using Chartroom.Journeys;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

public sealed class DayJourneyTests(Browser browser) : IClassFixture<Browser>
{
    private static async Task<SchedulingDesk> BusyMorningAsync()
    {
        var desk = await SchedulingDesk.OpenAsync("2026-03-02T15:20:00Z", isOnTheNet: true);   // 10:20 in New York
        await BusyDay.FillAsync(desk, new DateTime(2026, 3, 2), new TimeOnly(10, 20));
        for (var day = 20; day < 24; day++) await BusyDay.AddAsync(desk, (desk.Provider, desk.Patient, desk.VisitType), new DateTime(2026, 2, day, 10, 0, 0), 20, day < 22 ? VisitStatus.Completed : VisitStatus.Booked);
        await BusyDay.AddAsync(desk, (desk.Provider, desk.Patient, desk.VisitType), new DateTime(2026, 3, 2, 12, 30, 0), 30, VisitStatus.Booked);
        await using var tx = await desk.Clinic.The<TenantDb>().BeginAsync(desk.Clinic.Actor(ClinicRole.FrontDesk), Permission.EditPatients, default);
        var before = await PatientRegister.ReadAsync(tx, desk.Patient, new("patient.read", "patient"), default);
        await PatientRegister.ReplaceAsync(tx, before!, before!.Demographics with { Interpreter = "Spanish", DeskAlert = "Comes by wheelchair" }, default);
        await tx.CommitAsync(default);
        return desk;
    }

    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task The_day_the_booking_form_the_visit_and_its_move_are_fine_to_look_at_and_for_everyone_to_use(int width)
    {
        await using var desk = await BusyMorningAsync();
        var visit = (string)(await desk.BookedAsync("2026-03-02", "16:45", 15))["id"]!;
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, width);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.Provider);

        foreach (var (name, path) in new[]
        {
            ("day", "/day"), ("day-with-cancelled", "/day?closed=true"), ("day-empty", "/day?date=2026-03-05"), ("day-rooms", "/day?by=room"), ("week", "/day?view=week"), ("week-of-one", $"/day?view=week&provider={desk.Provider}"),
            ("month", "/day?view=month"), ("sheet", "/day/sheet"), ("unclosed", "/day/unclosed"), ("patient", $"/patients/{desk.Patient}"), ("booking-who", "/day/book?day=2026-03-03&at=09:15"),
            ("booking", $"/day/book?day=2026-03-03&at=09:15&provider={desk.Provider}&patient={desk.Patient}"), ("visit", $"/visits/{visit}"), ("visit-move", $"/visits/{visit}/move"), ("visit-reason", $"/visits/{visit}/reason"), ("visit-card", $"/visits/{visit}/card"),
        })
        {
            await visitor.LookAtAsync(path);
            await visitor.PictureAsync($"{name}-{width}");
        }
    }

    [Fact]
    public async Task SCH_2_The_month_and_the_week_of_all_show_what_others_book_and_keep_the_focus_and_n_books_there_too()
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        var booked = 0;
        foreach (var view in new[] { "month", "week" })
        {
            await page.GotoAsync($"/day?view={view}&date=2026-03-03");
            await page.Locator("html[data-live]").WaitForAsync();
            var day = page.Locator("#overview td a[href*='date=2026-03-04']").First;
            await day.FocusAsync();
            await desk.BookedAsync("2026-03-04", $"1{booked++}:00");
            await page.Locator("#overview td a[href*='date=2026-03-04'] b", new() { HasText = booked.ToString(System.Globalization.CultureInfo.InvariantCulture) }).First.WaitForAsync();
            Assert.True(await day.EvaluateAsync<bool>("it => it === document.activeElement"));
            await page.Keyboard.PressAsync("n");
            await page.GetByLabel("Who comes?").WaitForAsync();
            await visitor.PictureAsync($"{view}-booking");
        }
    }

    [Fact]
    public async Task On_a_telephone_too_everybody_is_listed_when_every_column_is_hidden()
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        var form = new Dictionary<string, string> { ["idempotency_key"] = "look-all-hidden", ["date"] = "2026-03-02", ["setsHidden"] = "true", ["hidden"] = $"{desk.Provider}" };
        using var client = desk.FrontDesk;
        using var fields = new FormUrlEncodedContent([.. form, new("hidden", $"{desk.Colleague}")]);
        Assert.True((int)(await client.PostAsync("/day/look", fields)).StatusCode < 400);
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address, Browser.PhoneWidth);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);

        await visitor.LookAtAsync("/day");

        Assert.NotEqual(0, await visitor.Page.Locator(".agenda-part").CountAsync());
    }

    [Fact]
    public async Task A_free_time_is_clicked_a_patient_found_and_booked_then_confirmed_arrived_roomed_and_undone_by_key_and_panel()
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);   // 9:00
        await using var visitor = await browser.OpenAsync(desk.Clinic.Address);
        await visitor.SignInAsync(desk.Clinic, ClinicRole.FrontDesk);
        var page = visitor.Page;
        await page.GotoAsync("/day");

        await page.ClickAtAsync("Dr. Ada Hart", "10:15");
        await page.GetByText("New patient", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Given name").FillAsync("Jo");
        await page.GetByLabel("Family name").FillAsync("Newman");
        await page.GetByLabel("Born").FillAsync("3/4/1980");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Create and go on" }).ClickAsync();
        await page.GetByText("Jo Newman").WaitForAsync();
        await page.GetByText("Somebody else").ClickAsync();
        await page.GetByLabel("Who comes?").PressSequentiallyAsync("jo lee");
        await page.Locator("#pick-hits a").ClickAsync();
        Assert.Equal("10:15", await page.Locator("#f-at").InputValueAsync());
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Is this time offered?" }).ClickAsync();
        await page.GetByText("This time is offered at the desk.").WaitForAsync();
        await page.GetByText("Online, to new patients: This is not offered online to such a patient.").WaitForAsync();
        await visitor.PictureAsync("booking-offered");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Find a free time" }).ClickAsync();
        await page.Locator(".find-free [data-slot]").First.WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync("booking-panel");
        await visitor.FollowAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Book the visit" }).ClickAsync(), "/day?date=2026-03-02&done=booked**");

        var visit = page.Locator("#calendar .visit");
        await page.Locator("[data-visit]:focus").WaitForAsync();
        await page.Keyboard.PressAsync("c");
        await page.GetByText("Jo Lee: Confirmed.").WaitForAsync();
        await page.Locator("[data-visit]:focus").WaitForAsync();
        await page.Keyboard.PressAsync("a");
        await page.GetByText("Jo Lee: Arrived.").WaitForAsync();
        await page.Locator("[data-visit]:focus").WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Heading, new() { Name = "Jo Lee" }).WaitForAsync();
        await visitor.IsFineAsync();
        await visitor.PictureAsync("visit-panel");
        await visitor.FollowAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Room", Exact = true }).ClickAsync(), "done=roomed**");
        await visitor.IsFineAsync();
        await visitor.PictureAsync("day-toast");
        await visitor.FollowAsync(() => page.Locator(".toast-undo").ClickAsync(), "done=undone**");

        Assert.Contains("is-arrived", await visit.GetAttributeAsync("class"), StringComparison.Ordinal);
        Assert.Equal("booked confirmed arrived roomed arrived", await desk.Clinic.OneAsync<string>("select string_agg(status, ' ' order by version) from appointment_move"));
        await visitor.LookAtAsync($"/patients/{desk.Patient}");
        await visitor.PictureAsync("patient-visits");
    }
}
