using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>Whether a medication and the allergies of a chart, or an allergy and its medications, go together. It warns and never blocks. Pure but for <see cref="ReadAsync"/>.</summary>
internal static class AllergyCheck
{
    /// <summary>What a new or changed entry has to be held against: the chart's allergies for a medication, its medications for an allergy, nothing for the rest. The patient's row
    /// stays locked until the transaction ends, so that of two who write at once the second sees what the first wrote.</summary>
    public static async Task<IReadOnlyList<ChartEntry>> ReadAsync(ClinicTx tx, PatientKey key, EntryKind kind, CancellationToken ct)
    {
        EntryKind? other = kind switch { EntryKind.Medication => EntryKind.Allergy, EntryKind.Allergy => EntryKind.Medication, _ => null };
        if (other is not { } wanted) return [];
        await LockAsync(tx, key, ct);
        return [.. (await ChartReads.OfKindAsync(tx, key.Patient, wanted, ct)).Select(row => row.Open(key))];
    }

    /// <summary>Before anything of the chart is written, so that two who write wait for each other in one order.</summary>
    public static Task LockAsync(ClinicTx tx, PatientKey key, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<Guid>("select id from patient where id = @patient for no key update", new { key.Patient }, ct);

    /// <summary>The entry as it may be written: as it is, or with the warnings it was written in spite of. Refuses <c>charts.allergy-warning</c> when there are some and no reason.
    /// What it said before is not warned of again.</summary>
    public static Outcome<Entry> Judge(IReadOnlyList<ChartEntry> others, Entry? before, Entry after, string? why)
    {
        var kept = after with { Accepted = before?.Accepted ?? [] };
        var known = before is null ? [] : Warnings(others, before).Select(it => it.Words).ToHashSet(StringComparer.Ordinal);
        var warnings = Warnings(others, after).Where(it => !known.Contains(it.Words)).ToList();
        if (warnings.Count == 0) return kept;
        var words = string.Join(' ', warnings.Select(it => it.Words).Distinct());
        if (string.IsNullOrWhiteSpace(why)) return Warned(warnings, "Say why it is right all the same.");
        return why.Length > 500 ? Refusals.Invalid.On("despite", "Keep it under 500 characters.") : kept with { Accepted = [.. kept.Accepted, new(words, why.Trim())] };
    }

    /// <summary>Why an entry that is brought back can't come: a warning that nobody went on in spite of. There is no place for a reason, so the words say where one is.</summary>
    /// <param name="now">What it says now; null for what is put away.</param>
    public static Refusal? Returning(IReadOnlyList<ChartEntry> others, Entry? now, ChartEntry back, string where)
    {
        var known = now is null ? [] : Warnings(others, now).Select(it => it.Words).ToHashSet(StringComparer.Ordinal);
        var warnings = Warnings(others, back.Content).Where(it => !known.Contains(it.Words) && !IsAccepted(back, it)).ToList();
        return warnings.Count == 0 ? null : Warned(warnings, where);
    }

    /// <summary>What speaks against a medication, in words for people, and whether somebody went on in spite of this very warning; none for one that is no longer taken.</summary>
    public static IEnumerable<(string Words, bool IsAccepted)> Against(ChartEntry drug, IReadOnlyList<ChartEntry> allergies) =>
        Warnings(allergies, drug.Content).Select(it => (it.Words, IsAccepted(drug, it)));

    /// <summary>At the medication, or at the allergy. The allergy's words name no medication, so they speak of those only that were in the chart when it came.</summary>
    private static bool IsAccepted(ChartEntry entry, AllergyConflict conflict)
    {
        var (drug, allergy) = entry.Content is Entry.Medication ? (entry, conflict.Other) : (conflict.Other, entry);
        return Says(drug, OfDrug(conflict.Warning)) || (drug.Id.Value.CompareTo(allergy.Id.Value) < 0 && Says(allergy, OfAllergy(conflict.Warning)));
    }

    private static bool Says(ChartEntry entry, string words) => entry.Content.Accepted.Any(it => it.Warning.Contains(words, StringComparison.Ordinal));

    private static Refusal Warned(IReadOnlyList<AllergyConflict> warnings, string whatToDo) =>
        Refusals.AllergyWarning.On("despite", $"{string.Join(' ', warnings.Select(it => it.Words).Distinct())} {whatToDo}")
            .With("entries", warnings.Select(it => it.Other.Id).Distinct().ToArray())
            .With("matches", warnings.Select(it => it.Warning.Match.ToString().ToLowerInvariant()).Distinct().ToArray());

    private sealed record AllergyConflict(ChartEntry Other, AllergyWarning Warning, string Words);

    private static IEnumerable<AllergyConflict> Warnings(IReadOnlyList<ChartEntry> others, Entry entry)
    {
        foreach (var other in others)
        {
            var (allergy, drug) = (entry as Entry.Allergy ?? other.Content as Entry.Allergy, entry as Entry.Medication ?? other.Content as Entry.Medication);
            if (allergy is null || drug is null || !ChartView.IsActive(allergy) || !ChartView.IsActive(drug)) continue;
            if (Words(allergy.Code).SelectMany(_ => Words(drug.Code), DrugNames.Between).OfType<AllergyWarning>().OrderBy(it => it.Match).FirstOrDefault() is not { } warning) continue;
            yield return new(other, warning, entry is Entry.Medication ? OfDrug(warning) : OfAllergy(warning));
        }
    }

    public static IEnumerable<string> Words(Entry.Allergy allergy) => Words(allergy.Code);

    private static IEnumerable<string> Words(Concept code) => code.Codings.Select(coding => coding.Display).OfType<string>().Prepend(code.Text).Distinct();

    internal static string OfDrug(AllergyWarning warning) => warning switch
    {
        { Allergen: null } => "The chart lists an allergy of this very name.",
        { Match: AllergyMatch.Ingredient } => $"The chart lists an allergy to {warning.Allergen}, which this holds.",
        { Match: AllergyMatch.Class } => $"The chart lists an allergy to a drug of the same class, {warning.Allergen}.",
        _ => $"The chart lists an allergy to {warning.Allergen}; this is of {warning.Drug}. {warning.Note}",
    };

    private static string OfAllergy(AllergyWarning warning) => warning switch
    {
        { Allergen: null } => "A medication of this very name is on the list.",
        { Match: AllergyMatch.Ingredient } => $"A medication on the list holds {warning.Drug}.",
        { Match: AllergyMatch.Class } => $"A medication on the list is of the same class, {warning.Allergen}.",
        _ => $"A medication on the list is of {warning.Drug}. {warning.Note}",
    };
}
