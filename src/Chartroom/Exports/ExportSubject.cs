namespace Chartroom.Exports;

/// <summary>What can be taken out at once, as one file.</summary>
/// <param name="Name">Its file's name without the ending.</param>
/// <param name="Tables">What of the data register it holds.</param>
internal sealed record ExportSubject(string Name, params IReadOnlyList<string> Tables)
{
    public static readonly ExportSubject Patients = new("patients", "patient"), Entries = new("entries", "entry"), Audit = new("audit", "audit_event", "platform.audit_event");

    public static readonly IReadOnlyList<ExportSubject> All = [Patients, Entries, Audit, .. ExportTables.All.Select(table => new ExportSubject(table.Name, table.Table) { AsItStands = table })];

    /// <summary>What the register wants exported and no file holds, with the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> Exceptions = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["platform.person"] = "An account is its person's, who may work for several clinics; name and role leave with staff and membership.",
    };

    /// <summary>The table, when it leaves as it stands.</summary>
    public ExportTable? AsItStands { get; init; }
}
