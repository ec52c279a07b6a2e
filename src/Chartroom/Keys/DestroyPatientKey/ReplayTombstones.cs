using Chartroom.Platform.Tenancy;

namespace Chartroom.Keys;

/// <summary>
/// Before the port opens: whoever the list names is destroyed again, should the database have come back from a backup; and a list that lacks somebody whom the database
/// names, so an older one or none, stops the start.
/// </summary>
internal sealed class ReplayTombstones(TenantDb db, Migrator migrator, TombstoneList list)
{
    /// <summary>How many keys had come back.</summary>
    /// <exception cref="TombstoneException">The list is missing, older than the database, or altered.</exception>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var listed = list.Read().ToLookup(stone => stone.Clinic, stone => stone.Patient);
        var again = 0;
        foreach (var clinic in await migrator.ClinicsAsync(ct)) again += await ReplayAsync(clinic, [.. listed[clinic]], ct);
        return again;
    }

    private async Task<int> ReplayAsync(ClinicId clinic, HashSet<PatientId> listed, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.ManageKeys, ct);
        tx.Audit(new("patient_key.tombstones-read", "patient_tombstone", Purpose: Platform.Audit.Purpose.Operations));
        var known = tx.Ask<PatientId>("select patient_id from patient_tombstone", null);
        var alive = tx.Ask<PatientId>("select distinct patient_id from patient_key where patient_id = any(@patients) and wrapped is not null", new { patients = listed.ToArray() });
        var missing = (await known.ReadAsync(ct)).Count(patient => !listed.Contains(patient));
        if (missing > 0)
            throw new TombstoneException($"The list of destroyed keys, {list.Path}, lacks {missing} that the database names. Put the newest copy of the list back; without it a restore would bring destroyed records back.");
        var back = await alive.ReadAsync(ct);
        foreach (var patient in back) await DestroyPatientKeyHandler.EraseAsync(tx, patient, ct);
        await tx.CommitAsync(ct);
        return back.Count;
    }
}
