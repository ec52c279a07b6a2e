namespace Chartroom.Charts;

public sealed class VitalRangesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-02T15:00:00Z", System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-02-03", VitalSign.HeartRate, 100, 205)]        // the day before one month
    [InlineData("2026-02-02", VitalSign.HeartRate, 100, 190)]        // one month
    [InlineData("2025-03-03", VitalSign.RespiratoryRate, 30, 53)]    // the day before the first birthday
    [InlineData("2025-03-02", VitalSign.RespiratoryRate, 22, 37)]    // the first birthday
    [InlineData("2020-03-03", VitalSign.HeartRate, 80, 120)]         // five years
    [InlineData("2020-03-02", VitalSign.HeartRate, 75, 118)]         // six
    [InlineData("2016-03-02", VitalSign.Systolic, 102, 120)]         // ten
    [InlineData("2013-03-03", VitalSign.Systolic, 110, 131)]         // the day before thirteen
    [InlineData("2013-03-02", VitalSign.Systolic, 90, 129)]          // thirteen: as adults
    [InlineData("1950-01-01", VitalSign.Diastolic, 60, 79)]
    [InlineData("2006-03-02", VitalSign.Bmi, 18.5, 24.9)]            // twenty
    [InlineData("1980", VitalSign.HeartRate, 60, 100)]               // a year is enough where all its days agree
    [InlineData("2020-04", VitalSign.HeartRate, 80, 120)]
    public void The_range_is_that_of_the_age_on_the_day(string born, VitalSign sign, double low, double high) =>
        Assert.Equal(((decimal)low, (decimal)high), VitalRanges.For(sign, Time(born), Now) is { Source.Length: > 0, Ages.Length: > 0 } range ? (range.Low, range.High) : default);

    [Theory]
    [InlineData("2006-03-03", VitalSign.Bmi)]         // the day before twenty: a growth chart's business
    [InlineData("2020", VitalSign.HeartRate)]         // five or six, and the ranges differ
    [InlineData("2026-03-03", VitalSign.HeartRate)]   // not born yet
    [InlineData("1950-01-01", VitalSign.Weight)]
    [InlineData(null, VitalSign.HeartRate)]
    public void Where_the_age_or_a_published_range_is_missing_nothing_is_flagged(string? born, VitalSign sign) =>
        Assert.Null(VitalRanges.For(sign, born is null ? null : Time(born), Now));

    [Theory]
    [InlineData(59, VitalFlag.Low), InlineData(60, null), InlineData(100, null), InlineData(101, VitalFlag.High)]
    public void Both_ends_belong_to_the_range(int rate, VitalFlag? flag) =>
        Assert.Equal(flag, VitalRanges.For(VitalSign.HeartRate, Time("1980-01-01"), Now)!.FlagOf(rate));

    private static PartialTime Time(string text) => PartialTime.TryParse(text, out var time) ? time : throw new ArgumentException(text);
}
