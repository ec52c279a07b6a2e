using System.Globalization;
using System.Text.RegularExpressions;

namespace Chartroom.Charts;

/// <summary>What was found, as people write it: a figure (<c>5.6</c>, <c>1,200</c>), a bound (<c>&lt;0.1</c>, <c>≥ 200</c>) or words (<c>positive</c>). Pure.</summary>
internal static partial class ResultFigure
{
    /// <param name="typed">Not empty.</param>
    /// <param name="unit">As the letter has it; null for none. Words have none.</param>
    public static Reading Read(string typed, string? unit)
    {
        if (Figure().Match(typed.Trim()) is not { Success: true } figure) return new() { Text = unit is null ? typed.Trim() : $"{typed.Trim()} {unit}" };
        var comparator = figure.Groups[1].Value switch { "" => null, "≤" => "<=", "≥" => ">=", var sign => sign };
        return new() { Amount = new(decimal.Parse(figure.Groups[2].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), unit, Comparator: comparator) };
    }

    // A comma only where it parts thousands: "5,6" is written in words, because nobody knows which it is.
    [GeneratedRegex("""^(<=|>=|<|>|≤|≥)?\s*(-?[0-9]{1,12}(?:\.[0-9]{1,8})?|[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,8})?)$""")]
    private static partial Regex Figure();
}
