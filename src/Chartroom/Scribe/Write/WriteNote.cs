using Chartroom.Charts;
using Chartroom.Notes;
using Chartroom.Patients;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Web;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>Begins a note by hand.</summary>
/// <param name="TemplateId">The form; null for that of the visit's kind, or one plain section.</param>
public sealed record BeginNote(Guid? TemplateId = null);

/// <summary>A note by hand as it stands on the page.</summary>
/// <param name="Sections">The words of each section, in the order of its form.</param>
/// <param name="Copied">What was copied, in its order; one left empty is taken out.</param>
/// <param name="ConfirmsCopied">Signing: whoever signs knows that copied text is as it was.</param>
public sealed record SaveNote(IReadOnlyList<SaveSection>? Sections, IReadOnlyList<SaveCopied>? Copied = null, string? Act = null, bool ConfirmsCopied = false);

public sealed record SaveSection(string? Text);

/// <param name="IsKept">Read again and still true.</param>
public sealed record SaveCopied(string? Text, bool IsKept = false);

/// <summary>Copies sections of the patient's last signed note.</summary>
/// <param name="Headings">Which.</param>
public sealed record CopySections(IReadOnlyList<string>? Headings);

/// <summary>How a note by hand was left.</summary>
/// <param name="Untouched">Paragraphs copied and not touched since.</param>
public sealed record WrittenState(AppointmentId VisitId, int Version, int Untouched, EntryId? NoteId = null);

/// <summary>
/// Notes written by hand: begun in a form, saved as they are typed, signed once. What is not signed is nobody's record and can be discarded and brought back; the database keeps a signed one
/// (<c>written_note_signed_kept</c>) and lets a visit have one signed note (<c>visit_note_pkey</c>). Refuses <c>scribe.no-such-visit</c>, <c>scribe.draft-open</c>, <c>scribe.being-drafted</c>,
/// <c>scribe.already-signed</c>, <c>scribe.no-such-writing</c>, <c>scribe.nothing-written</c>, <c>scribe.copied-untouched</c>, a stale version (412).
/// </summary>
internal sealed class WriteNoteHandler(TenantDb db)
{
    private const int LongestText = 20_000;

