using Chartroom.Journeys;

namespace Chartroom.Scheduling;

/// <summary>The settings of the calendar as an administrator sees them with something in them, at the desk and on a telephone.</summary>
public sealed class SettingsJourney(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(Browser.DeskWidth), InlineData(Browser.PhoneWidth)]
    public async Task The_rules_of_booking_are_read_and_set_at_every_width(int width)
    {
        await using var desk = await SchedulingDesk.OpenAsync(isOnTheNet: true);
        await desk.Clinic.RowsAsync<int>("insert into device (id, location_id, name) values (gen_random_uuid(), @Location, 'Ultrasound A')", new { desk.Location });
        await desk.Clinic.RowsAsync<int>("insert into visit_type (id, name, minutes, color, buffer_after, daily_cap) values (gen_random_uuid(), 'New patient', 40, 'blue', 10, 6)");
        await desk.Clinic.RowsAsync<int>("insert into shift (id, staff_id, location_id, day, opens, closes) values (gen_random_uuid(), @Provider, @Location, '2026-03-05', '12:00', '20:00')", new { desk.Provider, desk.Location });
        await using var admin = await browser.OpenAsync(desk.Clinic.Address, width);
        await admin.SignInAsync(desk.Clinic, ClinicRole.Admin);

        foreach (var (path, name) in new[]
        {
            ("/settings/locations", "locations"), ("/settings/visit-types", "visit-types"), ($"/settings/visit-types/{desk.VisitType}", "visit-type"), ("/settings/scheduling", "rules"),
            ("/settings/online-booking", "online"), ("/settings/closures", "closures"), ("/settings/closures/holidays?year=2026", "holidays"), ("/settings/time-off", "time-off"),
            ("/settings/shifts", "shifts"), ("/settings/cancel-reasons", "cancel-reasons"), ("/settings/cancel-reasons/other", "cancel-reason"), ($"/settings/shifts/{desk.Provider}/change?day=2026-03-05", "shift"),
        })
        {
            await admin.LookAtAsync(path);
            await admin.PictureAsync($"{name}-{width}");
        }

        await admin.Page.GotoAsync("/settings/online-booking");
        await admin.Page.GetByLabel("Follow-up, Dr. Ada Hart, new patients").SelectOptionAsync("Ask");
        await admin.FollowAsync(() => admin.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Save what is offered" }).ClickAsync(), "/settings/online-booking?saved=true");
        await admin.IsFineAsync();
        Assert.Equal("request", await desk.Clinic.OneAsync<string>("select mode from online_offer"));
    }
}
