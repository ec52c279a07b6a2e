using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Keys;

/// <summary>Makes a patient unreadable for ever: in the tables, in backups that are restored, on every node at once.</summary>
internal sealed record DestroyPatientKey(PatientId Patient);

/// <summary>
/// Destroys a patient's keys, once two people said so (<see cref="ConfirmPatientDestructionHandler"/>). The list outside the database is written first, so that
/// after a kill the next start finishes the work. What lies under the clinic's own key (mail, answers kept for repetitions) is deleted. Cannot be undone.
/// Refuses <c>keys.no-key</c>, <c>keys.not-confirmed</c>.
/// </summary>
internal sealed class DestroyPatientKeyHandler(TenantDb db, TombstoneList list, IEnumerable<PatientTrace> traces)
{
    public async Task<Outcome<Done>> HandleAsync(DestroyPatientKey ask, Actor actor, CancellationToken ct)
    {
        if (actor.Role != ClinicRole.System) throw new ForbiddenException(Permission.ManageKeys);
        await using var tx = await db.BeginAsync(actor, Permission.ManageKeys, ct);
        if ((await tx.QueryAsync<PatientId>("select patient_id from patient_key where patient_id = @patient and wrapped is not null limit 1", new { ask.Patient }, ct)).Count == 0)
            return Refusals.NoKey;
        if (!await tx.QueryOneOrNoneAsync<bool>("select exists (select from patient_destruction where patient_id = @patient and confirmed_by is not null)", new { ask.Patient }, ct)) return Refusals.NotConfirmed;
        list.Add(new(actor.Clinic, ask.Patient, tx.Now));
        await EraseAsync(tx, ask.Patient, ct);
        await tx.CommitAsync(ct);
        return Done.It;
    }

    /// <summary>What is done in the database; again at each start for whoever the list names and the database still opens.</summary>
    internal async Task EraseAsync(ClinicTx tx, PatientId patient, CancellationToken ct)
    {
        // Twice at most: a rotation may have been giving the patient a newer version while the first statement waited for it.
        while (await tx.ExecuteAsync("""
            update patient_key
            set wrapped = null, destroyed_at = @now
            where patient_id = @patient and wrapped is not null
            """, new { patient, now = tx.Now }, ct) > 0) { }
        tx.Queue("insert into patient_tombstone (patient_id, destroyed_at) values (@patient, @now) on conflict do nothing", new { patient, now = tx.Now });
        tx.Queue("delete from outbox where patient_id = @patient", new { patient });
        foreach (var trace in traces) tx.Queue(trace.Sql, new { patient });
        tx.Queue("delete from kept_answer", null);   // may hold anything that was answered within a day
        PatientRegister.Forget(tx, patient);
        tx.Audit(new("patient_key.destroyed", "patient", patient.Value, Purpose.PatientRequest), patient);
    }
}
