using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Verifying;

/// <summary>What several checks ask of a text about medicines.</summary>
internal static class MedicineWords
{
    private static readonly HashSet<string> Changing = new(StringComparer.Ordinal)
    {
        "increase", "increased", "increasing", "decrease", "decreased", "decreasing", "raise", "lower", "reduce", "reduced", "double", "halve", "titrate", "taper", "change", "changed",
        "switch", "switched", "adjust", "start", "started", "begin", "stop", "stopped", "discontinue", "discontinued", "hold", "held", "resume", "previously", "used", "formerly", "past",
        "former", "up", "down", "instead", "avoid", "consider", "if", "tried", "ran", "prescribed", "after",
    };

    /// <summary>The text says that something about a medicine changes or was otherwise before: two such texts may differ and both be right.</summary>
    public static bool Changes(string word) => Changing.Contains(word);

    /// <summary>The medicine is named as one that is not taken now.</summary>
    public static bool Withholds(string word) => word is "avoid" or "avoids" or "hold" or "held" or "stop" or "stopped" or "discontinue" or "discontinued";

    /// <summary>Every dose with the drug it belongs to; doses of none are left out.</summary>
    public static IEnumerable<(string Drug, Quantity Dose)> DosesOf(Facts facts) =>
        from dose in facts.Quantities
        where QuantityChecks.DoseUnits.Contains(dose.Unit)
        let drug = QuantityChecks.Owner(facts, dose)
        where drug is not null
        select (drug, dose);
}
