namespace Chartroom.Charts;

public sealed class VitalsTests
{
    [Theory]
    [InlineData("8310-5", 98.6, "[degF]", VitalSign.Temperature, 37.0)]
    [InlineData("8331-1", 37.5, "Cel", VitalSign.Temperature, 37.5)]
    [InlineData("29463-7", 154, "[lb_av]", VitalSign.Weight, 69.9)]
    [InlineData("3141-9", 3400, "g", VitalSign.Weight, 3.4)]
    [InlineData("8302-2", 70, "[in_i]", VitalSign.Height, 177.8)]
    [InlineData("59408-5", 97, "%", VitalSign.OxygenSaturation, 97)]
    [InlineData("8867-4", 61, "{beats}/min", VitalSign.HeartRate, 61)]
    public void A_vital_sign_is_shown_in_the_charts_unit(string loinc, double value, string unit, VitalSign sign, double shown)
    {
        var (scale, reading) = Assert.Single(Vitals.Readings(Of(loinc, new Reading { Amount = new Quantity((decimal)value, unit) })));

        Assert.Equal((sign, (decimal)shown), (scale.Sign, Math.Round(reading, 1)));
    }

    [Fact]
    public void What_can_not_be_placed_on_a_line_gives_no_reading()
    {
        Assert.Empty(Vitals.Readings(Of("8867-4", null)));
        Assert.Empty(Vitals.Readings(Of("8867-4", new Reading { Text = "fast" })));
        Assert.Empty(Vitals.Readings(Of("8867-4", new Reading { Amount = new Quantity(60, "Hz") })));        // not a unit we convert
        Assert.Empty(Vitals.Readings(Of("8867-4", new Reading { Amount = new Quantity(200, "/min", Comparator: ">") })));
        Assert.Empty(Vitals.Readings(Of("2339-0", new Reading { Amount = new Quantity(90, "mg/dL") })));     // a laboratory result
    }

    private static Entry.Vital Of(string loinc, Reading? value) => new()
    {
        Status = ObservationStatus.Final,
        What = new Measurement { Code = new Concept { Text = "A sign", Codings = [new Coding(Vitals.Loinc, loinc, null)] }, Value = value },
    };
}
