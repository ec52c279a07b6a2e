using System.ComponentModel.DataAnnotations;
using Chartroom.Cda;
using Chartroom.Charts;
using Chartroom.Patients;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Import;

/// <summary>Limits of imports; section <c>Import</c>.</summary>
public sealed class ImportSettings
{
    /// <summary>Largest file in bytes, packed and unpacked. About four times as much memory is used while it is read. Default 50 MB.</summary>
    [Range(1_000, 500_000_000, ErrorMessage = "LimitBytes is a number of bytes from 1000 to 500000000.")]
    public int LimitBytes { get; set; } = FhirBundle.DefaultLimitBytes;

    /// <summary>Files read at once in the whole program, so that a handful of large ones does not fill the memory. Default 2.</summary>
    [Range(1, 64, ErrorMessage = "AtOnce is a number of files from 1 to 64.")]
    public int AtOnce { get; set; } = 2;
}

/// <summary>Takes one file into the charts: all of it, or nothing and the reason why. A refused file leaves its audit row only.</summary>
public sealed class ImportFileHandler(TenantDb db, ImportSettings settings) : IDisposable
{
    private readonly SemaphoreSlim places = new(settings.AtOnce);

    /// <summary>Refuses <c>import.*</c>, and <c>patients.identifier-taken</c> when another import made the same patient meanwhile.</summary>
    /// <param name="file">JSON, XML or gzip of either; read to its end or to the limit, not closed.</param>
    /// <param name="lengthBytes">How long the sender says it is, or null: what is too large by its own word is not read at all.</param>
    public async Task<Outcome<ImportReport>> HandleAsync(Stream file, long? lengthBytes, Actor actor, CancellationToken ct)
    {
        if (lengthBytes > settings.LimitBytes) return await RefuseAsync(Refusals.TooLarge.With("limitBytes", settings.LimitBytes), actor, ct);
        await places.WaitAsync(ct);
        try
        {
            var read = await ReadAsync(file, ct);
            if (read.IsOk && Guid.TryParse(read.Value.Keeper, out var keeper) && keeper == actor.Clinic.Value) return await RefuseAsync(Refusals.OwnDocument, actor, ct);
            return read.IsOk ? await WriteOrJoinAsync(read.Value, actor, ct) : await RefuseAsync(read.Refusal, actor, ct);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    /// <summary>XML is a clinical document, everything else is tried as FHIR; the name and the sender's word for it do not count.</summary>
    private async Task<Outcome<ReadBundle>> ReadAsync(Stream file, CancellationToken ct)
    {
        var bytes = await BundleBytes.ReadAsync(file, settings.LimitBytes, ct);
        return !bytes.IsOk ? bytes.Refusal : CdaDocument.IsXml(bytes.Value.Span) ? CdaDocument.Read(bytes.Value, ct) : FhirBundle.Read(bytes.Value);
    }

    /// <summary>Two imports of one new patient, a double click for instance: the slower one finds the patient there at its second look.</summary>
    private async Task<Outcome<ImportReport>> WriteOrJoinAsync(ReadBundle bundle, Actor actor, CancellationToken ct)
    {
        var written = await WriteAsync(bundle, actor, ct);
        return written.Refusal?.Code == "patients.identifier-taken" ? await WriteAsync(bundle, actor, ct) : written;
    }

    private async Task<Outcome<ImportReport>> WriteAsync(ReadBundle bundle, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ImportRecords, ct);
        var (patients, tally) = (new List<ImportedPatient>(), new ImportTally());
        foreach (var patient in bundle.Patients)
        {
            var written = await WriteAsync(tx, patient, tally, ct);
            if (!written.IsOk) return written.Refusal;
            patients.Add(written.Value);
        }
        tx.Audit(new("import.taken", "import", null, Purpose.Operations), [.. patients.Select(patient => patient.Id)]);
        await tx.CommitAsync(ct);
        return new ImportReport { Patients = patients, Types = tally.Report(bundle.Types) };
    }

    private static async Task<Outcome<ImportedPatient>> WriteAsync(ClinicTx tx, ReadPatient patient, ImportTally tally, CancellationToken ct)
    {
        var person = await FindOrCreateAsync(tx, patient, ct);
        if (!person.IsOk) return person.Refusal;
        var (id, what) = person.Value;
        tally.Count("Patient", what);
        if (patient.Demographics.Coverages.Count is > 0 and var covers) tally.Count("Coverage", what, covers);

        var access = new Access("chart.imported", "patient", id.Value, Purpose.Operations);
        var key = await tx.OpenPatientAsync(id, access, ct) ?? throw new InvalidOperationException("A patient was found whose key is gone.");
        var merged = await ChartMerge.MergeAsync(tx, key, [.. patient.Entries.Select(entry => entry.Entry)], what == Merged.Added, ct);
        for (var at = 0; at < merged.Count; at++) tally.Count(patient.Entries[at].Type, merged[at]);
        if (LastVisit(patient, tx.Now) is { } seen) PatientRegister.Seen(tx, id, seen);
        return new ImportedPatient(id, what == Merged.Added);
    }

    /// <summary>The patient by the sender's record numbers. Demographics that were changed here stay: the desk knows better than an old file.</summary>
    private static async Task<Outcome<(PatientId Id, Merged What)>> FindOrCreateAsync(ClinicTx tx, ReadPatient patient, CancellationToken ct)
    {
        var known = await FindAsync(tx, patient.Demographics, ct);
        if (known.Count > 1) return Refusals.IdentityConflict.On(patient.Where, "has record numbers of several patients");
        if (known.Count == 0)
        {
            var created = await PatientRegister.CreateAsync(tx, patient.Demographics, "patient.created", ct);
            return created.IsOk ? (created.Value.Id, Merged.Added) : created.Refusal;
        }
        var access = new Access("patient.imported", "patient", known[0].Value, Purpose.Operations);
        var before = await PatientRegister.ReadAsync(tx, known[0], access, ct) ?? throw new InvalidOperationException("A patient was found who can't be read.");
        if (PatientRegister.IsSame(before.Demographics, patient.Demographics)) return (known[0], Merged.Unchanged);
        if (IsSomebodyElse(before.Demographics, patient.Demographics)) return Refusals.IdentityConflict.On(patient.Where, "has the record number of a patient of another name, born on another day");
        if (before.Version > 1) return (known[0], Merged.Kept);
        var replaced = await PatientRegister.ReplaceAsync(tx, before, patient.Demographics, ct);
        return replaced.IsOk ? (known[0], Merged.Changed) : replaced.Refusal;
    }

    /// <summary>Another family name and another day of birth under one record number: the sender's mistake, or two systems that count alike. A wrong match would mix two charts.</summary>
    private static bool IsSomebodyElse(Demographics known, Demographics sent) =>
        known.BirthDate?.Text is { } born && sent.BirthDate?.Text is { } other && born != other && known.LeadName?.Family is { } family && sent.LeadName?.Family is { } name
        && !string.Equals(family, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Who is put away is nobody's match, also while it is happening: their numbers name somebody new.</summary>
    private static async Task<List<PatientId>> FindAsync(ClinicTx tx, Demographics patient, CancellationToken ct)
    {
        var found = new HashSet<PatientId>();
        foreach (var number in patient.Identifiers.Where(number => number.IsRecordNumber))   // seldom more than two
            if (await PatientRegister.FindByIdentifierAsync(tx, number.System!, number.Value, ct) is { } id && await PatientRegister.HoldAsync(tx, id, ct)) found.Add(id);   // a record number has a system
        return [.. found];
    }

    private static DateTimeOffset? LastVisit(ReadPatient patient, DateTimeOffset now) => patient.Entries
        .Select(entry => entry.Entry.Content).OfType<Entry.Encounter>().Select(visit => visit.At?.Earliest).Where(at => at <= now).Max();

    private async Task<Refusal> RefuseAsync(Refusal refusal, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.ImportRecords, ct);
        tx.Audit(new("import.refused", "import", null, Purpose.Operations));
        await tx.CommitAsync(ct);
        return refusal;
    }
}
