using System.Globalization;

namespace Chartroom.Charts;

/// <summary>One figure of a vital sign in the chart's unit, beside the range of the patient's age then.</summary>
public sealed record VitalReading(ChartEntry Row, VitalScale Scale, decimal Value, VitalRange? Range)
{
    public VitalFlag? Flag => Range?.FlagOf(Value);

    public string Words => string.Create(CultureInfo.InvariantCulture, $"{Value} {Scale.ShownUnit}");

    /// <summary>All of them, newest first; with the body mass index where nobody wrote it. It is worked out and not stored, so that a corrected weight corrects it too.</summary>
    internal static IReadOnlyList<VitalReading> Of(IReadOnlyList<Listed<Entry.Vital>> vitals, PartialTime? born)
    {
        var measured = vitals.SelectMany(vital => Vitals.Readings(vital.Content).Select(reading => Of(vital.Row, reading.Scale, reading.Value, born))).ToList();
        var written = measured.Where(reading => reading.Scale.Sign == VitalSign.Bmi).Select(reading => reading.Row.EffectiveAt).ToHashSet();
        var heights = measured.Where(reading => reading.Scale.Sign == VitalSign.Height).ToList();
        foreach (var weight in measured.Where(reading => reading.Scale.Sign == VitalSign.Weight && !written.Contains(reading.Row.EffectiveAt)).ToList())
            if (HeightFor(weight, heights, born) is { } height)
                measured.Add(Of(weight.Row, Vitals.ScaleOf(VitalSign.Bmi), weight.Value / (height.Value / 100) / (height.Value / 100), born));
        return [.. measured.OrderByDescending(reading => reading.Row.EffectiveAt ?? DateTimeOffset.MinValue)];   // stable: the order of the entries holds
    }

    private static VitalReading Of(ChartEntry row, VitalScale scale, decimal value, PartialTime? born) =>
        new(row, scale, Math.Round(value, scale.Decimals, MidpointRounding.AwayFromZero), row.EffectiveAt is { } at ? VitalRanges.For(scale.Sign, born, at) : null);

    /// <summary>The height of the same taking; of grown-ups also the last one before it.</summary>
    private static VitalReading? HeightFor(VitalReading weight, List<VitalReading> heights, PartialTime? born)
    {
        if (weight.Row.EffectiveAt is not { } at) return null;
        if (heights.Find(height => height.Row.EffectiveAt == at) is { } same) return same;
        return VitalRanges.For(VitalSign.Bmi, born, at) is null ? null : heights.Find(height => height.Row.EffectiveAt <= at);
    }
}

/// <summary>What was taken at one time.</summary>
/// <param name="Readings">By sign; of several at that time, the one written last.</param>
public sealed record VitalTaking(DateTimeOffset At, IReadOnlyDictionary<VitalSign, VitalReading> Readings)
{
    /// <summary>Newest first.</summary>
    internal static IReadOnlyList<VitalTaking> Of(IReadOnlyList<VitalReading> readings) =>
    [
        .. readings.Where(reading => reading.Row.EffectiveAt is not null).GroupBy(reading => reading.Row.EffectiveAt!.Value)   // filtered to those that have one
            .Select(taken => new VitalTaking(taken.Key, taken.GroupBy(reading => reading.Scale.Sign).ToDictionary(sign => sign.Key, sign => sign.First()))),
    ];
}
