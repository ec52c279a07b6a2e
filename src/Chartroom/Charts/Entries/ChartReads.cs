using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Charts;

/// <summary>An entry of an opened chart.</summary>
public sealed record ChartEntry
{
    public required EntryId Id { get; init; }
    public required int Version { get; init; }
    public required EntryState State { get; init; }
    public EntryId? Encounter { get; init; }
    public DateTimeOffset? EffectiveAt { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    /// <summary>Who wrote this version here; null when another system did.</summary>
    public string? Author { get; init; }
    /// <summary>The same by key.</summary>
    public StaffId? AuthorId { get; init; }
    /// <summary>True for a result that no provider has seen in this version.</summary>
    public bool IsUnseen { get; init; }
    /// <summary>True for what came from another system and has its name there.</summary>
    public bool IsImported { get; init; }
    public required Entry Content { get; init; }
}

/// <summary>A row of <c>entry</c> or <c>entry_version</c>, still sealed; without content when that was not asked for.</summary>
internal sealed record EntryRow
{
    public required EntryId Id { get; init; }
    public required int Version { get; init; }
    public required string Kind { get; init; }
    public required string State { get; init; }
    public EntryId? EncounterId { get; init; }
    public DateTimeOffset? EffectiveAt { get; init; }
    public required DateTimeOffset RecordedAt { get; init; }
    public string? Author { get; init; }
    public StaffId? AuthorId { get; init; }
    public bool IsUnseen { get; init; }
    public bool IsImported { get; init; }
    public byte[]? Content { get; init; }

    public ChartEntry Open(PatientKey key) => new()
    {
        Id = Id,
        Version = Version,
        State = Enum.Parse<EntryState>(State.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
        Encounter = EncounterId,
        EffectiveAt = EffectiveAt,
        RecordedAt = RecordedAt,
        Author = Author,
        AuthorId = AuthorId,
        IsUnseen = IsUnseen,
        IsImported = IsImported,
        Content = ChartBook.Open(key, Id, Version, Content ?? throw new InvalidOperationException("The entry was read without its content.")),
    };
}

/// <summary>How much of a chart is opened: of a long one a page shows only some, and what is not shown stays sealed.</summary>
/// <param name="All">Kinds of which everything is opened.</param>
/// <param name="Few">Kinds of which the newest are.</param>
/// <param name="Most">How many of each of those.</param>
internal sealed record ChartExtent(IReadOnlyList<EntryKind> All, IReadOnlyList<EntryKind> Few, int Most)
{
    /// <summary>Of how many times vital signs are opened, the newest; null for every time.</summary>
    public int? Takings { get; init; }
}

/// <summary>Reading entries; the caller has opened the patient, and so written the event.</summary>
internal static class ChartReads
{
    /// <summary>Everything that counts, newest first; the content of the kinds asked for only.</summary>
    public static Task<List<EntryRow>> ChartAsync(ClinicTx tx, PatientId patient, IEnumerable<EntryKind> opened, CancellationToken ct) =>
        AskChart(tx, patient, new(opened.ToArray(), [], 0)).ReadAsync(ct);

    /// <summary>The same with the next round trip.</summary>
    public static AskedRows<EntryRow> AskChart(ClinicTx tx, PatientId patient, ChartExtent extent) => tx.Ask<EntryRow>(
        """
        select entry.id, entry.version, entry.kind, entry.state, entry.encounter_id, entry.effective_at, entry.recorded_at,
            staff.display_name as author, entry.author_id, entry.to_see is not null and entry.seen_version is distinct from entry.version as is_unseen,
            case when (entry.kind = any(@kinds)
                    and (entry.kind <> 'vital' or @takings::int is null or dense_rank() over (partition by entry.kind order by entry.effective_at desc nulls last) <= @takings))
                or (entry.kind = any(@few) and row_number() over (partition by entry.kind order by entry.effective_at desc nulls last, entry.id desc) <= @most) then entry.content end as content
        from entry
        left join staff on staff.id = entry.author_id
        where entry.patient_id = @patient and entry.deleted_at is null and entry.state <> 'entered_in_error'
        order by entry.effective_at desc nulls last, entry.id desc
        """, new { patient, kinds = Names(extent.All), few = Names(extent.Few), extent.Most, extent.Takings });

    private static string[] Names(IEnumerable<EntryKind> kinds) => [.. kinds.Select(kind => kind.ToString().ToLowerInvariant())];

