using System.Security.Cryptography;
using System.Text.Json;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>An entry as another system knows it.</summary>
/// <param name="Key">The other system's name for it, the same in each of its exports; unique within the patient.</param>
/// <param name="EncounterKey">That system's name for its encounter.</param>
public sealed record SourcedEntry(string Key, Entry Content, string? EncounterKey);

/// <summary>What became of a sourced entry. Kept: it was amended here since it came, and what a clinician wrote is not overwritten by a file; or it was put away or ended for good.</summary>
public enum Merged { Added, Changed, Unchanged, Kept }

/// <summary>Brings another system's entries into one patient's chart: new ones are added, changed ones get a new version, the same change nothing.</summary>
public static class ChartMerge
{
    /// <summary>Two round trips at most, whatever the number of entries; the second goes out with the caller's next statement or commit.</summary>
    /// <param name="isNew">True for a patient created in this transaction, who has no entries to look for.</param>
    /// <returns>What became of each entry, in the order given.</returns>
    public static async Task<IReadOnlyList<Merged>> MergeAsync(
        ClinicTx tx, PatientKey key, IReadOnlyList<SourcedEntry> entries, bool isNew, CancellationToken ct)
    {
        var names = new SourceNames(tx, key.Patient);
        var (known, ended) = isNew ? ([], []) : await KnownAsync(tx, key, names.Of(entries), ct);
        var byKey = known.ToDictionary(row => row.SourceKey);
        var ids = entries.Select(entry => names.Of(entry.Key)).Distinct().Where(name => byKey.ContainsKey(name) || !ended.Contains(name))
            .ToDictionary(name => name, name => byKey.TryGetValue(name, out var row) ? row.Id : EntryId.New());
        foreach (var row in known) ids.TryAdd(row.SourceKey, row.Id);

        var (added, changed, outcome) = (new Rows(), new Rows(), new List<Merged>(entries.Count));
        foreach (var entry in entries)
        {
            var name = names.Of(entry.Key);
            var written = JsonSerializer.SerializeToUtf8Bytes(entry.Content, ChartJson.Compact);
            var hash = tx.Blind("entry.content_hash", $"{entry.EncounterKey}|{Convert.ToHexString(SHA256.HashData(written))}");
            var before = byKey.GetValueOrDefault(name);
            var what = before is null && ended.Contains(name) ? Merged.Kept : Decide(before, hash);
            outcome.Add(what);
            if (what is not (Merged.Added or Merged.Changed)) continue;
            EntryId? encounter = entry.EncounterKey is { } visit && ids.TryGetValue(names.Of(visit), out var id) ? id : null;
            (what == Merged.Added ? added : changed).Add(
                key, new(ids[name], (before?.Version ?? 0) + 1, encounter, name, hash), Linked(entry.Content, reference => ids.TryGetValue(names.Of(reference), out var to) ? to : null), written);
        }

        if (added.Count > 0) tx.Queue(InsertMany, added.Arguments(key, tx.Now));
        if (changed.Count > 0) tx.Queue(AmendMany, changed.Arguments(key, tx.Now));
        return outcome;
    }

    /// <summary>What of it stands in the chart, and the names of what ended for good. In this order: who destroys one at the same time is waited for, and then seen.</summary>
    private static async Task<(List<Known> Known, HashSet<long> Ended)> KnownAsync(ClinicTx tx, PatientKey key, long[] keys, CancellationToken ct)
    {
        var known = tx.Ask<Known>(SelectKnown, new { patient = key.Patient, keys });
        var ended = await tx.QueryAsync<long>(SelectEnded, new { patient = key.Patient, keys }, ct);
        return (await known.ReadAsync(ct), [.. ended]);
    }

    internal static Merged Decide(Known? before, long hash) => before switch
    {
        null => Merged.Added,
        { DeletedAt: not null } => Merged.Kept,
        _ when before.ContentHash == hash => Merged.Unchanged,
        { AuthorId: not null } => Merged.Kept,
        _ => Merged.Changed,
    };

    /// <summary>The same content with its references to other entries led to their rows.</summary>
    private static Entry Linked(Entry content, Func<string, EntryId?> find)
    {
        IReadOnlyList<EntryReference> Lead(IReadOnlyList<EntryReference> references) =>
            [.. references.Select(reference => reference.Key is { } key && find(key) is { } id ? reference with { Id = id.Value } : reference)];
        return content switch
        {
            Entry.Report { Results.Count: > 0 } report => report with { Results = Lead(report.Results) },
            Entry.Result { Members.Count: > 0 } result => result with { Members = Lead(result.Members) },
            _ => content,
        };
    }

    internal sealed record Known(EntryId Id, long SourceKey, long ContentHash, int Version, StaffId? AuthorId, DateTimeOffset? DeletedAt);

    private readonly record struct Place(EntryId Id, int Version, EntryId? Encounter, long SourceKey, long Hash);

