using System.Security.Cryptography;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Platform.Vault;

/// <summary>What a step of a rotation came to.</summary>
public enum RotationStep
{
    /// <summary>There is no rotation to work on.</summary>
    None,
    /// <summary>Something was done; there may be more at once.</summary>
    Worked,
    /// <summary>Others must finish first: transactions that began earlier, or nodes that may still hold the old version for some minutes.</summary>
    Waiting,
}

/// <summary>
/// Rotates a clinic's keys in steps of one short transaction each, on any number of nodes at once; a step that is killed is done again by whoever comes next.
/// No read fails on the way: a new version is in the database, and every transaction that does not know it has ended, before anything is sealed under it; nothing is sealed anew before
/// every transaction that still writes under the old one has ended; and an old version is deleted only when everybody who could have read or written under it is gone.
/// </summary>
public sealed class KeyRotation(TenantDb db, KeyRing ring, DatabaseLogins logins, IEnumerable<SealedColumn> columns, TimeProvider clock)
{
    /// <summary>Nodes hold a clinic's keys for five minutes; twice that is waited before an old version is deleted.</summary>
    internal static readonly TimeSpan NodesForget = TimeSpan.FromMinutes(10);

    private readonly PatientCells cells = new([.. columns]);

    /// <summary>One step. Safe to call at any time from anywhere.</summary>
    public async Task<RotationStep> StepAsync(ClinicId clinic, CancellationToken ct)
    {
        if (await OpenAsync(clinic, ct) is not { } open) return RotationStep.None;
        if (open.Phase == "await_nodes" && clock.GetUtcNow() < open.MadeAt + NodesForget) return RotationStep.Waiting;
        if (open.Phase.StartsWith("await_", StringComparison.Ordinal) && !await HaveAllEndedAsync(open.PhaseAt, ct)) return RotationStep.Waiting;
        await using var tx = await db.BeginAsync(Actor.OfSystem(clinic), Permission.ManageKeys, ct);
        tx.Audit(new("key.rotation-worked", "key_rotation", open.Id, Purpose.Operations));
        if (open.DataVersion is not { } version || tx.Keys.CurrentVersion < version) await tx.ReloadKeysAsync(ct);
        return await StepAsync(tx, open, ct);
    }

    /// <summary>True when no rotation is open and the newest data key is older than that.</summary>
    public async Task<bool> IsDueAsync(ClinicId clinic, TimeSpan age, CancellationToken ct)
    {
        await using var pipe = await BeginReadAsync(clinic, ct);
        var due = pipe.Ask<bool>("""
            select coalesce(max(clinic_key.created_at) < @before, false) and not exists (select from key_rotation where finished_at is null)
            from clinic_key
            where clinic_key.purpose = 'data'
            """, new { before = clock.GetUtcNow() - age });
        pipe.Queue("commit");
        return (await due.ReadAsync(ct)).Single();
    }

