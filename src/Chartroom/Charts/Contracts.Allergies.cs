using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>What a chart's allergies say against a medicine that is about to be ordered. It warns and never blocks.</summary>
public static class AllergyWarnings
{
    /// <summary>Warnings in words for people, none when nothing is known. The patient's row stays locked until the transaction ends, as when a medication is written.</summary>
    public static async Task<IReadOnlyList<string>> AgainstAsync(ClinicTx tx, PatientKey key, string medicine, CancellationToken ct)
    {
        var allergies = await AllergyCheck.ReadAsync(tx, key, EntryKind.Medication, ct);
        return Of(allergies.Select(it => it.Content).OfType<Entry.Allergy>().Where(ChartView.IsActive).SelectMany(AllergyCheck.Words), medicine);
    }

    /// <summary>The same of allergies already known by their words. Pure.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> allergies, string medicine) =>
        [.. allergies.Select(allergy => DrugNames.Between(allergy, medicine)).OfType<AllergyWarning>().OrderBy(it => it.Match).Select(AllergyCheck.OfDrug).Distinct()];
}

/// <summary>A part of the chart's summary that another capability fills, such as its orders. Registered as a service; shown in the order of registration.</summary>
/// <param name="Component">A Razor component with the parameter <c>Patient</c> (a <see cref="PatientId"/>); loads what it shows, with its own event.</param>
public sealed record ChartSection(Type Component);
