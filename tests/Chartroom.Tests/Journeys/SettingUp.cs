using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Chartroom.Journeys;

/// <summary>An administrator changes each thing that the clinic was set up with, as a person does it at a desk and on a telephone.</summary>
public sealed class SettingUp(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task A_location_a_room_a_visit_type_a_colleague_and_a_week_are_edited_and_a_patient_is_picked_in_the_log(int width)
    {
        await using var host = await TestClinic.OpenAsync(isOnTheNet: true);
        await FillAsync(host);
        await using var visitor = await browser.OpenAsync(host.Address, width);
        visitor.Page.SetDefaultTimeout(60_000);   // the machine may be busy with other tests
        Assertions.SetDefaultExpectTimeout(30_000);
        await visitor.SignInAsync(host, ClinicRole.Admin);

        await EditPlacesAsync(visitor, host);
        await EditVisitTypeAsync(visitor);
        await EditColleagueAsync(visitor);
        await SetHoursAsync(visitor, host);
        await PickPatientAsync(visitor);
        await LookAtWizardAsync(visitor);

        Assert.Equal(("Harbor", "Exam 2", "Long visit", 45, "Dr. Bo Marsh"), await host.OneAsync<(string, string, string, int, string)>("""
            select (select name from location), (select name from room), (select name from visit_type), (select minutes from visit_type),
                (select display_name from staff where is_provider)
            """));
    }

    private static async Task FillAsync(TestClinic host)
    {
        using var admin = host.As(ClinicRole.Admin);
        using var added = await admin.PostAsJsonAsync("/api/v1/locations", new { name = "Main Street", timeZone = "America/New_York", city = "Millbrook" });
        var location = (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        await admin.PostAsJsonAsync($"/api/v1/locations/{location}/rooms", new { name = "Exam 1" });
        await admin.PostAsJsonAsync("/api/v1/visit-types", new { name = "Follow-up", minutes = 20, color = "blue" });
        await host.As(ClinicRole.FrontDesk).PostAsJsonAsync("/api/v1/patients",
            new { patient = new { name = new { given = "Emma", family = "Stone" }, birthDate = "1990-05-06" }, confirmed = true });
    }

    private static async Task EditPlacesAsync(Visitor visitor, TestClinic host)
    {
        await visitor.LookAtAsync("/settings/locations");
        await PictureAsync(visitor, "locations");
        await FollowAsync(visitor, "Edit Main Street", "/settings/locations/**");
        await visitor.IsFineAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("");
        await SendAsync(visitor, "Save");
        await Assertions.Expect(visitor.Page.GetByText("Give it a name").First).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Harbor");
        await host.RowsAsync<int>("update location set city = 'Oakfield', version = version + 1");   // a colleague is faster
        await SendAsync(visitor, "Save");
        await Assertions.Expect(visitor.Page.GetByText("What has changed since you opened this page")).ToBeVisibleAsync();
        Assert.Equal("Harbor", await visitor.Page.GetByLabel("Name", new() { Exact = true }).InputValueAsync());
        Assert.Equal("Oakfield", await visitor.Page.GetByLabel("City").InputValueAsync());
        await visitor.IsFineAsync();
        await PictureAsync(visitor, "location-stale");
        await visitor.FollowAsync(() => SendAsync(visitor, "Save"), "/settings/locations");
        await FollowAsync(visitor, "Edit Exam 1", "/settings/locations/rooms/**");
        await visitor.IsFineAsync();
        await visitor.Page.GetByLabel("Name on the door").FillAsync("Exam 2");
        await PictureAsync(visitor, "room");
        await visitor.FollowAsync(() => SendAsync(visitor, "Save"), "/settings/locations");
    }

    private static async Task EditVisitTypeAsync(Visitor visitor)
    {
        await visitor.LookAtAsync("/settings/visit-types");
        await PictureAsync(visitor, "visit-types");
        await FollowAsync(visitor, "Edit Follow-up", "/settings/visit-types/**");
        await visitor.IsFineAsync();
        await PictureAsync(visitor, "visit-type");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Long visit");
        await visitor.Page.GetByLabel("Minutes", new() { Exact = true }).FillAsync("45");
        await visitor.FollowAsync(() => SendAsync(visitor, "Save"), "/settings/visit-types");
    }

    private static async Task EditColleagueAsync(Visitor visitor)
    {
        await visitor.LookAtAsync("/settings/staff");
        await PictureAsync(visitor, "staff");
        await FollowAsync(visitor, "Edit Test Provider", "/settings/staff/**");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Dr. Bo Marsh");
        await visitor.Page.GetByLabel("NPI").FillAsync("1234567890");
        await SendAsync(visitor, "Save");
        await Assertions.Expect(visitor.Page.GetByText("This is no NPI").First).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await PictureAsync(visitor, "staff-npi");
        await visitor.Page.GetByLabel("NPI").FillAsync("1234567893");
        await visitor.FollowAsync(() => SendAsync(visitor, "Save"), "/settings/staff");
    }

    // By keyboard alone, from the first line on: Enter on a button adds a shift and removes one, Enter in a field saves.
    private static async Task SetHoursAsync(Visitor visitor, TestClinic host)
    {
        await visitor.LookAtAsync("/settings/hours");
        await FollowAsync(visitor, "Set the hours of Dr. Bo Marsh", "/settings/hours/**");
        await visitor.IsFineAsync();
        var monday = visitor.Page.GetByRole(AriaRole.Group, new() { Name = "Monday" });
        await monday.GetByLabel("From").FillAsync("09:00");
        await monday.GetByLabel("To").FillAsync("12:00");
        await monday.GetByRole(AriaRole.Button, new() { Name = "Add more hours on Monday" }).PressAsync("Enter");
        await Assertions.Expect(monday.GetByLabel("From").Nth(1)).ToBeFocusedAsync();
        Assert.Equal("09:00", await monday.GetByLabel("From").First.InputValueAsync());   // what was typed is still there
        await monday.GetByLabel("From").Nth(1).FillAsync("13:00");
        await monday.GetByLabel("To").Nth(1).FillAsync("17:00");
        var friday = visitor.Page.GetByRole(AriaRole.Group, new() { Name = "Friday" });
        await friday.GetByRole(AriaRole.Button, new() { Name = "Remove hours 1 of Friday" }).PressAsync("Enter");
        await Assertions.Expect(friday.GetByText("Away")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await PictureAsync(visitor, "hours-edit");
        await visitor.FollowAsync(() => monday.GetByLabel("To").Nth(1).PressAsync("Enter"), "/settings/hours");
        await Assertions.Expect(visitor.Page.GetByText("1:00 PM to 5:00 PM")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await PictureAsync(visitor, "hours");
        Assert.Equal([(1, "09:00:00"), (1, "13:00:00")], await host.RowsAsync<(int, string)>("select weekday::int, opens::text from weekly_hours order by opens"));
    }

    private static async Task PickPatientAsync(Visitor visitor)
    {
        await visitor.LookAtAsync("/audit?outcome=done");
        await visitor.Page.GetByLabel("Patient", new() { Exact = true }).FillAsync("stone em");
        var hit = visitor.Page.Locator("#picker-search-results a");
        await Assertions.Expect(hit).ToContainTextAsync("Emma Stone");
        await visitor.IsFineAsync();
        await PictureAsync(visitor, "audit-pick");
        await visitor.FollowAsync(() => hit.ClickAsync(), "/audit?outcome=done&patient=**");
        await Assertions.Expect(visitor.Page.GetByText("Who saw")).ToBeVisibleAsync();
        await visitor.IsFineAsync();
        await PictureAsync(visitor, "audit-patient");
    }

    // The same pages in the wizard's frame.
    private static async Task LookAtWizardAsync(Visitor visitor)
    {
        foreach (var (step, link) in new[] { ("locations", "Edit Harbor"), ("providers", "Edit Dr. Bo Marsh"), ("hours", "Change the hours of Dr. Bo Marsh"), ("visit-types", "Edit Long visit") })
        {
            await visitor.LookAtAsync($"/onboarding/{step}");
            await PictureAsync(visitor, $"wizard-{step}");
            await FollowAsync(visitor, link, $"/onboarding/{step}/**");
            await visitor.IsFineAsync();
            await PictureAsync(visitor, $"wizard-{step}-edit");
        }
    }

    private static Task FollowAsync(Visitor visitor, string link, string path) =>
        visitor.FollowAsync(() => visitor.Page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync(), path);

    private static Task SendAsync(Visitor visitor, string button) => visitor.Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task PictureAsync(Visitor visitor, string name) => Environment.GetEnvironmentVariable("SETUP_PICTURES") is { Length: > 0 } folder
        ? visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{visitor.Page.ViewportSize!.Width}.png"), FullPage = true })
        : Task.CompletedTask;
}