    /// <summary>Steps until there is nothing more to do at once; short waits for running transactions included.</summary>
    /// <param name="clinic">The clinic.</param>
    /// <param name="tell">Called after each step.</param>
    /// <param name="ct">Ends it between steps.</param>
    public async Task<RotationStep> RunAsync(ClinicId clinic, Func<Task> tell, CancellationToken ct)
    {
        var waits = 0;
        while (true)
        {
            var step = await StepAsync(clinic, ct);
            await tell();
            if (step == RotationStep.None) return step;
            if (step == RotationStep.Worked) waits = 0;
            else if (++waits > 50) return step;
            else await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    private Task<RotationStep> StepAsync(ClinicTx tx, OpenRotation open, CancellationToken ct) => open.Phase switch
    {
        "asked" => MakeAsync(tx, open, ct),
        "rewrap" => DoneOrNextAsync(tx, open, RewrapAsync(tx, open, ct), open.WithPatients ? "renew" : "await_nodes", ct),
        "renew" => DoneOrNextAsync(tx, open, RenewAsync(tx, open, ct), "await_knowing", ct),
        "await_knowing" => MoveOnAsync(tx, open, "take_over", ct),
        "take_over" => DoneOrNextAsync(tx, open, TakeOverAsync(tx, open, ct), "await_writers", ct),
        "await_writers" => MoveOnAsync(tx, open, "reencrypt", ct),
        "reencrypt" => DoneOrNextAsync(tx, open, ReencryptAsync(tx, open, ct), "await_readers", ct),
        "await_readers" => MoveOnAsync(tx, open, "destroy", ct),
        "destroy" => DoneOrNextAsync(tx, open, DestroyAsync(tx, ct), "await_nodes", ct),
        "await_nodes" => FinishAsync(tx, open, ct),
        _ => throw new System.Diagnostics.UnreachableException(open.Phase),
    };

    private async Task<RotationStep> MakeAsync(ClinicTx tx, OpenRotation open, CancellationToken ct)
    {
        var version = tx.Keys.CurrentVersion + 1;
        tx.Queue("update clinic_key set retired_at = @now where purpose = 'data' and retired_at is null", new { now = tx.Now });
        tx.Queue("insert into clinic_key (purpose, version, wrapped, created_at) values ('data', @version, @wrapped, @now)",
            new { version, wrapped = ring.NewDataKey(tx.Actor.Clinic, version), now = tx.Now });
        var moved = await tx.ExecuteAsync("""
            update key_rotation
            set phase = 'rewrap', phase_at = clock_timestamp(), made_at = @now, data_version = @version
            where id = @id and phase = 'asked'
            """, new { open.Id, version, now = tx.Now }, ct);
        if (moved == 0) return RotationStep.Worked;   // another node was first; nothing of this is committed
        tx.Audit(new("key.rotated", "clinic_key", open.Id, Purpose.Operations));
        await tx.CommitAsync(ct);
        ring.Forget(tx.Actor.Clinic);
        return RotationStep.Worked;
    }

    /// <summary>Commits the work done, or goes on to the next phase when there was none left.</summary>
    private static async Task<RotationStep> DoneOrNextAsync(ClinicTx tx, OpenRotation open, Task<Work> work, string next, CancellationToken ct)
    {
        var done = await work;
        if (done == Work.NothingLeft) await MoveAsync(tx, open, next, ct);
        await tx.CommitAsync(ct);
        return done == Work.OthersAtIt ? RotationStep.Waiting : RotationStep.Worked;
    }

    private static async Task<RotationStep> MoveOnAsync(ClinicTx tx, OpenRotation open, string next, CancellationToken ct)
    {
        await MoveAsync(tx, open, next, ct);
        await tx.CommitAsync(ct);
        return RotationStep.Worked;
    }

    /// <summary>Patients' keys still wrapped under an older data key: wrapped anew. Content is not touched, so nobody is opened.</summary>
    private static async Task<Work> RewrapAsync(ClinicTx tx, OpenRotation open, CancellationToken ct)
    {
        var rows = await tx.QueryAsync<WrappedPatientKey>("""
            select patient_id, version, wrapped, superseded_at is not null as is_superseded, false as is_shut
            from patient_key
            where clinic_key_version < @version and wrapped is not null
            limit 500
            for update skip locked
            """, new { version = open.DataVersion }, ct);
        if (rows.Count == 0)
            return await tx.QueryOneOrNoneAsync<bool>("select exists (select from patient_key where clinic_key_version < @version and wrapped is not null)",
                new { version = open.DataVersion }, ct) ? Work.OthersAtIt : Work.NothingLeft;
        await tx.ExecuteAsync("""
            update patient_key
            set wrapped = fresh.wrapped, clinic_key_version = @version
            from unnest(@patients, @versions, @wrapped) as fresh (patient_id, version, wrapped)
            where patient_key.patient_id = fresh.patient_id and patient_key.version = fresh.version
            """, new
        {
            version = tx.Keys.CurrentVersion, patients = rows.Select(row => row.PatientId).ToArray(), versions = rows.Select(row => row.Version).ToArray(),
            wrapped = rows.Select(row => PatientKey.Rewrap(tx.Keys, row)).ToArray(),
        }, ct);
        tx.Audit(new("patient_key.rewrapped", "patient_key", open.Id, Purpose.Operations));
        return Work.Done;
    }

    /// <summary>Gives patients a next version of their key. Nothing is sealed under it before all transactions that do not know it have ended.</summary>
    private static async Task<Work> RenewAsync(ClinicTx tx, OpenRotation open, CancellationToken ct)
    {
        var rows = await tx.QueryAsync<WrappedPatientKey>("""
            select patient_id, version, wrapped, superseded_at is not null as is_superseded, false as is_shut
            from patient_key
            where superseded_at is null and rotation_id is distinct from @id and renewed_in is distinct from @id and wrapped is not null
            limit 500
            for update skip locked
            """, new { open.Id }, ct);
        if (rows.Count == 0)
            return await tx.QueryOneOrNoneAsync<bool>("""
                select exists (select from patient_key
                    where superseded_at is null and rotation_id is distinct from @id and renewed_in is distinct from @id and wrapped is not null)
                """, new { open.Id }, ct) ? Work.OthersAtIt : Work.NothingLeft;
        var patients = rows.Select(row => row.PatientId).ToArray();
        var versions = rows.Select(row => row.Version + 1).ToArray();
        tx.Queue("""
            update patient_key
            set renewed_in = @id
            where patient_id = any(@patients) and superseded_at is null
            """, new { open.Id, patients });
        await tx.ExecuteAsync("""
            insert into patient_key (patient_id, version, clinic_key_version, wrapped, rotation_id)
            select fresh.patient_id, fresh.version, @dataVersion, fresh.wrapped, @id
            from unnest(@patients, @versions, @wrapped) as fresh (patient_id, version, wrapped)
            """, new
        {
            open.Id, patients, versions, dataVersion = tx.Keys.CurrentVersion,
            wrapped = rows.Select(row => PatientKey.NewVersion(tx.Keys, row.PatientId, row.Version + 1)).ToArray(),
        }, ct);
        tx.Audit(new("patient_key.renewed", "patient_key", open.Id, Purpose.Operations));
        return Work.Done;
    }

    /// <summary>From here on patients' new versions seal. Transactions that read the keys before may still write under the old ones; they are waited for afterwards.</summary>
    private static async Task<Work> TakeOverAsync(ClinicTx tx, OpenRotation open, CancellationToken ct)
    {
        var taken = await tx.ExecuteAsync("""
            update patient_key
            set superseded_at = clock_timestamp()
            from (select patient_id, version from patient_key where superseded_at is null and renewed_in = @id limit 500 for update skip locked) as old
            where patient_key.patient_id = old.patient_id and patient_key.version = old.version
            """, new { open.Id }, ct);
        if (taken == 0)
            return await tx.QueryOneOrNoneAsync<bool>("select exists (select from patient_key where superseded_at is null and renewed_in = @id)", new { open.Id }, ct)
                ? Work.OthersAtIt : Work.NothingLeft;
        tx.Audit(new("patient_key.taken-over", "patient_key", open.Id, Purpose.Operations));
        return Work.Done;
    }

    private async Task<Work> ReencryptAsync(ClinicTx tx, OpenRotation open, CancellationToken ct)
    {
        var patients = await tx.QueryAsync<PatientId>("""
            select patient_id
            from patient_key
            where superseded_at is not null and emptied_at is null and wrapped is not null
            limit 20
            for update skip locked
            """, null, ct);
        if (patients.Count == 0)
            return await tx.QueryOneOrNoneAsync<bool>("""
                select exists (select from patient_key where superseded_at is not null and emptied_at is null and wrapped is not null)
                """, null, ct) ? Work.OthersAtIt : Work.NothingLeft;
        var keys = await tx.OpenPatientsAsync(patients, new("patient_key.re-encrypted", "patient_key", open.Id, Purpose.Operations), ct);
        foreach (var key in keys.Values)
        {
            if (!await cells.SealAnewAsync(tx, key, ct)) continue;   // the rest of it in a next step
            tx.Queue("""
                update patient_key
                set emptied_at = clock_timestamp()
                where patient_id = @patient and version < @version and emptied_at is null
                """, new { key.Patient, key.Version });
        }
        return Work.Done;
    }

    /// <summary>Deletes old versions of patients' keys. Looks once more that nothing is under them; what is would be sealed anew in a next round.</summary>
    private async Task<Work> DestroyAsync(ClinicTx tx, CancellationToken ct)
    {
        var old = await tx.QueryAsync<OldKey>("""
            select patient_id, max(version) as version
            from (select patient_id, version from patient_key where emptied_at is not null limit 50 for update skip locked) as emptied
            group by patient_id
            """, null, ct);
        if (old.Count == 0)
            return await tx.QueryOneOrNoneAsync<bool>("select exists (select from patient_key where emptied_at is not null)", null, ct) ? Work.OthersAtIt : Work.NothingLeft;
        var used = await cells.StillUnderAsync(tx, old, ct);
        await tx.ExecuteAsync("delete from patient_key where patient_id = any(@patients) and emptied_at is not null",
            new { patients = old.Where(it => !used.Contains(it.PatientId)).Select(it => it.PatientId).ToArray() }, ct);
        if (used.Count > 0) throw new CryptographicException($"Content of {used.Count} patients was written under an old key after it had been sealed anew. Nothing of theirs is deleted.");
        tx.Audit(new("patient_key.old-versions-deleted", "patient_key", null, Purpose.Operations));
        return Work.Done;
    }

    /// <summary>Nobody holds the old data key any more. What was written under it meanwhile is sealed anew; then it is deleted.</summary>
    private async Task<RotationStep> FinishAsync(ClinicTx tx, OpenRotation open, CancellationToken ct)
    {
        var rewrapped = await RewrapAsync(tx, open, ct);
        var isMore = await cells.SealClinicsAnewAsync(tx, ct) || rewrapped != Work.NothingLeft;
        if (!isMore)
        {
            // The foreign key of patient_key refuses this while any patient's key is wrapped under it.
            tx.Queue("update patient_key set clinic_key_version = @version where wrapped is null and clinic_key_version < @version", new { version = open.DataVersion });
            tx.Queue("delete from clinic_key where purpose = 'data' and version < @version", new { version = open.DataVersion });
            tx.Queue("update key_rotation set phase = 'done', finished_at = @now where id = @id", new { open.Id, now = tx.Now });
            tx.Audit(new("key.old-versions-deleted", "clinic_key", open.Id, Purpose.Operations));
        }
        await tx.CommitAsync(ct);
        ring.Forget(tx.Actor.Clinic);
        return RotationStep.Worked;
    }

    private async Task<OpenRotation?> OpenAsync(ClinicId clinic, CancellationToken ct)
    {
        await using var pipe = await BeginReadAsync(clinic, ct);
        var rows = pipe.Ask<OpenRotation>(SelectOpen, null);
        pipe.Queue("commit");
        return (await rows.ReadAsync(ct)).SingleOrDefault();
    }

    private async Task<SqlPipe> BeginReadAsync(ClinicId clinic, CancellationToken ct)
    {
        var pipe = await logins.OpenAsync(ct);
        pipe.Queue("begin read only");
        pipe.QueueClinic(clinic, ClinicRole.System);
        return pipe;
    }

    /// <summary>True when no transaction of the program runs that began before that instant of the database's clock. Asked as the bare login, which sees its own
    /// sessions and nothing else.</summary>
    private async Task<bool> HaveAllEndedAsync(DateTimeOffset since, CancellationToken ct)
    {
        await using var pipe = await logins.OpenAsync(ct);
        return (await pipe.QueryAsync<bool>("""
            select current_setting('track_activities')::boolean and not exists (
                select from pg_stat_activity
                where datname = current_database() and usename = 'chartroom_app' and pid <> pg_backend_pid() and xact_start < @since)
            """, new { since }, ct)).Single();
    }

    private static Task<int> MoveAsync(ClinicTx tx, OpenRotation open, string next, CancellationToken ct) => tx.ExecuteAsync("""
        update key_rotation
        set phase = @next, phase_at = clock_timestamp()
        where id = @id and phase = @phase
        """, new { open.Id, open.Phase, next }, ct);

    private const string SelectOpen = """
        select id, with_patients, phase, phase_at, made_at, data_version
        from key_rotation
        where finished_at is null
        """;

    private enum Work
    {
        Done,
        OthersAtIt,
        NothingLeft,
    }

    private sealed record OpenRotation(Guid Id, bool WithPatients, string Phase, DateTimeOffset PhaseAt, DateTimeOffset? MadeAt, int? DataVersion);
}

/// <summary>A patient's key that a newer version has taken over from.</summary>
internal sealed record OldKey(PatientId PatientId, int Version);
