using Chartroom.Journeys;

namespace Chartroom.Scheduling;

[Collection(Journeys.Journeys.Name)]
public sealed class DayJourneyTests(Browser browser)
{
    private static async Task<SchedulingDesk> BusyMorningAsync()
    {
        var desk = await SchedulingDesk.OpenAsync("2026-03-02T15:20:00Z", isOnTheNet: true);   // 10:20 in New York
        await BusyDay.FillAsync(desk, new DateTime(2026, 3, 2), new TimeOnly(10, 20));
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
            ("day", "/day"), ("day-with-cancelled", "/day?closed=true"), ("day-empty", "/day?date=2026-03-05"), ("booking-who", "/day/book?day=2026-03-03&at=09:15"),
            ("booking", $"/day/book?day=2026-03-03&at=09:15&provider={desk.Provider}&patient={desk.Patient}"), ("visit", $"/visits/{visit}"), ("visit-move", $"/visits/{visit}/move"),
        })
        {
            await visitor.LookAtAsync(path);
            await visitor.PictureAsync($"{name}-{width}");
        }
    }
}
