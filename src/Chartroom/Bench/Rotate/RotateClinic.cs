using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Bench;

/// <summary>The scratch clinic of <c>bench rotate</c>: patients with about a hundred entries each, all reading <see cref="Words"/>.</summary>
internal sealed class RotateClinic(TenantDb db, Actor actor)
{
    public const int EntriesEach = 99;
    private const int PatientsAtOnce = 20;   // as many as a step of the rotation seals anew
    private static readonly Entry Note = new Entry.Problem { Code = new() { Text = "Asthma" } };

    /// <summary>All patients, in the order of their keys.</summary>
    public async Task<List<PatientId>> PatientsAsync(CancellationToken ct)
    {
        await using var tx = await BeginAsync("patient.counted", ct);
        var patients = await tx.QueryAsync<PatientId>("select id from patient order by id", null, ct);
        await tx.CommitAsync(ct);
        return patients;
    }

    /// <summary>Enters patients until there are so many sealed values: a patient's own and its entries'.</summary>
    public async Task FillAsync(long cells, CancellationToken ct)
    {
        var missing = (cells / (EntriesEach + 1)) - (await PatientsAsync(ct)).Count;
        await Parallel.ForAsync(0, missing, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = ct }, async (_, stop) => await EnterAsync(EntriesEach, stop));
    }

    public async Task<PatientId> EnterAsync(int entries, CancellationToken ct)
    {
        await using var tx = await BeginAsync("bench.filled", ct);
        var patient = (await PatientRegister.CreateAsync(tx, new() { Names = [new() { Given = ["Jo"], Family = "Bench" }] }, "patient.created", ct)).Value.Id;
        var key = await tx.OpenPatientAsync(patient, new("entry.added", "entry"), ct) ?? throw new InvalidOperationException("A patient just entered has a key.");
        for (var entry = 0; entry < entries; entry++) ChartBook.Add(tx, key, new(EntryId.New(), patient, Note));
        await tx.CommitAsync(ct);
        return patient;
    }

    /// <summary>Adds one entry.</summary>
    public async Task WriteAsync(PatientId patient, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.EditCharts, ct);
        var key = await tx.OpenPatientAsync(patient, new("entry.added", "entry"), ct) ?? throw new UnreadableException();
        ChartBook.Add(tx, key, new(EntryId.New(), patient, Note));
        await tx.CommitAsync(ct);
    }

    /// <summary>Reads all that some patients have; answers how many sealed values that was.</summary>
    /// <exception cref="UnreadableException">Something did not open, or does not say what was written.</exception>
    public async Task<long> ReadAsync(IReadOnlyCollection<PatientId> patients, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        var keys = await tx.OpenPatientsAsync(patients, new("chart.opened", "patient"), ct);
        var names = await PatientRegister.NamesAsync(tx, patients, new("patient.read", "patient"), ct);
        var rows = await tx.QueryAsync<Row>("select id, patient_id, version, content from entry where patient_id = any(@patients)", new { patients = patients.ToArray() }, ct);
        if (keys.Count < patients.Count || names.Count < patients.Count) throw new UnreadableException();
        foreach (var row in rows)
            if (ChartBook.Open(keys[row.PatientId], row.Id, row.Version, row.Content) is not Entry.Problem { Code.Text: "Asthma" }) throw new UnreadableException();
        await tx.CommitAsync(ct);
        return rows.Count + names.Count;
    }

    /// <summary>Reads everything; answers how many values there are.</summary>
    public async Task<long> ReadAllAsync(CancellationToken ct)
    {
        var count = 0L;
        foreach (var some in (await PatientsAsync(ct)).Chunk(PatientsAtOnce)) count += await ReadAsync(some, ct);
        return count;
    }

    /// <summary>Writes each row back as it is, so many patients a transaction as the rotation takes: what the database alone needs for as many changed rows.</summary>
    public async Task UpdateAllAsync(CancellationToken ct)
    {
        foreach (var patients in (await PatientsAsync(ct)).Chunk(PatientsAtOnce))
        {
            await using var tx = await BeginAsync("bench.updated", ct);
            tx.Queue("update patient set demographics = demographics, key_version = key_version where id = any(@patients)", new { patients });
            tx.Queue("update entry set content = content, key_version = key_version where patient_id = any(@patients)", new { patients });
            await tx.CommitAsync(ct);
        }
    }

    /// <summary>What a finished rotation must have left none of: values under a version that is not the patient's, that version itself, older keys.</summary>
    public async Task<Leftovers> LeftoversAsync(CancellationToken ct)
    {
        await using var tx = await BeginAsync("bench.counted", ct);
        var left = await tx.QueryOneOrNoneAsync<Leftovers>("""
            select (select count(*) from entry where not exists
                    (select from patient_key where patient_key.patient_id = entry.patient_id and patient_key.version = entry.key_version and superseded_at is null))
                + (select count(*) from patient where not exists
                    (select from patient_key where patient_key.patient_id = patient.id and patient_key.version = patient.key_version and superseded_at is null))
                + (select count(*) from entry where get_byte(content, 4) <> key_version % 256)
                + (select count(*) from patient where get_byte(demographics, 4) <> key_version % 256) as cells,
                (select count(*) from patient_key where superseded_at is not null)
                + (select count(*) - 1 from clinic_key where purpose = 'data')
                + (select count(*) from patient_key where clinic_key_version < (select max(version) from clinic_key where purpose = 'data')) as keys
            """, null, ct);
        await tx.CommitAsync(ct);
        return left!;   // one row always
    }

    private async Task<ClinicTx> BeginAsync(string action, CancellationToken ct)
    {
        var tx = await db.BeginAsync(actor, Permission.EditPatients, ct);
        tx.Audit(new(action, "patient", Purpose: Platform.Audit.Purpose.Operations));
        return tx;
    }

    private sealed record Row(EntryId Id, PatientId PatientId, int Version, byte[] Content);
}

/// <summary>What is left of old keys.</summary>
/// <param name="Cells">Values not sealed under their patient's newest key.</param>
/// <param name="Keys">Old versions of keys, the clinic's and patients'.</param>
internal sealed record Leftovers(long Cells, long Keys);

/// <summary>Something that was written cannot be read.</summary>
internal sealed class UnreadableException() : InvalidOperationException("A patient or an entry could not be read.");