    /// <summary>Blind indexes of the names of one patient's resources, each computed once.</summary>
    private sealed class SourceNames(ClinicTx tx, PatientId patient)
    {
        private readonly Dictionary<string, long> known = new(StringComparer.Ordinal);

        public long Of(string key) =>
            known.TryGetValue(key, out var name) ? name : known[key] = tx.Blind("entry.source_key", $"{patient.Value:N}|{key}");

        /// <summary>All that the entries name: themselves, their encounters and what they refer to.</summary>
        public long[] Of(IReadOnlyList<SourcedEntry> entries)
        {
            foreach (var entry in entries)
            {
                Of(entry.Key);
                if (entry.EncounterKey is { } encounter) Of(encounter);
                foreach (var reference in entry.Content is Entry.Report report ? report.Results : entry.Content is Entry.Result result ? result.Members : [])
                    if (reference.Key is { } to) Of(to);
            }
            return [.. known.Values];
        }
    }

    /// <summary>Rows on their way to the database, column by column.</summary>
    private sealed class Rows
    {
        private readonly List<Place> places = [];
        private readonly List<(string Kind, DateTimeOffset? At, string State, Entry Content)> heads = [];
        private readonly List<byte[]> contents = [];

        public int Count => places.Count;

        public void Add(PatientKey key, Place place, Entry content, byte[] written)
        {
            places.Add(place);
            heads.Add((content.Kind.ToString().ToLowerInvariant(), content.At?.Earliest.ToUniversalTime(), content.IsEnteredInError ? "entered_in_error" : "final", content));
            var cell = ChartBook.CellOf(place.Id, place.Version);
            contents.Add(content is Entry.Report or Entry.Result ? ChartBook.Seal(key, place.Id, place.Version, content) : key.SealBytes(written, cell));
        }

        public object Arguments(PatientKey key, DateTimeOffset now) => new
        {
            patient = key.Patient,
            ids = places.Select(place => place.Id.Value).ToArray(),
            kinds = heads.Select(head => head.Kind).ToArray(),
            encounters = places.Select(place => place.Encounter?.Value).ToArray(),
            effective = heads.Select(head => head.At).ToArray(),
            states = heads.Select(head => head.State).ToArray(),
            toSee = heads.Select(head => head.Content is Entry.Result result && ResultFlags.IsNews(result, now) ? ResultFlags.ToSee(result) : null).ToArray(),
            keys = places.Select(place => place.SourceKey).ToArray(),
            hashes = places.Select(place => place.Hash).ToArray(),
            contents = contents.ToArray(),
            keyVersion = key.Version,
            now,
        };
    }

    private const string SelectKnown = """
        select id, source_key, content_hash, version, author_id, deleted_at
        from entry
        where patient_id = @patient and source_key = any(@keys)
        for update
        """;

    private const string SelectEnded = """
        select source_key
        from entry_destruction
        where patient_id = @patient and source_key = any(@keys)
        """;

    private const string InsertMany = """
        insert into entry (id, patient_id, kind, encounter_id, effective_at, state, source_key, content_hash, content, key_version, recorded_at, to_see)
        select incoming.id, @patient, incoming.kind, incoming.encounter_id, incoming.effective_at, incoming.state, incoming.source_key,
            incoming.content_hash, incoming.content, @keyVersion, @now, incoming.to_see
        from unnest(@ids, @kinds, @encounters, @effective, @states, @keys, @hashes, @contents, @toSee)
            as incoming (id, kind, encounter_id, effective_at, state, source_key, content_hash, content, to_see)
        """;

    /// <summary>The old rows are read before they are replaced: both halves of the statement see the same snapshot.</summary>
    private const string AmendMany = """
        with incoming as (
            select incoming.id, incoming.kind, incoming.encounter_id, incoming.effective_at, incoming.state, incoming.source_key,
                incoming.content_hash, incoming.content, incoming.to_see
            from unnest(@ids, @kinds, @encounters, @effective, @states, @keys, @hashes, @contents, @toSee)
                as incoming (id, kind, encounter_id, effective_at, state, source_key, content_hash, content, to_see)
        ), amended as (
            update entry
            set version = entry.version + 1, kind = incoming.kind, encounter_id = incoming.encounter_id, effective_at = incoming.effective_at,
                state = incoming.state, content_hash = incoming.content_hash, content = incoming.content, key_version = @keyVersion,
                recorded_at = @now, to_see = incoming.to_see, seen_version = case when incoming.to_see is not null then entry.seen_version end
            from incoming
            where entry.id = incoming.id and entry.patient_id = @patient
            returning entry.id
        )
        insert into entry_version (entry_id, version, patient_id, encounter_id, effective_at, state, author_id, content, key_version, recorded_at)
        select entry.id, entry.version, entry.patient_id, entry.encounter_id, entry.effective_at, entry.state, entry.author_id, entry.content,
            entry.key_version, entry.recorded_at
        from entry
        join amended on amended.id = entry.id
        """;
}
