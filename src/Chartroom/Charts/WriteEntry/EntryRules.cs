namespace Chartroom.Charts;

/// <summary>What may be written into a chart by hand. Pure.</summary>
internal static class EntryRules
{
    /// <summary>Null when it may stand.</summary>
    public static Refusal? Check(Entry content) => content switch
    {
        Entry.Problem problem => Words(problem.Code) ?? Order(problem.Onset, problem.Abated, "abated"),
        Entry.Allergy allergy => Words(allergy.Code),
        Entry.Medication drug => Words(drug.Code) ?? Order(drug.Start, drug.End, "end"),
        Entry.Vital vital => Vital(vital),
        Entry.Result result => Result(result),
        _ => Refusals.NotWrittenHere,
    };

    private static Refusal? Words(Concept code) =>
        string.IsNullOrWhiteSpace(code.Text) ? Refusals.Invalid.On("words", "Write what it is.")
        : code.Text.Length > 500 ? Refusals.Invalid.On("words", "Keep it under 500 characters.")
        : null;

    private static Refusal? Order(PartialTime? from, PartialTime? to, string field) =>
        from is not null && to is not null && to.Earliest < from.Earliest ? Refusals.Invalid.On(field, "This lies before the beginning.") : null;

    private static Refusal? Vital(Entry.Vital vital)
    {
        if (vital.Taken is null) return Refusals.Invalid.On("taken", "Say when it was measured.");
        foreach (var (scale, value) in Vitals.Readings(vital))
            if (scale.Possible is var (low, high) && (value < low || value > high))
                return Refusals.Invalid.On(FieldOf(scale.Sign), $"This is not a {scale.Name.ToLowerInvariant()} that anybody has. Check the figure and its unit.");
        return null;
    }

    private static Refusal? Result(Entry.Result result)
    {
        if (Words(result.What.Code) is { } nameless) return nameless;
        if (result.What.Code.Codings.FirstOrDefault(coding => coding.System == Vitals.Loinc && !IsLoinc(coding.Code)) is not null)
            return Refusals.Invalid.On("loinc", "This is not a LOINC code. It looks like 2345-7; the last digit checks the others.");
        if (result.Taken is null && result.Issued is null) return Refusals.Invalid.On("day", "Say when it was taken.");
        if (result.What.Value is null && result.Parts.Count == 0 && result.What.WhyAbsent is null) return Refusals.Invalid.On("value", "Write what was found.");
        foreach (var what in result.Parts.Prepend(result.What))
        {
            if (what.Value?.Text?.Length > 2000 || what.Ranges.Any(range => range.Text?.Length > 200)) return Refusals.Invalid.On("value", "Keep it shorter: 2,000 characters for a finding, 200 for a range.");
            if (what.Ranges.Any(range => range.Low > range.High)) return Refusals.Invalid.On("high", "This lies under the low end of the range.");
        }
        return null;
    }

    /// <summary>Digits and a check digit (Luhn), so that a slip of the pen does not name another test. See https://loinc.org/kb/loinc-code-structure/.</summary>
    public static bool IsLoinc(string code)
    {
        if (code is not [.., '-', >= '0' and <= '9'] || code.Length is < 3 or > 9 || !code[..^2].All(char.IsAsciiDigit)) return false;
        var sum = code[..^2].Reverse().Select((digit, place) => (digit - '0') * (place % 2 == 0 ? 2 : 1)).Sum(it => it > 9 ? it - 9 : it);
        return (10 - (sum % 10)) % 10 == code[^1] - '0';
    }

    /// <summary>The form's name for a sign.</summary>
    public static string FieldOf(VitalSign sign) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(sign.ToString());
}
