using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>Many patients entered in one go.</summary>
internal static class PatientCopies
{
    public static async Task<IReadOnlyList<PatientId>> InsertAsync(ClinicTx tx, IReadOnlyList<EnteredPatient> patients, string action, CancellationToken ct)
    {
        if (patients.Any(it => it.Patient.Identifiers.Any(number => number.IsRecordNumber)))
            throw new ArgumentException("Patients with record numbers of other systems are entered one by one.", nameof(patients));
        PatientId[] ids = [.. patients.Select(_ => PatientId.New())];
        var first = await tx.QueryOneOrNoneAsync<long>("update counter set next = next + @count where name = 'mrn' returning next - @count", new { count = (long)ids.Length }, ct);
        var keys = await tx.NewPatientsAsync(ids, new(action, "patient"), ct);
        var rows = patients.Select((it, number) => new object?[]
        {
            ids[number], first + number, keys[number].Seal(it.Patient, PatientRow.CellOf(ids[number], 1)), keys[number].Version,
            SearchIndex.Of(tx, it.Patient, first + number), it.SeenAt, it.EnteredAt, it.EnteredAt,
        });
        await tx.CopyAsync("copy patient (id, mrn, demographics, key_version, search, seen_at, created_at, updated_at) from stdin (format binary)", rows, ct);
        return ids;
    }
}
