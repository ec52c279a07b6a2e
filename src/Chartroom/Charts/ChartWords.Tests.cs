namespace Chartroom.Charts;

public sealed class ChartWordsTests
{
    [Theory]
    [InlineData("178.83981355877862", "178.8")]
    [InlineData("5.60", "5.60")]             // as precise as it was measured
    [InlineData("98.6543", "98.65")]
    [InlineData("0", "0")]
    [InlineData("-2.5987", "-2.60")]
    [InlineData("0.00123", "0.00123")]       // a small number keeps its figures
    [InlineData("1000000", "1000000")]
    public void Numbers_are_shown_with_the_figures_that_mean_something(string value, string shown) =>
        Assert.Equal(shown, ChartWords.Number(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2019", "2019")]
    [InlineData("2019-03", "Mar 2019")]
    [InlineData("2019-03-07", "Mar 7, 2019")]                  // a day is a day in every zone
    [InlineData("2019-03-07T01:30:00+00:00", "Mar 6, 2019")]   // an instant is on the clinic's calendar
    public void A_time_is_shown_as_well_as_it_is_known(string text, string shown) =>
        Assert.Equal(shown, PartialTime.TryParse(text, out var time) ? ChartWords.Day(time, "America/New_York") : null);

    [Fact]
    public void A_dose_is_put_into_words()
    {
        Assert.Equal("1 tablet, twice every day, as needed", ChartWords.Sig(new Dosage { Dose = new(1, "tablet"), Times = 2, Period = 1, PeriodUnit = "d", IsAsNeeded = true }));
        Assert.Equal("once every 8 hours", ChartWords.Sig(new Dosage { Times = 1, Period = 8, PeriodUnit = "h" }));
        Assert.Equal("One at night", ChartWords.Sig(new Dosage { Text = "One at night", Times = 1, Period = 1, PeriodUnit = "d" }));
    }

    [Fact]
    public void A_blood_pressure_reads_as_people_say_it()
    {
        var panel = new Measurement { Code = new Concept { Text = "Blood pressure" } };
        Assert.Equal("128 / 82 mmHg", ChartWords.Measured(panel, [Part("Systolic", 128), Part("Diastolic", 82)]));
    }

    private static Measurement Part(string name, decimal value) =>
        new() { Code = new Concept { Text = name }, Value = new Reading { Amount = new Quantity(value, "mm[Hg]") } };
}
