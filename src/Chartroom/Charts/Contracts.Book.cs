using System.Text.Json;
using Chartroom.Orders;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>An entry to be written.</summary>
public sealed record NewEntry(EntryId Id, PatientId Patient, Entry Content)
{
    public EntryId? Encounter { get; init; }
    public StaffId? Author { get; init; }
    public EntryState State { get; init; } = EntryState.Final;
    /// <summary>Of a result: it waits until a provider has seen it.</summary>
    public bool AsksToBeSeen { get; init; }
    /// <summary>Of a result: the order it answers, of the same patient.</summary>
    public OrderId? Order { get; init; }
}

/// <summary>A new version of an entry.</summary>
/// <param name="Version">The version that the writer saw.</param>
public sealed record Amendment(EntryId Id, PatientId Patient, int Version, Entry Content, StaffId Author)
{
    public EntryState State { get; init; } = EntryState.Final;
}

/// <summary>Writes the chart inside the caller's clinic transaction, whose opened patient key is the proof that an audit event was taken down.</summary>
public static class ChartBook
{
    /// <summary>Where an entry's content is sealed: row and version, so an older version can't be put back in the place of a newer one.</summary>
    public static Cell CellOf(EntryId id, int version) => new("entry", $"content.{version}", id.Value);

    /// <summary>Opens one entry's content.</summary>
    public static Entry Open(PatientKey key, EntryId id, int version, byte[] content) =>
        JsonSerializer.Deserialize<Entry>(key.OpenBytes(content, CellOf(id, version)), ChartJson.Compact)
        ?? throw new JsonException("An entry's content is null.");

    internal static byte[] Seal(PatientKey key, EntryId id, int version, Entry content) =>
        key.SealBytes(JsonSerializer.SerializeToUtf8Bytes(content, ChartJson.Compact), CellOf(id, version));

    /// <summary>Puts a new entry into the chart; goes out with the next statement. An encounter of another patient fails in the database
    /// (<c>entry_encounter_fkey</c>).</summary>
    public static void Add(ClinicTx tx, PatientKey key, NewEntry entry) => tx.Queue(Insert, Values(tx, key, entry));

    private const string Insert = """
        insert into entry (id, patient_id, kind, encounter_id, effective_at, state, author_id, content, key_version, recorded_at, order_id, to_see)
        values (@id, @patient, @kind, @encounter, @effectiveAt, @state, @author, @content, @keyVersion, @now, @order, @toSee)
        """;

    private const string InsertUnlessThere = Insert + "\non conflict on constraint entry_pkey do nothing";

    private static object Values(ClinicTx tx, PatientKey key, NewEntry entry) => new
    {
        entry.Id, entry.Patient, entry.Content.Kind, entry.Encounter, effectiveAt = entry.Content.At?.Earliest, entry.State, entry.Author,
        content = Seal(key, entry.Id, 1, entry.Content), keyVersion = key.Version, now = tx.Now,
        entry.Order, toSee = entry is { AsksToBeSeen: true, Content: Entry.Result result } ? ResultFlags.ToSee(result) : null,
    };

    /// <summary>Puts an encounter into the chart unless one of that id is there; goes out with the next statement. A visit's encounter has the visit's own id.</summary>
    public static void AddUnlessThere(ClinicTx tx, PatientKey key, NewEntry entry) => tx.Queue(InsertUnlessThere, Values(tx, key, entry));

    /// <summary>Replaces an entry's content, keeping what it said. Answers the new version; refused when somebody was faster
    /// (<c>charts.stale-entry</c>) or the entry is not there, put away, or of another kind.</summary>
    public static async Task<Outcome<int>> AmendAsync(ClinicTx tx, PatientKey key, Amendment amendment, CancellationToken ct)
    {
        var next = amendment.Version + 1;
        var kept = await tx.ExecuteAsync(AmendKeepingTheOld, new
        {
            amendment.Id, amendment.Patient, amendment.Version, next, amendment.Content.Kind, effectiveAt = amendment.Content.At?.Earliest,
            amendment.State, amendment.Author, content = Seal(key, amendment.Id, next, amendment.Content), keyVersion = key.Version, now = tx.Now,
            toSee = amendment.Content is Entry.Result result ? ResultFlags.ToSee(result) : null,
        }, ct);
        if (kept == 1) return next;
        var current = await tx.QueryOneOrNoneAsync<int?>(
            """
            select version
            from entry
            where id = @id and patient_id = @patient and kind = @kind and deleted_at is null
            """, new { amendment.Id, amendment.Patient, amendment.Content.Kind }, ct);
        return current is { } version ? Refusals.StaleEntry.With("currentVersion", version) : Refusals.NoSuchEntry;
    }

    /// <summary>Both halves see the row as it was before: the second copies what the first replaces. A second writer waits for the row and
    /// then finds another version.</summary>
    private const string AmendKeepingTheOld = """
        with amended as (
            update entry
            set version = @next, effective_at = @effectiveAt, state = @state, author_id = @author, content = @content, key_version = @keyVersion,
                recorded_at = @now, to_see = case when to_see is not null then @toSee end,
                seen_version = case when to_see is not null and @toSee is not null then seen_version end
            where id = @id and patient_id = @patient and kind = @kind and version = @version and deleted_at is null
            returning id
        )
        insert into entry_version (entry_id, version, patient_id, encounter_id, effective_at, state, author_id, content, key_version, recorded_at)
        select entry.id, entry.version, entry.patient_id, entry.encounter_id, entry.effective_at, entry.state, entry.author_id, entry.content,
            entry.key_version, entry.recorded_at
        from entry
        join amended on amended.id = entry.id
        """;
}
