using Chartroom.Charts;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>How far a visit's note has come.</summary>
/// <param name="IsDrafted">True when a draft waits to be reviewed or the note is signed.</param>
/// <param name="Note">The signed note, or null.</param>
internal sealed record VisitNote(bool IsDrafted, NoteStory? Note)
{
    /// <summary>True when the chart is restricted to others: whether there is a note is then not told.</summary>
    public bool IsShut { get; init; }

    /// <summary>What a colleague looks for first: assessment and plan, or else how the note begins.</summary>
    public IReadOnlyList<NoteSection> Head =>
        Note?.Now.Sections.Where(section => IsConclusion(section.Heading)).ToList() is { Count: > 0 } conclusions
            ? conclusions
            : [.. (Note?.Now.Sections ?? []).Take(1)];

    private static bool IsConclusion(string heading) =>
        heading.Contains("assessment", StringComparison.OrdinalIgnoreCase) || heading.Contains("plan", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Reads the note of a visit, for the visit's page. A signed one wins over a later draft; discarded drafts do not count.</summary>
internal sealed class VisitNoteHandler(TenantDb db)
{
    public async Task<VisitNote> HandleAsync(AppointmentId visit, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        var isShut = (await tx.QueryAsync<bool>(SelectIsShut, new { visit }, ct)) is [true];
        var latest = await tx.QueryOneOrNoneAsync<Row>(SelectLatest, new { visit }, ct);
        NoteStory? story = null;
        if (latest?.NoteId is { } note && await NoteShelf.ReadAsync(tx, note, new("note.read", "note", note.Value), ct) is { IsOk: true } read) story = read.Value;
        else tx.Audit(new("note.read", "appointment", visit.Value), latest is null ? [] : [latest.PatientId]);
        await tx.CommitAsync(ct);
        return new(latest is not null, story) { IsShut = isShut };
    }

    private sealed record Row
    {
        public PatientId PatientId { get; init; }
        public EntryId? NoteId { get; init; }
    }

    private const string SelectIsShut = """
        select appointment.patient_id = any ((select shut_charts())::uuid[])
        from appointment
        where appointment.id = @visit
        """;

    private const string SelectLatest = """
        select draft.patient_id, draft.note_id
        from draft
        where draft.appointment_id = @visit and draft.state <> 'discarded'
        order by draft.note_id is null, draft.created_at desc, draft.id desc
        limit 1
        """;
}
