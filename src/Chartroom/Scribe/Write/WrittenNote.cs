using Chartroom.Charts;
using Chartroom.Notes;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>A paragraph that was copied from an earlier note of the patient. It is marked until somebody touches it: changes it, or says that it is still true.</summary>
/// <param name="At">Number of its section, from zero.</param>
/// <param name="Written">Day of the note it came from, <c>2026-03-03</c>.</param>
public sealed record CopiedParagraph(int At, string Text, string Original, Guid NoteId, string Written, bool IsKept)
{
    public bool IsUntouched => !IsKept && Text.Trim() == Original.Trim();
}

public sealed record WrittenSection(string Heading, string? Prompt, string Text);

/// <summary>What the sealed document of a note by hand holds.</summary>
public sealed record WrittenSheet(string Template, IReadOnlyList<WrittenSection> Sections, IReadOnlyList<CopiedParagraph> Copied)
{
    public int Untouched => Copied.Count(it => it.IsUntouched);

    public bool IsEmpty => Sections.All(it => string.IsNullOrWhiteSpace(it.Text)) && Copied.Count == 0;

    /// <summary>The sections of the signed note: what was copied first, with its marks, then what was written.</summary>
    public IReadOnlyList<NoteSection> Signed => [.. Sections.Select((section, at) => (section, copied: Copied.Where(it => it.At == at).ToList()))
        .Where(it => it.copied.Count > 0 || !string.IsNullOrWhiteSpace(it.section.Text))
        .Select(it => new NoteSection(it.section.Heading, string.Join("\n\n", it.copied.Select(copy => copy.Text.Trim()).Append(it.section.Text.Trim()).Where(text => text.Length > 0)))
        {
            Copied = [.. it.copied.Select(copy => new CopiedText(copy.Text.Trim(), copy.NoteId, copy.Written, !copy.IsUntouched))],
        })];

    public static WrittenSheet Of(NoteTemplate? template) => template is null ? new("Note", [new("Note", null, "")], [])
        : new(template.Name, [.. template.Sections.Select(it => new WrittenSection(it.Heading, it.Prompt, ""))], []);
}

/// <summary>A note by hand, opened.</summary>
public sealed record OpenedWriting(Guid Id, int Version, string State, WrittenSheet Sheet, DateTimeOffset SavedAt, PatientKey Key);

/// <summary>What the page of a note by hand shows.</summary>
/// <param name="Last">The patient's last signed note, from which sections may be copied; null for none.</param>
public sealed record WritingDesk(VisitFacts Facts, Patients.PatientLine Patient, OpenedWriting Writing, IReadOnlyList<Snippet> Snippets, LastNote? Last);

/// <summary>A signed note to copy from.</summary>
public sealed record LastNote(EntryId Id, string Title, string Written, IReadOnlyList<NoteSection> Sections);

/// <summary>Reads notes by hand inside the caller's clinic transaction.</summary>
internal static class WritingShelf
{
    public static Cell CellOf(Guid id) => new("written_note", "content", id);

    public static Task<bool> IsLiveAsync(ClinicTx tx, AppointmentId visit, CancellationToken ct) =>
        tx.QueryOneOrNoneAsync<bool>("select exists (select from written_note where appointment_id = @visit and state = 'open')", new { visit }, ct);

    /// <summary>The visit's open one, or the one discarded last; held until the transaction ends. Null for none.</summary>
    public static async Task<OpenedWriting?> OpenAsync(ClinicTx tx, AppointmentId visit, Access access, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<Row>(SelectLatest, new { visit }, ct) is not { } row || await tx.OpenPatientAsync(row.PatientId, access, ct) is not { } key) return null;
        return new(row.Id, row.Version, row.State, key.Open<WrittenSheet>(row.Content, CellOf(row.Id)), row.SavedAt, key);
    }

    public static Task<int> SaveAsync(ClinicTx tx, OpenedWriting writing, WrittenSheet sheet, CancellationToken ct) => tx.ExecuteAsync(Save, new
    {
        writing.Id, writing.Version, content = writing.Key.Seal(sheet, CellOf(writing.Id)), keyVersion = writing.Key.Version, tx.Actor.Staff, now = tx.Now,
    }, ct);

    /// <summary>The patient's newest signed note of another visit.</summary>
    public static async Task<LastNote?> LastAsync(ClinicTx tx, PatientKey key, AppointmentId visit, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<EntryId?>(SelectLast, new { key.Patient, visit }, ct) is not { } id) return null;
        var versions = await ChartReading.VersionsAsync(tx, key, id, ct);
        return versions is [{ Content: Entry.Note note }, ..] ? new(id, note.Title, note.Written.ToString()[..10], note.Sections) : null;
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public PatientId PatientId { get; init; }
        public int Version { get; init; }
        public string State { get; init; } = "";
        public byte[] Content { get; init; } = [];
        public DateTimeOffset SavedAt { get; init; }
    }

    private const string SelectLatest = """
        select id, patient_id, version, state, content, saved_at
        from written_note
        where appointment_id = @visit and state <> 'signed'
        order by state = 'open' desc, saved_at desc, id desc
        limit 1
        for update
        """;

    private const string Save = """
        update written_note
        set content = @content, key_version = @keyVersion, version = version + 1, author_id = @staff, saved_at = @now
        where id = @id and version = @version and state = 'open'
        """;

    private const string SelectLast = """
        select visit_note.note_id
        from visit_note
        join appointment on appointment.id = visit_note.appointment_id
        where visit_note.patient_id = @patient and visit_note.appointment_id <> @visit
        order by appointment.starts_at desc
        limit 1
        """;
}
