using System.Globalization;
using System.Text.RegularExpressions;

namespace Chartroom.Charts;

/// <summary>A temperature, weight or height as people write it: in the chart's unit, or in another one that is named (<c>98.6 F</c>, <c>154 lb</c>, <c>5'7"</c>).
/// The chart keeps the unit in which it was measured.</summary>
internal static partial class VitalFigure
{
    /// <summary>Null for what is no figure of that sign. A bare figure from 80 to 115 is a temperature in Fahrenheit: nobody has one in Celsius.</summary>
    public static Quantity? Read(VitalSign sign, string typed)
    {
        var text = typed.Trim().ToLowerInvariant();
        if (sign == VitalSign.Height && Feet().Match(text) is { Success: true } feet) return Of((12 * Part(feet, 1)) + Part(feet, 2), "[in_i]");
        if (sign == VitalSign.Weight && Pounds().Match(text) is { Success: true } pounds) return Of(Part(pounds, 1) + (Part(pounds, 2) / 16), "[lb_av]");
        if (Figure().Match(text) is not { Success: true } figure) return null;
        var value = Part(figure, 1);
        return (sign, figure.Groups[2].Value) switch
        {
            (VitalSign.Temperature, "") => Of(value, value is >= 80 and <= 115 ? "[degF]" : "Cel"),
            (VitalSign.Temperature, "c" or "°c") => Of(value, "Cel"),
            (VitalSign.Temperature, "f" or "°f") => Of(value, "[degF]"),
            (VitalSign.Weight, "" or "kg") => Of(value, "kg"),
            (VitalSign.Weight, "lb" or "lbs") => Of(value, "[lb_av]"),
            (VitalSign.Weight, "g") => Of(value, "g"),
            (VitalSign.Height, "" or "cm") => Of(value, "cm"),
            (VitalSign.Height, "m") => Of(value, "m"),
            (VitalSign.Height, "in" or "\"") => Of(value, "[in_i]"),
            _ => null,
        };
    }

    /// <summary>How it stands in its field: the unit is named where it is not the chart's.</summary>
    public static string Written(Quantity amount, VitalScale scale) =>
        amount.Unit == scale.Unit ? ChartWords.Number(amount.Value) : $"{ChartWords.Number(amount.Value)} {amount.Shown ?? amount.Unit}";

    private static Quantity Of(decimal value, string unit) =>
        new(value, unit, unit switch { "[degF]" => "°F", "Cel" => "°C", "[lb_av]" => "lb", "[in_i]" => "in", _ => null });

    private static decimal Part(Match match, int group) =>
        match.Groups[group].Value is { Length: > 0 } digits ? decimal.Parse(digits, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("""^([0-9])\s*(?:'|ft|feet)\s*(?:([0-9]{1,2}(?:\.[0-9]{1,2})?)\s*(?:"|''|in|inches)?)?$""")]
    private static partial Regex Feet();

    [GeneratedRegex("""^([0-9]{1,3})\s*lbs?\s*([0-9]{1,2}(?:\.[0-9]{1,2})?)\s*oz$""")]
    private static partial Regex Pounds();

    [GeneratedRegex("""^([0-9]{1,6}(?:\.[0-9]{1,4})?)\s*([a-z°"]{0,3})$""")]
    private static partial Regex Figure();
}
