using Chartroom.Charts;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>How far a visit's note has come.</summary>
/// <param name="IsDrafted">True when a draft waits to be reviewed or the note is signed.</param>
/// <param name="Note">The signed note, or null.</param>
internal sealed record VisitNote(bool IsDrafted, NoteStory? Note)
{
    /// <summary>True while an outside model drafts it.</summary>
    public bool IsBeingDrafted { get; init; }

    /// <summary>True while it is written by hand.</summary>
    public bool IsBeingWritten { get; init; }

    /// <summary>Orders proposed from the visit that wait for a decision; null for none, and for who may not decide.</summary>
    public DraftBeside? Orders { get; init; }

    /// <summary>The latest recording, where it is not finished, was not transcribed or was lost; null for none, and for who may not record.</summary>
    public Recording? Recording { get; init; }

    /// <summary>IANA zone of the visit, where there is such a recording.</summary>
    public string Zone { get; init; } = "UTC";

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
        var isBeingDrafted = latest is null && Rights.Allows(actor.Role, Permission.SignNotes) && await DraftingShelf.IsLiveAsync(tx, visit, ct);
        var orders = !Rights.Allows(actor.Role, Permission.SignNotes) ? null : (await DraftShelf.BesideAsync(tx, visit, ct)).Find(it => it.Becomes == DraftKind.Orders && it.IsOpen);
        var recording = story is null && Rights.Allows(actor.Role, Permission.SignNotes) && await RecordingShelf.LatestAsync(tx, visit, ct) is { } held
            && (held.IsLost || (held.HasAudio && held.StateNow is RecordingState.Recording or RecordingState.Failed)) ? held : null;
        var zone = recording is null ? "UTC" : await tx.QueryOneOrNoneAsync<string>("select time_zone from appointment where id = @visit", new { visit }, ct) ?? "UTC";
        await tx.CommitAsync(ct);
        return new(latest?.IsDrafted == true, story) { Recording = recording, Zone = zone, Orders = orders, IsShut = isShut, IsBeingDrafted = isBeingDrafted, IsBeingWritten = latest?.IsBeingWritten == true };
    }

    private sealed record Row
    {
        public PatientId PatientId { get; init; }
        public EntryId? NoteId { get; init; }
        public bool IsDrafted { get; init; }
        public bool IsBeingWritten { get; init; }
    }

    private const string SelectIsShut = """
        select appointment.patient_id = any ((select shut_charts())::uuid[])
        from appointment
        where appointment.id = @visit
        """;

    private const string SelectLatest = """
        select appointment.patient_id, visit_note.note_id, draft.id is not null as is_drafted, exists (select from written_note where written_note.appointment_id = appointment.id and written_note.state = 'open') as is_being_written
        from appointment
        left join visit_note on visit_note.appointment_id = appointment.id
        left join draft on draft.appointment_id = appointment.id and draft.kind = 'note' and draft.state = 'open'
        where appointment.id = @visit and (visit_note.note_id is not null or draft.id is not null
            or exists (select from written_note where written_note.appointment_id = appointment.id and written_note.state = 'open'))
        """;
}
