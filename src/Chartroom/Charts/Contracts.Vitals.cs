namespace Chartroom.Charts;

public enum VitalSign
{
    BloodPressure, Systolic, Diastolic, HeartRate, RespiratoryRate, Temperature, OxygenSaturation, Height, Weight, Bmi, Pain, HeadCircumference,
}

/// <summary>How a vital sign is named and in which unit a chart shows it.</summary>
/// <param name="Unit">UCUM code.</param>
public sealed record VitalScale(VitalSign Sign, string Name, string Unit, string ShownUnit, int Decimals)
{
    /// <summary>Outside of it is a slip of the pen or a wrong unit, in a newborn too.</summary>
    public required (decimal Low, decimal High) Possible { get; init; }

    /// <summary>LOINC code under which a reading made here is kept.</summary>
    public required string Loinc { get; init; }
}

/// <summary>Vital signs are recognised by LOINC, because senders name and file them as they like.</summary>
/// <seealso href="https://hl7.org/fhir/R4/observation-vitalsigns.html"/>
public static class Vitals
{
    public const string Loinc = "http://loinc.org";

    /// <summary>In the order in which a chart lists them.</summary>
    public static IReadOnlyList<VitalScale> Scales { get; } =
    [
        new(VitalSign.Systolic, "Systolic", "mm[Hg]", "mmHg", 0) { Possible = (20, 350), Loinc = "8480-6" },
        new(VitalSign.Diastolic, "Diastolic", "mm[Hg]", "mmHg", 0) { Possible = (10, 250), Loinc = "8462-4" },
        new(VitalSign.HeartRate, "Heart rate", "/min", "/min", 0) { Possible = (10, 350), Loinc = "8867-4" },
        new(VitalSign.RespiratoryRate, "Respiratory rate", "/min", "/min", 0) { Possible = (2, 120), Loinc = "9279-1" },
        new(VitalSign.Temperature, "Temperature", "Cel", "°C", 1) { Possible = (20, 46), Loinc = "8310-5" },
        new(VitalSign.OxygenSaturation, "SpO₂", "%", "%", 0) { Possible = (20, 100), Loinc = "59408-5" },
        new(VitalSign.Height, "Height", "cm", "cm", 1) { Possible = (20, 280), Loinc = "8302-2" },
        new(VitalSign.Weight, "Weight", "kg", "kg", 1) { Possible = (0.2m, 700), Loinc = "29463-7" },
        new(VitalSign.Bmi, "BMI", "kg/m2", "kg/m²", 1) { Possible = (4, 250), Loinc = "39156-5" },
        new(VitalSign.Pain, "Pain", "{score}", "of 10", 0) { Possible = (0, 10), Loinc = "72514-3" },
        new(VitalSign.HeadCircumference, "Head circumference", "cm", "cm", 1) { Possible = (15, 80), Loinc = "9843-4" },
    ];

    /// <summary>The scale of a sign; a blood pressure has none of its own, its parts have.</summary>
    public static VitalScale ScaleOf(VitalSign sign) => Scales.First(scale => scale.Sign == sign);

    /// <summary>Which vital sign a concept names, or null.</summary>
    public static VitalSign? Recognise(Concept concept)
    {
        foreach (var coding in concept.Codings)
            if (coding.System == Loinc && ByLoinc.TryGetValue(coding.Code, out var sign)) return sign;
        return null;
    }

    /// <summary>The readings of an entry in the chart's units; a panel gives one for each part. What has no number or an unknown unit
    /// gives none: it is shown as written, never on a trend line.</summary>
    public static IEnumerable<(VitalScale Scale, decimal Value)> Readings(Entry.Vital vital)
    {
        foreach (var measurement in vital.Parts.Prepend(vital.What))
        {
            var scale = Recognise(measurement.Code) is { } sign ? Scales.FirstOrDefault(s => s.Sign == sign) : null;
            if (scale is not null && measurement.Value is { Amount: { Comparator: null } amount, UpTo: null }
                && InUnit(amount, scale.Unit) is { } value) yield return (scale, value);
        }
    }

    /// <summary>An amount in another unit, or null when this product does not know how to convert it.</summary>
    public static decimal? InUnit(Quantity amount, string unit) => (amount.Unit, unit) switch
    {
        var (from, to) when from == to => amount.Value,
        ("[degF]" or "degF" or "F", "Cel") => (amount.Value - 32) * 5 / 9,
        ("C" or "degC", "Cel") => amount.Value,
        ("[lb_av]" or "lb" or "lbs", "kg") => amount.Value * 0.45359237m,
        ("g", "kg") => amount.Value / 1000,
        ("[in_i]" or "in", "cm") => amount.Value * 2.54m,
        ("m", "cm") => amount.Value * 100,
        ("mmHg" or "mm Hg", "mm[Hg]") => amount.Value,
        ("{beats}/min" or "beats/minute" or "bpm" or "{Beats}/min" or "{breaths}/min" or "breaths/minute" or "{Breaths}/min", "/min") => amount.Value,
        ("kg/m²" or "kg/(m2)", "kg/m2") => amount.Value,
        (null or "1" or "{nominal}" or "{Score}", "{score}") => amount.Value,
        _ => null,
    };

    private static readonly Dictionary<string, VitalSign> ByLoinc = new(StringComparer.Ordinal)
    {
        ["85354-9"] = VitalSign.BloodPressure, ["55284-4"] = VitalSign.BloodPressure, ["35094-2"] = VitalSign.BloodPressure,
        ["8480-6"] = VitalSign.Systolic, ["8462-4"] = VitalSign.Diastolic,
        ["8867-4"] = VitalSign.HeartRate,
        ["9279-1"] = VitalSign.RespiratoryRate,
        ["8310-5"] = VitalSign.Temperature, ["8331-1"] = VitalSign.Temperature, ["8333-0"] = VitalSign.Temperature,
        ["2708-6"] = VitalSign.OxygenSaturation, ["59408-5"] = VitalSign.OxygenSaturation,
        ["8302-2"] = VitalSign.Height, ["8306-3"] = VitalSign.Height, ["3137-7"] = VitalSign.Height,
        ["29463-7"] = VitalSign.Weight, ["3141-9"] = VitalSign.Weight, ["8335-2"] = VitalSign.Weight,
        ["39156-5"] = VitalSign.Bmi,
        ["72514-3"] = VitalSign.Pain, ["38208-5"] = VitalSign.Pain,
        ["9843-4"] = VitalSign.HeadCircumference, ["8287-5"] = VitalSign.HeadCircumference,
    };
}
