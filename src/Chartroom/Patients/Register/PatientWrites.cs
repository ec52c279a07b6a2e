using System.Text.Json;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;

namespace Chartroom.Patients;

/// <summary>Entering and changing patients.</summary>
internal static class PatientWrites
{
    /// <summary>The next record number. Whoever enters patients takes turns here until the transaction ends; a number given up is given again.</summary>
    public static Task<long> TakeRecordNumberAsync(ClinicTx tx, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<long>("update counter set next = next + 1 where name = 'mrn' returning next - 1", null, ct);

    public static async Task<Outcome<NewPatient>> InsertAsync(ClinicTx tx, long mrn, Demographics patient, string action, CancellationToken ct)
    {
        var id = PatientId.New();
        var key = tx.NewPatient(id, new(action, "patient", id.Value));
        tx.Queue("""
            insert into patient (id, mrn, demographics, key_version, search, seen_at, created_at, updated_at)
            values (@id, @mrn, @demographics, @keyVersion, @search, @now, @now, @now)
            """, new
        {
            id,
            mrn,
            demographics = key.Seal(patient, PatientRow.CellOf(id, 1)),
            keyVersion = key.Version,
            search = SearchIndex.Of(tx, patient, mrn),
            now = tx.Now,
        });
        return await ClaimIdentifiersAsync(tx, id, patient, ct) ? new NewPatient(id, mrn) : Refusals.IdentifierTaken;
    }

    public static async Task<Outcome<int>> ReplaceAsync(ClinicTx tx, PatientRecord before, Demographics after, CancellationToken ct)
    {
        var id = before.Line.Id;
        if (before.Line.State == PatientState.Merged) return Refusals.Merged;
        if (await tx.OpenPatientAsync(id, new("patient.changed", "patient", id.Value), ct) is not { } key) return Refusals.Unknown;
        if (IsSame(before.Demographics, after)) return before.Version;
        var changed = await tx.ExecuteAsync(ReplaceKeepingTheOld, new
        {
            id,
            before.Version,
            next = before.Version + 1,
            demographics = key.Seal(after, PatientRow.CellOf(id, before.Version + 1)),
            keyVersion = key.Version,
            search = SearchIndex.Of(tx, after, before.Line.Mrn),
            now = tx.Now,
            tx.Actor.Person,
        }, ct);
        if (changed == 0) return Versions.Stale;
        tx.Announce(PatientRegister.Changed, id.ToString());
        tx.Queue("delete from patient_identifier where patient_id = @id", new { id });
        return await ClaimIdentifiersAsync(tx, id, after, ct) ? before.Version + 1 : Refusals.IdentifierTaken;
    }

    /// <summary>Puts a patient away, or brings them back with null, at a new version; all that is known of them is sealed anew for it. False when somebody was faster. Record numbers
    /// of other systems are let go of, so that these may name somebody else meanwhile, and claimed again: refuses <c>patients.identifier-taken</c>.</summary>
    public static async Task<Outcome<int>> TurnAsync(ClinicTx tx, PatientRecord before, Platform.Vault.PatientKey key, AwayReason? reason, CancellationToken ct)
    {
        var (id, next) = (before.Line.Id, before.Version + 1);
        var turned = await tx.ExecuteAsync(TurnKeepingTheOld, new
        {
            id, before.Version, next, demographics = key.Seal(before.Demographics, PatientRow.CellOf(id, next)), keyVersion = key.Version, now = tx.Now, tx.Actor.Person,
            by = reason is null ? (StaffId?)null : tx.Actor.Staff, reason = reason is { } why ? PatientRegister.NameOf(why) : null,
        }, ct);
        if (turned == 0) return Versions.Stale;
        tx.Announce(PatientRegister.Changed, id.ToString());
        tx.Queue("delete from patient_identifier where patient_id = @id", new { id });
        return reason is not null || await ClaimIdentifiersAsync(tx, id, before.Demographics, ct) ? next : Refusals.IdentifierTaken;
    }

    private const string TurnKeepingTheOld = """
        with turned as (
            update patient
            set version = @next, demographics = @demographics, key_version = @keyVersion, updated_at = @now, put_away_by = @by, put_away_reason = @reason,
                deleted_at = case when @by::uuid is null then null else @now::timestamptz end
            where id = @id and version = @version and is_here = (@by::uuid is not null)
            returning id
        )
        insert into patient_version (patient_id, version, demographics, key_version, replaced_at, replaced_by)
        select patient.id, patient.version, patient.demographics, patient.key_version, @now, @person
        from patient
        join turned on turned.id = patient.id
        """;

    public static bool IsSame(Demographics before, Demographics after) =>
        JsonSerializer.SerializeToUtf8Bytes(before).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(after));

    // Both halves see the row as it was before: the second copies what the first replaces. A second writer waits for the row, then finds another version.
    private const string ReplaceKeepingTheOld = """
        with replaced as (
            update patient
            set version = @next, demographics = @demographics, key_version = @keyVersion, search = @search, updated_at = @now
            where id = @id and version = @version and deleted_at is null
            returning id
        )
        insert into patient_version (patient_id, version, demographics, key_version, replaced_at, replaced_by)
        select patient.id, patient.version, patient.demographics, patient.key_version, @now, @person
        from patient
        join replaced on replaced.id = patient.id
        """;

    /// <summary>False when somebody else has one of the numbers. The primary key decides, so two imports at once cannot both make the patient.</summary>
    private static async Task<bool> ClaimIdentifiersAsync(ClinicTx tx, PatientId id, Demographics patient, CancellationToken ct)
    {
        var blinds = patient.Identifiers.Where(number => number.IsRecordNumber)
            .Select(number => PatientReads.BlindOf(tx, number.System!, number.Value)).Distinct().ToArray();   // a record number has a system
        if (blinds.Length == 0) return true;
        return await tx.ExecuteAsync("""
            insert into patient_identifier (blind, patient_id)
            select number.blind, @id
            from unnest(@blinds) as number (blind)
            on conflict on constraint patient_identifier_pkey do nothing
            """, new { id, blinds }, ct) == blinds.Length;
    }
}
