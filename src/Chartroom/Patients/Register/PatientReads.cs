using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Patients;

/// <summary>Reading patients, each reading with its event.</summary>
internal static class PatientReads
{
    public static async Task<PatientRecord?> ReadAsync(ClinicTx tx, PatientId id, Access access, CancellationToken ct)
    {
        var asked = tx.Ask<PatientRow>("""
            select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.created_at, patient.updated_at,
                (select clinic.time_zone from platform.clinic) as time_zone
            from patient
            where patient.id = @id and patient.deleted_at is null
            """, new { id });
        tx.AskKeys([id]);
        if ((await asked.ReadAsync(ct)).SingleOrDefault() is not { } row) return null;
        return await tx.OpenPatientAsync(id, access, ct) is { } key ? row.Open(key, tx.Now) : null;
    }

    /// <summary>A patient who is here or was put away, with their key.</summary>
    public static async Task<(PatientRecord Patient, Platform.Vault.PatientKey Key)?> ReadOnRecordAsync(ClinicTx tx, PatientId id, Access access, CancellationToken ct)
    {
        var asked = tx.Ask<PatientRow>("""
            select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.created_at, patient.updated_at,
                patient.put_away_by, patient.put_away_reason, patient.deleted_at, staff.display_name as put_away_name, (select clinic.time_zone from platform.clinic) as time_zone
            from patient
            left join staff on staff.id = patient.put_away_by
            where patient.id = @id and (patient.deleted_at is null or patient.put_away_by is not null)
            """, new { id });
        tx.AskKeys([id]);
        if ((await asked.ReadAsync(ct)).SingleOrDefault() is not { } row) return null;
        return await tx.OpenPatientAsync(id, access, ct) is { } key ? (row.Open(key, tx.Now), key) : null;
    }

    public static async Task<IReadOnlyDictionary<PatientId, PatientLine>> LinesAsync(
        ClinicTx tx, IReadOnlyCollection<PatientId> ids, Access access, bool withAway, CancellationToken ct)
    {
        if (ids.Count == 0)
        {
            tx.Audit(access);
            return new Dictionary<PatientId, PatientLine>();
        }
        var asked = tx.Ask<PatientRow>("""
            select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.created_at, patient.updated_at,
                patient.put_away_by, patient.put_away_reason, patient.deleted_at, staff.display_name as put_away_name, (select clinic.time_zone from platform.clinic) as time_zone
            from patient
            left join staff on staff.id = patient.put_away_by
            where patient.id = any(@ids) and (patient.deleted_at is null or (@withAway and patient.put_away_by is not null))
            """, new { ids = ids.ToArray(), withAway });
        tx.AskKeys(ids);
        var rows = await asked.ReadAsync(ct);
        var keys = await tx.OpenPatientsAsync([.. rows.Select(row => row.Id)], access, ct);
        return rows.Where(row => keys.ContainsKey(row.Id)).ToDictionary(row => row.Id, row => row.OpenLine(keys[row.Id], tx.Now));
    }

    /// <summary>Opens rows in their order; one event names them all. Rows whose key was destroyed are left out.</summary>
    public static async Task<List<PatientRecord>> OpenAllAsync(ClinicTx tx, IReadOnlyCollection<PatientRow> rows, Access access, CancellationToken ct)
    {
        var keys = await tx.OpenPatientsAsync([.. rows.Select(row => row.Id)], access, ct);
        return [.. rows.Where(row => keys.ContainsKey(row.Id)).Select(row => row.Open(keys[row.Id], tx.Now))];
    }

    public static async Task<PatientBatch> BatchAsync(ClinicTx tx, PatientId? after, int most, Access access, CancellationToken ct)
    {
        var rows = await tx.QueryAsync<PatientRow>("""
            select patient.id, patient.mrn, patient.state, patient.merged_into, patient.demographics, patient.version, patient.seen_at, patient.created_at, patient.updated_at,
                patient.put_away_by, patient.put_away_reason, patient.deleted_at, staff.display_name as put_away_name, (select clinic.time_zone from platform.clinic) as time_zone
            from patient
            left join staff on staff.id = patient.put_away_by
            where (@after::uuid is null or patient.id > @after) and (patient.deleted_at is null or patient.put_away_by is not null)
            order by patient.id
            limit @most
            """, new { after, most }, ct);
        return new(await OpenAllAsync(tx, rows, access, ct), rows.Count == most ? rows[^1].Id : null);
    }

    public static async Task<PatientId?> FindByIdentifierAsync(ClinicTx tx, string system, string value, CancellationToken ct)
    {
        var found = await tx.QueryAsync<PatientId>("""
            select patient.id
            from patient_identifier
            join patient on patient.id = patient_identifier.patient_id and patient.deleted_at is null
            where patient_identifier.blind = @blind
            """, new { blind = BlindOf(tx, system, value) }, ct);
        return found is [var id] ? id : null;
    }

    /// <summary>What the demographics were at a version before the present one; null when there was none. The patient must be open in the transaction.</summary>
    public static async Task<Demographics?> OldAsync(ClinicTx tx, PatientId id, int version, CancellationToken ct)
    {
        var document = await tx.QueryOneOrNoneAsync<byte[]>("""
            select patient_version.demographics
            from patient_version
            where patient_version.patient_id = @id and patient_version.version = @version
            """, new { id, version }, ct);
        if (document is null || await tx.OpenPatientAsync(id, new("patient.history-read", "patient", id.Value), ct) is not { } key) return null;
        return key.Open<Demographics>(document, PatientRow.CellOf(id, version));
    }

    /// <summary>The clinic's today.</summary>
    public static async Task<DateOnly> TodayAsync(ClinicTx tx, CancellationToken ct)
    {
        var zone = await tx.QueryOneOrNoneAsync<string>("select clinic.time_zone from platform.clinic", null, ct)
            ?? throw new InvalidOperationException("The clinic of this transaction has no row.");
        return DateOnly.FromDateTime(ClinicTime.Local(tx.Now, zone));
    }

    /// <summary>The number under which a record number of another system is found again.</summary>
    public static long BlindOf(ClinicTx tx, string system, string value) => tx.Blind("patient.identifier", $"{system.Trim()}\0{value.Trim()}");
}
