using Chartroom.Platform.Tenancy;

namespace Chartroom.Keys;

/// <summary>
/// Before the port opens, and before every other verb that reads or writes clinics' data: whoever the list names is destroyed again, should the database have come back from a backup; and a list that lacks somebody whom the database
/// names, so an older one or none, stops the start. What two people confirmed and a crash left undone is finished here too.
/// </summary>
internal sealed class ReplayTombstones(TenantDb db, PlatformDb platform, Migrator migrator, TombstoneList list, DestroyPatientKeyHandler destroy)
{
    /// <summary>How many keys had come back or were left.</summary>
    /// <exception cref="TombstoneException">The list is missing, older than the database, or altered.</exception>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        await MeetAsync(ct);
        var listed = list.Read().ToLookup(stone => stone.Clinic, stone => stone.Patient);
        var again = 0;
        // A host has thousands of clinics; only those are visited that the list names or that have destroyed somebody.
        var destroyers = await migrator.ClinicsThatFilledAsync("patient_tombstone", ct);
        destroyers.UnionWith(await migrator.ClinicsThatFilledAsync("patient_destruction", ct));
        foreach (var clinic in (await migrator.ClinicsAsync(ct)).Where(clinic => listed.Contains(clinic) || destroyers.Contains(clinic)))
            again += await ReplayAsync(clinic, [.. listed[clinic]], ct);
        return again;
    }

    /// <summary>The list is made at the very first start. The database remembers that, so one that comes back from a backup asks for the list even if it was written before
    /// anybody was destroyed.</summary>
    private async Task MeetAsync(CancellationToken ct)
    {
        await using var tx = await platform.BeginAsync(Origin.Job("keys"), ct);
        var known = await tx.QueryOneOrNoneAsync<Guid?>("select id from platform.tombstone_list", null, ct);
        if (known is not null && !list.IsThere)
            throw new TombstoneException($"The list of destroyed keys, {list.Path}, is gone. Put its newest copy back; without it a restore would bring destroyed records back.");
        if (known is not null) return;
        list.Make();
        var id = Guid.CreateVersion7();
        await tx.ExecuteAsync("insert into platform.tombstone_list (id, made_at) values (@id, @now) on conflict do nothing", new { id, now = tx.Now }, ct);
        tx.Audit(new("patient_key.tombstone-list-made", "tombstone_list", id), null);
        await tx.CommitAsync(ct);
    }

    private async Task<int> ReplayAsync(ClinicId clinic, HashSet<PatientId> listed, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.ManageKeys, ct);
        tx.Audit(new("patient_key.tombstones-read", "patient_tombstone", Purpose: Platform.Audit.Purpose.Operations));
        var known = tx.Ask<PatientId>("select patient_id from patient_tombstone", null);
        var alive = tx.Ask<PatientId>("select distinct patient_id from patient_key where patient_id = any(@patients) and wrapped is not null", new { patients = listed.ToArray() });
        var confirmed = tx.Ask<PatientId>("""
            select patient_destruction.patient_id
            from patient_destruction
            where confirmed_by is not null and exists (select from patient_key where patient_key.patient_id = patient_destruction.patient_id and wrapped is not null)
            """, null);
        var missing = (await known.ReadAsync(ct)).Count(patient => !listed.Contains(patient));
        if (missing > 0)
            throw new TombstoneException($"The list of destroyed keys, {list.Path}, lacks {missing} that the database names. Put the newest copy of the list back; without it a restore would bring destroyed records back.");
        var left = await confirmed.ReadAsync(ct);
        foreach (var patient in left) list.Add(new(clinic, patient, tx.Now));
        List<PatientId> back = [.. (await alive.ReadAsync(ct)).Union(left)];
        foreach (var patient in back) await destroy.EraseAsync(tx, patient, ct);
        await tx.CommitAsync(ct);
        return back.Count;
    }
}
