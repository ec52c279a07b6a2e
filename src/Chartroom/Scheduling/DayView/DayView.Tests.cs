using System.Globalization;

namespace Chartroom.Scheduling;

public sealed class DayViewTests
{
    private static readonly StaffId Provider = StaffId.New();
    private static readonly LocationId Location = LocationId.New();

    private static Day DayOf(string date, string zone, string now, params string[] starts)
    {
        var day = DateOnly.Parse(date, CultureInfo.InvariantCulture);
        var (from, to) = ClinicTime.DayOf(day, zone);
        return new()
        {
            Date = day, TimeZone = zone, From = from, To = to, Now = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture), Location = null,
            Locations = [new(Location, "Main Street", zone)], Hours = [new(Provider, "Dr. Ada Hart", Location, 9 * 60, 16 * 60)],
            Visits = [.. starts.Select(start => DateTimeOffset.Parse(start, CultureInfo.InvariantCulture)).Select(start => new DayVisit
            {
                Id = AppointmentId.New(), ProviderId = Provider, StartsAt = start, EndsAt = start.AddMinutes(30), LocalStart = ClinicTime.Local(start, zone), StatusName = "booked",
            })],
        };
    }

    [Theory]   // the whole day is in sight when something is booked in the night the clocks change
    [InlineData("2026-03-08", "America/New_York", "2026-03-08T05:00:00Z", 23 * 12)]
    [InlineData("2026-11-01", "America/New_York", "2026-11-01T04:00:00Z", 25 * 12)]
    [InlineData("2026-11-01", "America/Phoenix", "2026-11-01T07:00:00Z", 24 * 12)]
    [InlineData("2026-04-05", "Australia/Lord_Howe", "2026-04-04T13:00:00Z", (24 * 12) + 6)]
    public void A_day_has_as_many_rows_as_it_has_five_minutes(string date, string zone, string midnight, int rows)
    {
        var day = DayOf(date, zone, midnight, midnight);
        var last = day with { Visits = [.. day.Visits, day.Visits[0] with { StartsAt = day.To.AddMinutes(-30), EndsAt = day.To }] };

        Assert.Equal(rows, DayGrid.Of(last).Rows);
    }

    [Fact]
    public void In_the_night_of_twenty_five_hours_both_half_past_ones_are_shown_an_hour_apart()
    {
        var grid = DayGrid.Of(DayOf("2026-11-01", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"));

        var blocks = Assert.Single(grid.Columns).Blocks;
        Assert.Equal([(7, 6), (19, 6)], blocks.Select(block => (block.Row, block.Span)));
        Assert.Equal([(7, Doubled.Earlier), (19, Doubled.Later)], grid.Marks.Where(mark => mark.At == new TimeOnly(1, 30)).Select(mark => (mark.Row, mark.Which!.Value)));
        Assert.Equal(7, grid.NowRow);
    }

    [Fact]
    public void In_the_night_of_twenty_three_hours_three_follows_one()
    {
        var grid = DayGrid.Of(DayOf("2026-03-08", "America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T06:00:00Z", "2026-03-08T07:00:00Z"));

        Assert.Equal([1, 13], grid.Columns[0].Blocks.Select(block => block.Row));
        Assert.Equal([new TimeOnly(1, 0), new TimeOnly(3, 0), new TimeOnly(4, 0)], grid.Marks.Where(mark => mark.IsHour).Take(3).Select(mark => mark.At));
    }

    [Fact]
    public void Office_hours_are_in_sight_and_open_hours_are_marked()
    {
        var grid = DayGrid.Of(DayOf("2026-03-03", "America/New_York", "2026-03-02T14:00:00Z"));

        Assert.Equal((9 * 12, null), (grid.Rows, grid.NowRow));   // 8 to 17
        Assert.Equal([new GridBand(13, 7 * 12)], grid.Columns[0].Open);
        Assert.Equal(new TimeOnly(8, 0), grid.Marks[0].At);
    }

    [Fact]
    public void Visits_at_one_time_stand_side_by_side_and_the_next_has_the_whole_width_again()
    {
        var grid = DayGrid.Of(DayOf("2026-03-03", "America/New_York", "2026-03-02T14:00:00Z", "2026-03-03T15:00:00Z", "2026-03-03T15:15:00Z", "2026-03-03T15:45:00Z"));

        Assert.Equal([(1, 2), (2, 2), (1, 1)], grid.Columns[0].Blocks.Select(block => (block.Lane, block.Lanes)));
    }

    [Fact]
    public async Task The_day_names_its_patients_in_one_event_and_hides_what_is_off_until_asked()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        var second = await desk.AdmitAsync("Sam", "Okafor");
        await desk.BookedAsync("2026-03-03", "10:00");
        var ask = desk.Ask("2026-03-03", "11:00");
        ask["patientId"] = second.ToString();
        await desk.BookAsync(ask);
        var off = await desk.BookedAsync("2026-03-03", "12:00");
        await desk.ChangeAsync(off, "cancellations", new { reason = "other", by = "clinic" });

        var day = await desk.GetAsync("/api/v1/days/2026-03-03");

        Assert.Equal(["Jo Lee", "Sam Okafor"], day["visits"]!.AsArray().Select(visit => (string)visit!["patientName"]!));
        var events = await desk.Clinic.RowsAsync<Guid[]>("select patient_ids from audit_event where action = 'day.read'");
        Assert.Equal([desk.Patient.Value, second.Value], Assert.Single(events).Order());
    }

    [Fact]
    public async Task A_day_begins_and_ends_by_the_clock_of_its_place()
    {
        await using var desk = await SchedulingDesk.OpenAsync();
        foreach (var at in new[] { "00:00", "23:30" })
        {
            var ask = desk.Ask("2026-03-03", at);
            ask["isConfirmed"] = true;
            Assert.Equal(201, (await desk.BookAsync(ask)).Status);
        }

        Assert.Equal(2, (await desk.GetAsync("/api/v1/days/2026-03-03"))["visits"]!.AsArray().Count);
        Assert.Empty((await desk.GetAsync("/api/v1/days/2026-03-02"))["visits"]!.AsArray());
        Assert.Empty((await desk.GetAsync("/api/v1/days/2026-03-04"))["visits"]!.AsArray());
    }
}
