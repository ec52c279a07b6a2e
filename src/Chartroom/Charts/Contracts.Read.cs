using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>What an entry says, or said, in one of its versions.</summary>
/// <param name="Author">Who wrote this version here; null when another system did.</param>
public sealed record EntryVersion(int Version, Entry Content, string? Author, DateTimeOffset RecordedAt);

/// <summary>An entry as it stands in the chart.</summary>
/// <param name="Encounter">The entry that is its encounter.</param>
public sealed record StandingEntry(EntryId Id, EntryId? Encounter, Entry Content);

/// <summary>Reads the chart inside the caller's clinic transaction, whose opened patient key is the proof that an audit event was taken down.</summary>
public static class ChartReading
{
    /// <summary>What counts of the given kinds, newest first.</summary>
    public static async Task<IReadOnlyList<Entry>> CurrentAsync(ClinicTx tx, PatientKey key, EntryKind[] kinds, CancellationToken ct) =>
        [.. (await ChartReads.ChartAsync(tx, key.Patient, kinds, ct)).Where(row => row.Content is not null).Select(row => row.Open(key).Content)];

    /// <summary>The whole chart with its links, newest first: everything that counts.</summary>
    public static async Task<IReadOnlyList<StandingEntry>> WholeAsync(ClinicTx tx, PatientKey key, CancellationToken ct) =>
        [.. (await ChartReads.ChartAsync(tx, key.Patient, Enum.GetValues<EntryKind>(), ct)).Select(row => row.Open(key)).Select(row => new StandingEntry(row.Id, row.Encounter, row.Content))];

    /// <summary>An entry in all its versions, newest first; empty when there is none.</summary>
    public static async Task<IReadOnlyList<EntryVersion>> VersionsAsync(ClinicTx tx, PatientKey key, EntryId id, CancellationToken ct)
    {
        if (await ChartReads.OneAsync(tx, key.Patient, id, ct) is not { } now) return [];
        var before = await ChartReads.VersionsAsync(tx, key.Patient, id, ct);
        return [.. before.Prepend(now).Select(row => row.Open(key)).Select(entry => new EntryVersion(entry.Version, entry.Content, entry.Author, entry.RecordedAt))];
    }
}
