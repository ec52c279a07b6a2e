namespace Chartroom;

public sealed class PartialTimeTests
{
    [Theory]
    [InlineData("2019", TimePrecision.Year, "2019-01-01T00:00:00+00:00")]
    [InlineData("2019-03", TimePrecision.Month, "2019-03-01T00:00:00+00:00")]
    [InlineData("2020-02-29", TimePrecision.Day, "2020-02-29T00:00:00+00:00")]
    [InlineData("2015-02-07T13:28:17-05:00", TimePrecision.Instant, "2015-02-07T13:28:17-05:00")]
    [InlineData("2015-02-07T13:28:17.239Z", TimePrecision.Instant, "2015-02-07T13:28:17.239+00:00")]
    [InlineData("2015-02-07T13:28:17.1234567899+05:30", TimePrecision.Instant, "2015-02-07T13:28:17.1234567+05:30")] // finer than a tick
    [InlineData("2015-02-07T13:28+00:00", TimePrecision.Instant, "2015-02-07T13:28:00+00:00")]
    [InlineData("2016-12-31T23:59:60Z", TimePrecision.Instant, "2016-12-31T23:59:59+00:00")] // a leap second
    public void A_time_is_kept_as_written_and_sorts_by_its_first_instant(string text, TimePrecision precision, string earliest)
    {
        Assert.True(PartialTime.TryParse(text, out var time));

        Assert.Equal((text, precision), (time.Text, time.Precision));
        Assert.Equal(DateTimeOffset.Parse(earliest, null), time.Earliest);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("19")]
    [InlineData("2019-13")]                     // no such month
    [InlineData("2019-02-29")]                  // not a leap year
    [InlineData("2019-2-3")]
    [InlineData("03/07/2019")]
    [InlineData("0000")]
    [InlineData("2015-02-07T13:28:17")]         // a time of day without an offset could be any of 26 instants
    [InlineData("2015-02-07T24:00:00Z")]
    [InlineData("2015-02-07T13:28:17.Z")]
    [InlineData("2015-02-07T13:28:17+15:00")]
    [InlineData("٢٠١٩-٠٣-٠٧")]                  // digits, but not these
    public void What_is_not_a_time_is_not_read_as_one(string? text) => Assert.False(PartialTime.TryParse(text, out _));
}
