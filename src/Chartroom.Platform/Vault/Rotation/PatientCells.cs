using Chartroom.Platform.Tenancy;

namespace Chartroom.Platform.Vault;

/// <summary>All that is sealed in a clinic, column by column.</summary>
internal sealed class PatientCells(IReadOnlyList<SealedColumn> columns)
{
    private const int AtOnce = 500;

    private readonly SealedColumn[] ofPatients = [.. columns.Where(column => column.OfPatient is not null)];
    private readonly SealedColumn[] ofClinic = [.. columns.Where(column => column.OfPatient is null)];

    /// <summary>Seals anew what a patient has under older versions of the key; true when nothing of it is left.</summary>
    public async Task<bool> SealAnewAsync(ClinicTx tx, PatientKey key, CancellationToken ct)
    {
        var asked = Array.ConvertAll(ofPatients, column => (Column: column, Rows: tx.Ask<SealedCell>(column.Select, new { patient = key.Patient, key.Version, limit = AtOnce })));
        var isAll = true;
        foreach (var (column, rows) in asked)
        {
            var found = await rows.ReadAsync(ct);
            isAll &= found.Count < AtOnce;
            if (found.Count == 0) continue;
            var content = found.Select(cell => key.SealBytes(key.OpenBytes(cell.Content, column.CellOf(cell)), column.CellOf(cell))).ToArray();
            tx.Queue(column.Update, new { at = found.Select(cell => cell.At).ToArray(), content, key.Version });
        }
        return isAll;
    }

    /// <summary>Which of these patients still have something under that version or an older one.</summary>
    public async Task<HashSet<PatientId>> StillUnderAsync(ClinicTx tx, List<OldKey> old, CancellationToken ct)
    {
        var asked = old.SelectMany(it => ofPatients.Select(column =>
            (it.PatientId, Found: tx.Ask<bool>(column.Exists, new { patient = it.PatientId, version = it.Version + 1 })))).ToList();
        var used = new HashSet<PatientId>();
        foreach (var (patient, found) in asked)
            if ((await found.ReadAsync(ct)).Single()) used.Add(patient);
        return used;
    }

    /// <summary>The same for what is sealed under the clinic's own key; true when there may be more.</summary>
    public async Task<bool> SealClinicsAnewAsync(ClinicTx tx, CancellationToken ct)
    {
        var (keys, isMore) = (tx.Keys, false);
        foreach (var column in ofClinic)
        {
            var found = await tx.QueryAsync<SealedCell>(column.Select, new { version = keys.CurrentVersion, limit = AtOnce }, ct);
            isMore |= found.Count == AtOnce;
            if (found.Count == 0) continue;
            var content = found.Select(cell => keys.Seal(keys.Open(cell.Content, column.CellOf(cell)), column.CellOf(cell))).ToArray();
            await tx.ExecuteAsync(column.Update, new { at = found.Select(cell => cell.At).ToArray(), content, version = keys.CurrentVersion }, ct);
        }
        return isMore;
    }
}
