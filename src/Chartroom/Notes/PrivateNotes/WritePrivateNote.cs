using Chartroom.Platform.Tenancy;

namespace Chartroom.Notes;

/// <summary>The words of a private note, 20,000 characters at most.</summary>
internal sealed record WritePrivateNote(string? Text);

/// <summary>A private note as it was left; without its words.</summary>
internal sealed record WrittenPrivateNote(Guid Id, PatientId PatientId, int Version);

/// <summary>Writes private notes: each change is a version of its own. Refuses <c>notes.invalid-private-note</c>, <c>notes.no-such-private-note</c>,
/// <c>notes.stale-private-note</c> (412).</summary>
internal sealed class WritePrivateNoteHandler(TenantDb db)
{
    private const int Longest = 20_000;

    public async Task<Outcome<WrittenPrivateNote>> AddAsync(PatientId patient, WritePrivateNote ask, Actor actor, CancellationToken ct)
    {
        if (Judge(ask) is { } refusal) return refusal;
        var id = Guid.CreateVersion7();
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await tx.OpenPatientAsync(patient, new("private_note.written", "private_note", id), ct) is not { } key) return Refusals.NoSuchPatient;
        tx.Queue(InsertNote, new { id, patient, author = actor.Staff, now = tx.Now });
        var content = key.Seal(new PrivateNoteText(ask.Text!.Trim()), PrivateNotesHandler.CellOf(id, 1));   // judged
        await tx.ExecuteAsync(InsertFirst, new { id, patient, author = actor.Staff, content, keyVersion = key.Version, now = tx.Now }, ct);
        await tx.CommitAsync(ct);
        return new WrittenPrivateNote(id, patient, 1);
    }

    public async Task<Outcome<WrittenPrivateNote>> AmendAsync(Guid id, int version, WritePrivateNote ask, Actor actor, CancellationToken ct) =>
        Judge(ask) is { } refusal ? refusal : await AppendAsync(new(id, version, "private_note.amended", _ => ask.Text!.Trim()), actor, ct);   // judged

    /// <summary>Out of the list; the words stay, and it comes back by the same way.</summary>
    public Task<Outcome<WrittenPrivateNote>> PutAwayAsync(Guid id, int version, Actor actor, CancellationToken ct) =>
        AppendAsync(new(id, version, "private_note.put-away", text => text) { IsPutAway = true }, actor, ct);

    public Task<Outcome<WrittenPrivateNote>> RestoreAsync(Guid id, int version, Actor actor, CancellationToken ct) =>
        AppendAsync(new(id, version, "private_note.restored", text => text), actor, ct);

    /// <summary>Says again what it said before its newest version.</summary>
    public Task<Outcome<WrittenPrivateNote>> UndoAsync(Guid id, int version, Actor actor, CancellationToken ct) =>
        AppendAsync(new(id, version, "private_note.undone", text => text) { IsUndo = true }, actor, ct);

    private async Task<Outcome<WrittenPrivateNote>> AppendAsync(Change change, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await PrivateNotesHandler.FindAsync(tx, change.Id, ct) is not { } patient
            || await tx.OpenPatientAsync(patient, new(change.Event, "private_note", change.Id), ct) is not { } key) return Refusals.NoSuchPrivateNote;
        var from = change.IsUndo ? change.Version - 1 : change.Version;
        if (await tx.QueryOneOrNoneAsync<byte[]>(SelectContent, new { change.Id, version = from }, ct) is not { } sealedText) return Refusals.StalePrivateNote;
        var before = key.Open<PrivateNoteText>(sealedText, PrivateNotesHandler.CellOf(change.Id, from)).Text;
        var next = change.Version + 1;
        var content = key.Seal(new PrivateNoteText(change.Words(before)), PrivateNotesHandler.CellOf(change.Id, next));
        var appended = await tx.ExecuteAsync(InsertNext,
            new { change.Id, change.Version, next, patient, author = actor.Staff, change.IsPutAway, content, keyVersion = key.Version, now = tx.Now }, ct);
        if (appended == 0) return Refusals.StalePrivateNote;
        await tx.CommitAsync(ct);
        return new WrittenPrivateNote(change.Id, patient, next);
    }

    private static Refusal? Judge(WritePrivateNote ask) => string.IsNullOrWhiteSpace(ask.Text) ? Refusals.InvalidPrivateNote.On("text", "Write something.")
        : ask.Text.Trim().Length > Longest ? Refusals.InvalidPrivateNote.On("text", "A private note has 20,000 characters at most.") : null;

    private sealed record Change(Guid Id, int Version, string Event, Func<string, string> Words)
    {
        public bool IsPutAway { get; init; }
        public bool IsUndo { get; init; }
    }

    private const string InsertNote = """
        insert into private_note (id, patient_id, author_id, started_at)
        values (@id, @patient, @author, @now)
        """;

    private const string InsertFirst = """
        insert into private_note_version (note_id, version, patient_id, author_id, content, key_version, written_at)
        values (@id, 1, @patient, @author, @content, @keyVersion, @now)
        """;

    private const string SelectContent = """
        select content
        from private_note_version
        where note_id = @id and version = @version
        """;

    /// <summary>Only upon the version that was seen, and only once: a second writer meets the key.</summary>
    private const string InsertNext = """
        insert into private_note_version (note_id, version, patient_id, author_id, is_put_away, content, key_version, written_at)
        select @id, @next, @patient, @author, @isPutAway, @content, @keyVersion, @now
        where exists (select from private_note_version where note_id = @id and version = @version)
        on conflict on constraint private_note_version_pkey do nothing
        """;
}
