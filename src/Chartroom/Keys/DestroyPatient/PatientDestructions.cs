using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Keys;

/// <summary>Why a record shall end for good. A word of ours, so that no words of anybody stay behind.</summary>
internal enum DestructionReason { PatientRequest, KeptLongEnough, NobodyReal, Legal }

/// <summary>That somebody asked for the end of a record, and how far it is.</summary>
/// <param name="ConfirmedBy">Null while it is only asked for.</param>
/// <param name="DestroyedAt">Null until the key is gone; from then on nobody can read the record.</param>
public sealed record PatientDestruction(
    PatientId Patient, string Reason, StaffId AskedBy, string AskedName, DateTimeOffset AskedAt, StaffId? ConfirmedBy, string? ConfirmedName, DateTimeOffset? ConfirmedAt, DateTimeOffset? DestroyedAt);

/// <summary>A patient who is put away, and what was asked for; null when nothing was.</summary>
public sealed record PatientToDestroy(PatientLine Patient, PatientDestruction? Asked, bool HasOtherAdmin);

/// <summary>What was asked for and what was done, newest first.</summary>
/// <param name="Names">Of those who can still be read.</param>
/// <param name="Next">Ask with this as <c>before</c> for the part before; null at the end.</param>
public sealed record DestructionPart(IReadOnlyList<PatientDestruction> Destructions, IReadOnlyDictionary<PatientId, PatientLine> Names, PatientId? Next);

/// <summary>Reads what was asked for.</summary>
internal sealed class PatientDestructions(TenantDb db)
{
    internal const string Listed = "patient.destructions-listed", Read = "patient.destruction-read";
    private const int AtOnce = 50;

    /// <summary>One patient and what was asked for. Refuses <c>keys.no-key</c>, <c>keys.not-put-away</c>.</summary>
    public async Task<Outcome<PatientToDestroy>> OneAsync(PatientId patient, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        var asked = tx.Ask<PatientDestruction>(Select + " where destruction.patient_id = @patient", new { patient });
        var others = tx.Ask<bool>("select exists (select from staff where role = 'admin' and is_active and has_account and id <> @staff)", new { actor.Staff });
        var line = await LineAsync(tx, patient, Read, ct);
        if (!line.IsOk) return line.Refusal;
        await tx.CommitAsync(ct);
        return new PatientToDestroy(line.Value, (await asked.ReadAsync(ct)).SingleOrDefault(), (await others.ReadAsync(ct)).Single());
    }

    /// <summary>All of the clinic, for its administrators.</summary>
    public async Task<DestructionPart> ListAsync(PatientId? before, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ManageKeys, ct);
        var rows = await tx.QueryAsync<PatientDestruction>(Select + """

            where @before::uuid is null or (destruction.asked_at, destruction.patient_id) < (select asked_at, patient_id from patient_destruction where patient_id = @before)
            order by destruction.asked_at desc, destruction.patient_id desc
            limit @most
            """, new { before, most = AtOnce + 1 }, ct);
        List<PatientDestruction> shown = [.. rows.Take(AtOnce)];
        var names = await PatientRegister.NamesOnRecordAsync(tx, [.. shown.Where(it => it.DestroyedAt is null).Select(it => it.Patient)], new(Listed, "patient_destruction", Purpose: Purpose.Operations), ct);
        await tx.CommitAsync(ct);
        return new(shown, names, rows.Count > AtOnce ? shown[^1].Patient : null);
    }

    /// <summary>Who it is, inside the caller's transaction, with its event.</summary>
    internal static async Task<Outcome<PatientLine>> LineAsync(ClinicTx tx, PatientId patient, string action, CancellationToken ct)
    {
        var names = await PatientRegister.NamesOnRecordAsync(tx, [patient], new(action, "patient", patient.Value, Purpose.Operations), ct);
        if (!names.TryGetValue(patient, out var line)) return Refusals.NoKey;
        return line.Away is null ? Refusals.NotPutAway : line;
    }

    private const string Select = """
        select destruction.patient_id as patient, destruction.reason, destruction.asked_by, asker.display_name as asked_name, destruction.asked_at,
            destruction.confirmed_by, confirmer.display_name as confirmed_name, destruction.confirmed_at, tombstone.destroyed_at
        from patient_destruction as destruction
        join staff as asker on asker.id = destruction.asked_by
        left join staff as confirmer on confirmer.id = destruction.confirmed_by
        left join patient_tombstone as tombstone on tombstone.patient_id = destruction.patient_id
        """;
}
