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

    /// <summary>The form's name for a sign.</summary>
    public static string FieldOf(VitalSign sign) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(sign.ToString());
}
