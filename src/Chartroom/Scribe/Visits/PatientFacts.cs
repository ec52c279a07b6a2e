using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Scribe;

/// <summary>What the chart knows of the patient, for the verifier: what counts today, in words.</summary>
internal static class PatientFacts
{
    public static async Task<ChartFacts> ReadAsync(ClinicTx tx, PatientKey key, PatientLine patient, CancellationToken ct)
    {
        var entries = await ChartReading.CurrentAsync(tx, key, [EntryKind.Allergy, EntryKind.Medication, EntryKind.Problem], ct);
        return new ChartFacts(
            [.. entries.OfType<Entry.Allergy>().Where(it => it.Status is not (AllergyStatus.Inactive or AllergyStatus.Resolved)
                && it.Verification is not Charts.Verification.Refuted).Select(it => it.Code.Text).Distinct()],
            [.. entries.OfType<Entry.Medication>().Where(it => it.Status is MedicationStatus.Active)
                .Select(it => it.Dosages is [{ Text: { Length: > 0 } dosage }, ..] ? $"{it.Code.Text}, {dosage}" : it.Code.Text).Distinct()],
            [.. entries.OfType<Entry.Problem>().Where(it => it.Status is not (ProblemStatus.Inactive or ProblemStatus.Remission or ProblemStatus.Resolved)
                && it.Verification is not Charts.Verification.Refuted).Select(it => it.Code.Text).Distinct()],
            patient.Age, SexOf(patient.Sex));
    }

    private static ChartSex? SexOf(Sex sex) => sex switch
    {
        Patients.Sex.Female => ChartSex.Female,
        Patients.Sex.Male => ChartSex.Male,
        Patients.Sex.Other => ChartSex.Other,
        _ => null,
    };
}
