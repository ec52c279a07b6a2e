using System.Globalization;

namespace Chartroom;

public sealed class ClinicTimeTests
{
    [Theory]
    [InlineData("America/New_York", "2026-03-08", "01:59", "2026-03-08T06:59Z")]
    [InlineData("America/New_York", "2026-03-08", "02:30", null)]               // skipped: from 02:00 to 03:00
    [InlineData("America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00Z")]
    [InlineData("America/New_York", "2026-11-01", "01:30", null)]               // happens twice
    [InlineData("America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00Z")]
    [InlineData("America/Phoenix", "2026-03-08", "02:30", "2026-03-08T09:30Z")] // Arizona keeps its clocks
    [InlineData("Australia/Lord_Howe", "2026-10-04", "02:15", null)]            // half an hour is skipped there
    [InlineData("Australia/Lord_Howe", "2026-10-04", "02:30", "2026-10-03T15:30Z")]
    public void A_wall_clock_time_is_one_instant_or_none(string zone, string day, string at, string? instant) =>
        Assert.Equal(instant is null ? null : Point(instant), ClinicTime.Resolve(Day(day), Clock(at), zone));

    [Theory]
    [InlineData("2026-03-08", 23), InlineData("2026-11-01", 25), InlineData("2026-07-01", 24)]
    public void A_day_is_as_long_as_the_clocks_make_it(string day, int hours)
    {
        var (from, to) = ClinicTime.DayOf(Day(day), "America/New_York");
        Assert.Equal(TimeSpan.FromHours(hours), to - from);
    }

    [Fact]
    public void A_doubled_time_offers_both_instants_earlier_first() => Assert.Equal(
        [Point("2026-11-01T05:30Z"), Point("2026-11-01T06:30Z")], ClinicTime.ResolveDoubled(Day("2026-11-01"), Clock("01:30"), "America/New_York"));

    [Theory]
    [InlineData("America/New_York", true), InlineData("UTC", true), InlineData("Mars/Olympus", false), InlineData("EST5EDT", false), InlineData("", false), InlineData(null, false)]
    public void Zones_are_iana_names(string? zone, bool isZone) => Assert.Equal(isZone, ClinicTime.IsZone(zone));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static TimeOnly Clock(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
    private static DateTimeOffset Point(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