    public async Task<Outcome<WrittenState>> BeginAsync(AppointmentId id, BeginNote ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit || !await PatientRegister.HoldAsync(tx, visit.PatientId, ct)
            || await tx.OpenPatientAsync(visit.PatientId, new("note.begun", "appointment", id.Value), ct) is not { } key) return Refusals.NoSuchVisit;
        if (await tx.QueryOneOrNoneAsync<bool>("select exists (select from visit_note where appointment_id = @id)", new { id }, ct)) return Refusals.AlreadySigned;
        if (await tx.QueryOneOrNoneAsync<bool>("select exists (select from draft where appointment_id = @id and kind = 'note' and state = 'open')", new { id }, ct)) return Refusals.DraftOpen;
        if (await DraftingShelf.IsLiveAsync(tx, id, ct)) return Refusals.BeingDrafted;
        var template = ask.TemplateId is { } chosen ? (await NoteTemplates.AllAsync(tx, ct)).FirstOrDefault(it => it.Id == chosen) : await NoteTemplates.OfVisitAsync(tx, id, ct);
        var writing = Guid.CreateVersion7();
        await tx.ExecuteAsync(Insert, new
        {
            id = writing, visit.PatientId, visit = id, content = key.Seal(WrittenSheet.Of(template), WritingShelf.CellOf(writing)), keyVersion = key.Version, actor.Staff, now = tx.Now,
        }, ct);   // one that is open already goes on
        await tx.CommitAsync(ct);
        return new WrittenState(id, 1, 0);
    }

    public async Task<Outcome<WritingDesk>> ReadAsync(AppointmentId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        if (await WritingShelf.OpenAsync(tx, id, new("note.written-read", "appointment", id.Value), ct) is not { } writing) return Refusals.NoSuchWriting;
        if (!(await PatientRegister.NamesAsync(tx, [visit.PatientId], new("note.written-read", "appointment", id.Value), ct)).TryGetValue(visit.PatientId, out var patient)) return Refusals.NoSuchVisit;
        var desk = new WritingDesk(visit, patient, writing, await Snippets.AllAsync(tx, ct), await WritingShelf.LastAsync(tx, writing.Key, id, ct));
        await tx.CommitAsync(ct);
        return desk;
    }

    public async Task<Outcome<WrittenState>> SaveAsync(AppointmentId id, int version, SaveNote ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        return await ChangeAsync(tx, (id, version, "note.saved"), sheet => AfterTyping(sheet, ask), ct);
    }

    /// <summary>Adds paragraphs of the last signed note, each with its mark; a heading that the form lacks becomes a section.</summary>
    public async Task<Outcome<WrittenState>> CopyAsync(AppointmentId id, int version, CopySections ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await WritingShelf.OpenAsync(tx, id, new("note.copied", "appointment", id.Value), ct) is not { } writing) return Refusals.NoSuchWriting;
        if (await WritingShelf.LastAsync(tx, writing.Key, id, ct) is not { } last || ask.Headings is not { Count: > 0 } headings) return Refusals.NothingToCopy;
        return await ChangeAsync(tx, (id, version, "note.copied"), sheet => Copied(sheet, last, headings), ct);
    }

    /// <summary>Takes out again what was copied and nobody touched.</summary>
    public async Task<Outcome<WrittenState>> UndoCopyAsync(AppointmentId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        return await ChangeAsync(tx, (id, version, "note.copy-undone"), sheet => sheet with { Copied = [.. sheet.Copied.Where(it => !it.IsUntouched)] }, ct);
    }

    public async Task<Outcome<WrittenState>> SignAsync(AppointmentId id, int version, SaveNote ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await Visits.FindAsync(tx, id, ct) is not { } visit) return Refusals.NoSuchVisit;
        if (await WritingShelf.OpenAsync(tx, id, new("note.signed", "appointment", id.Value), ct) is not { State: "open" } writing) return Refusals.NoSuchWriting;
        if (writing.Version != version) return Versions.StaleAt(writing.Version);
        var typed = ask.Sections is null ? writing.Sheet : AfterTyping(writing.Sheet, ask);
        if (!typed.IsOk) return typed.Refusal;
        var sheet = typed.Value;
        if (sheet.IsEmpty) return Refusals.NothingWritten;
        if (sheet.Untouched > 0 && !ask.ConfirmsCopied)
            return Refusals.CopiedUntouched.On("confirmsCopied", sheet.Untouched == 1 ? "1 copied paragraph is as it was. Read it, or say here that you have." : $"{sheet.Untouched} copied paragraphs are as they were. Read them, or say here that you have.").With("untouched", sheet.Untouched);
        await WritingShelf.SaveAsync(tx, writing, sheet, ct);
        var signature = new NoteText.Signature(await SignNoteHandler.NameAsync(tx, ct), tx.Now, visit.TimeZone);
        var note = EntryId.New();
        var encounter = SignNoteHandler.AddEncounter(tx, writing.Key, visit);
        ChartBook.Add(tx, writing.Key, new(note, visit.PatientId, NoteOf(sheet, visit, signature)) { Author = actor.Staff, Encounter = encounter });
        if (!await VisitNotes.KeepAsync(tx, new(id, visit.PatientId, note), ct)) return Refusals.AlreadySigned;
        CosignBook.Ask(tx, visit.PatientId, note, 1);
        await tx.ExecuteAsync("update written_note set state = 'signed', note_id = @note where id = @id", new { writing.Id, note }, ct);
        await tx.CommitAsync(ct);
        return new WrittenState(id, version + 1, sheet.Untouched, note);
    }

    /// <summary>Gives up what is written, or brings it back as it was.</summary>
    public async Task<Outcome<WrittenState>> TurnAsync(AppointmentId id, int version, bool isBack, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (await WritingShelf.OpenAsync(tx, id, new(isBack ? "note.writing-restored" : "note.writing-discarded", "appointment", id.Value), ct) is not { } writing) return Refusals.NoSuchWriting;
        if (isBack && !await PatientRegister.HoldAsync(tx, writing.Key.Patient, ct)) return Refusals.NoSuchWriting;
        var turned = await tx.ExecuteAsync(SetState, new { writing.Id, version, from = isBack ? "discarded" : "open", to = isBack ? "open" : "discarded" }, ct);
        if (turned == 0) return Versions.StaleAt(writing.Version);
        await tx.CommitAsync(ct);
        return new WrittenState(id, version + 1, writing.Sheet.Untouched);
    }

    private static async Task<Outcome<WrittenState>> ChangeAsync(ClinicTx tx, (AppointmentId Id, int Version, string Event) about, Func<WrittenSheet, Outcome<WrittenSheet>> change, CancellationToken ct)
    {
        if (await WritingShelf.OpenAsync(tx, about.Id, new(about.Event, "appointment", about.Id.Value), ct) is not { State: "open" } writing) return Refusals.NoSuchWriting;
        if (writing.Version != about.Version) return Versions.StaleAt(writing.Version);
        var changed = change(writing.Sheet);
        if (!changed.IsOk) return changed.Refusal;
        await WritingShelf.SaveAsync(tx, writing, changed.Value, ct);
        await tx.CommitAsync(ct);
        return new WrittenState(about.Id, writing.Version + 1, changed.Value.Untouched);
    }

    private static Outcome<WrittenSheet> AfterTyping(WrittenSheet sheet, SaveNote ask)
    {
        var (sections, copied) = (ask.Sections ?? [], ask.Copied ?? []);
        if (sections.Any(it => it.Text?.Length > LongestText) || copied.Any(it => it.Text?.Length > LongestText)) return Refusals.InvalidWriting;
        return sheet with
        {
            Sections = [.. sheet.Sections.Select((section, at) => at < sections.Count ? section with { Text = sections[at].Text ?? "" } : section)],
            Copied = [.. sheet.Copied.Select((copy, at) => at < copied.Count ? copy with { Text = copied[at].Text ?? "", IsKept = copied[at].IsKept } : copy).Where(it => it.Text.Trim().Length > 0)],
        };
    }

    private static Outcome<WrittenSheet> Copied(WrittenSheet sheet, LastNote last, IReadOnlyList<string> headings)
    {
        var (sections, copied) = (sheet.Sections.ToList(), sheet.Copied.ToList());
        foreach (var section in last.Sections.Where(it => headings.Contains(it.Heading)))
        {
            var at = sections.FindIndex(it => string.Equals(it.Heading, section.Heading, StringComparison.OrdinalIgnoreCase));
            if (at < 0) (at, sections) = (sections.Count, [.. sections, new(section.Heading, null, "")]);
            foreach (var paragraph in section.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                if (!copied.Exists(it => it.At == at && it.Original == paragraph)) copied.Add(new(at, paragraph, paragraph, last.Id.Value, last.Written, IsKept: false));
        }
        return sheet with { Sections = sections, Copied = [.. copied.OrderBy(it => it.At)] };
    }

    private static Entry.Note NoteOf(WrittenSheet sheet, VisitFacts visit, NoteText.Signature by) => new()
    {
        Title = $"{visit.VisitType} note", Written = PartialTime.Of(by.At), By = [by.Person], Sections = sheet.Signed,
        Comments = [$"Written by hand in the template {sheet.Template}, signed by {by.Person} on {by.When}.", .. sheet.Untouched > 0 ? [$"Copied from an earlier note and not changed: {sheet.Untouched} {(sheet.Untouched == 1 ? "paragraph" : "paragraphs")}, confirmed by {by.Person}."] : Array.Empty<string>()],
    };

    private const string Insert = """
        insert into written_note (id, patient_id, appointment_id, content, key_version, author_id, started_at, saved_at)
        values (@id, @patientId, @visit, @content, @keyVersion, @staff, @now, @now)
        on conflict (appointment_id) where (state <> 'discarded') do nothing
        """;

    private const string SetState = """
        update written_note
        set state = @to, version = version + 1
        where id = @id and version = @version and state = @from
        """;
}

/// <summary>The one signed note of a visit.</summary>
internal static class VisitNotes
{
    internal sealed record Kept(AppointmentId Of, PatientId Patient, EntryId Note);

    /// <summary>False when the visit has one already. With it goes the audio of the visit: the words are decided on, and nobody needs the voices any more.</summary>
    public static async Task<bool> KeepAsync(ClinicTx tx, Kept kept, CancellationToken ct)
    {
        if (await tx.ExecuteAsync(Insert, new { visit = kept.Of, kept.Patient, kept.Note }, ct) == 0) return false;
        await RecordingShelf.DestroyOfVisitAsync(tx, kept.Of, DestroyedBecause.Signed, ct);
        return true;
    }

    private const string Insert = """
        insert into visit_note (appointment_id, patient_id, note_id)
        values (@visit, @patient, @note)
        on conflict on constraint visit_note_pkey do nothing
        """;
}
