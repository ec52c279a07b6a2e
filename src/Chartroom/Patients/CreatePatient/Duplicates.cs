using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>Who may be the same person: born the same day, and with one of the telephone numbers or a name that sounds alike.</summary>
internal static class Duplicates
{
    private const int Most = 10;

    /// <summary>Looks in the blind numbers only; opens nobody. Most recently seen first.</summary>
    public static async Task<IReadOnlyList<PatientId>> FindAsync(ClinicTx tx, Demographics patient, CancellationToken ct)
    {
        if (patient.BirthDate?.Day is not { } born) return [];
        var likely = SearchIndex.Sounds(patient).Concat(SearchIndex.Phones(patient).Select(SearchTerm.Number)).Distinct();
        return await tx.QueryAsync<PatientId>("""
            select patient.id
            from patient
            where patient.search @> @birth and patient.search && @likely and patient.state <> 'merged' and patient.deleted_at is null
            order by patient.seen_at desc, patient.id desc
            limit @most
            """, new
        {
            birth = new[] { Blind(tx, SearchTerm.Birth(born)) },
            likely = likely.Select(term => Blind(tx, term)).ToArray(),
            most = Most,
        }, ct);
    }

    private static long Blind(ClinicTx tx, SearchTerm term) => tx.Blind(term.Index, term.Value);
}