    public static Task<EntryRow?> OneAsync(ClinicTx tx, PatientId patient, EntryId id, CancellationToken ct) => tx.QueryOneOrNoneAsync<EntryRow>(
        """
        select entry.id, entry.version, entry.kind, entry.state, entry.encounter_id, entry.effective_at, entry.recorded_at,
            staff.display_name as author, entry.author_id, entry.to_see is not null and entry.seen_version is distinct from entry.version as is_unseen,
            entry.source_key is not null as is_imported, entry.content
        from entry
        left join staff on staff.id = entry.author_id
        where entry.patient_id = @patient and entry.id = @id and entry.deleted_at is null
        """, new { patient, id }, ct);

    /// <summary>What others wrote or changed since a moment, the latest first; 500 at most.</summary>
    public static Task<List<EntryRow>> SinceAsync(ClinicTx tx, PatientId patient, DateTimeOffset since, CancellationToken ct) => tx.QueryAsync<EntryRow>(
        """
        select entry.id, entry.version, entry.kind, entry.state, entry.encounter_id, entry.effective_at, entry.recorded_at, staff.display_name as author, entry.author_id,
            entry.to_see is not null and entry.seen_version is distinct from entry.version as is_unseen, entry.content
        from entry
        left join staff on staff.id = entry.author_id
        where entry.patient_id = @patient and entry.recorded_at > @since and entry.author_id is distinct from @staff and entry.deleted_at is null and entry.state <> 'entered_in_error'
        order by entry.recorded_at desc, entry.id desc
        limit 500
        """, new { patient, since, tx.Actor.Staff }, ct);

    /// <summary>What counts of one kind, newest first.</summary>
    public static Task<List<EntryRow>> OfKindAsync(ClinicTx tx, PatientId patient, EntryKind kind, CancellationToken ct) => tx.QueryAsync<EntryRow>(
        """
        select entry.id, entry.version, entry.kind, entry.state, entry.encounter_id, entry.effective_at, entry.recorded_at, null::text as author, entry.content
        from entry
        where entry.patient_id = @patient and entry.kind = @kind and entry.deleted_at is null and entry.state <> 'entered_in_error'
        order by entry.effective_at desc nulls last, entry.id desc
        """, new { patient, kind }, ct);

    /// <summary>What the entry said before, newest first.</summary>
    public static Task<List<EntryRow>> VersionsAsync(ClinicTx tx, PatientId patient, EntryId id, CancellationToken ct) => tx.QueryAsync<EntryRow>(
        """
        select entry_version.entry_id as id, entry_version.version, entry.kind, entry_version.state, entry_version.encounter_id,
            entry_version.effective_at, entry_version.recorded_at, staff.display_name as author, entry_version.content
        from entry_version
        join entry on entry.id = entry_version.entry_id
        left join staff on staff.id = entry_version.author_id
        where entry_version.patient_id = @patient and entry_version.entry_id = @id
        order by entry_version.version desc
        """, new { patient, id }, ct);

    /// <summary>A page of one kind or of all, newest first, after the entry with the given place.</summary>
    public static Task<List<EntryRow>> PageAsync(ClinicTx tx, EntryPageAsk ask, CancellationToken ct) => tx.QueryAsync<EntryRow>(
        """
        select entry.id, entry.version, entry.kind, entry.state, entry.encounter_id, entry.effective_at, entry.recorded_at,
            staff.display_name as author, entry.to_see is not null and entry.seen_version is distinct from entry.version as is_unseen, entry.content
        from entry
        left join staff on staff.id = entry.author_id
        where entry.patient_id = @patient and entry.deleted_at is null and (@kind::text is null or entry.kind = @kind)
            and (@after::uuid is null or (coalesce(entry.effective_at, '-infinity'), entry.id)
                < (select coalesce(last.effective_at, '-infinity'), last.id from entry as last where last.id = @after and last.patient_id = @patient))
        order by coalesce(entry.effective_at, '-infinity') desc, entry.id desc
        limit @limit
        """, new { ask.Patient, ask.Kind, ask.After, limit = ask.Limit + 1 }, ct);
}

/// <param name="After">The last entry of the page before, or null for the first page.</param>
internal sealed record EntryPageAsk(PatientId Patient, EntryKind? Kind, EntryId? After, int Limit);
