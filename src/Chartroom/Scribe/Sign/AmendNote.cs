using Chartroom.Charts;
using Chartroom.Platform.Audit;
using Chartroom.Platform.Tenancy;
using Chartroom.Platform.Vault;

namespace Chartroom.Scribe;

/// <summary>Changes a signed note by a new version; what it said stays readable.</summary>
/// <param name="Reason">Why, 500 characters at most.</param>
/// <param name="Addendum">Words put under the note, or null.</param>
/// <param name="Sections">Sections rewritten, or null for none.</param>
public sealed record AmendNote(string? Reason, string? Addendum = null, IReadOnlyList<SectionWords>? Sections = null);

/// <summary>A section's words.</summary>
/// <param name="Heading">As it stands in the note.</param>
public sealed record SectionWords(string Heading, string Text);

/// <summary>Amends. Refuses <c>scribe.no-such-note</c>, <c>scribe.invalid-amendment</c>, and a version that is no longer the newest (412).</summary>
internal sealed class AmendNoteHandler(TenantDb db)
{
    private const int LongestWords = 20_000;

    public async Task<Outcome<SignedNote>> HandleAsync(EntryId id, int version, AmendNote ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        var read = await NoteShelf.ReadAsync(tx, id, new("note.amended", "note", id.Value), ct);
        if (!read.IsOk) return read.Refusal;
        var story = read.Value;
        if (Judge(story.Now, ask) is { } refusal) return refusal;
        var signature = new NoteText.Signature(await SignNoteHandler.NameAsync(tx, ct), tx.Now, story.Zone);
        var amendment = new Amendment(id, story.Patient, version, After(story.Now, ask, signature), actor.Staff);
        var next = await ChartBook.AmendAsync(tx, story.Key, amendment, ct);
        if (!next.IsOk) return next.Refusal;
        CosignBook.Ask(tx, story.Patient, id, next.Value);
        await tx.CommitAsync(ct);
        return new SignedNote(id, story.Patient, story.Visit, next.Value);
    }

    private static Refusal? Judge(Entry.Note now, AmendNote ask)
    {
        if (ReviewRules.JudgeReason(ask.Reason) is not null) return Refusals.InvalidAmendment.On("reason", "Say why, in 500 characters at most.");
        if (ask.Addendum?.Length > LongestWords || ask.Sections?.Any(it => it.Text.Length > LongestWords) == true)
            return Refusals.InvalidAmendment.On("addendum", "A section has 20,000 characters at most.");
        if (ask.Sections?.FirstOrDefault(it => now.Sections.All(section => section.Heading != it.Heading)) is not null)
            return Refusals.InvalidAmendment.On("sections", "The note has no such section.");
        return HasAddendum(ask) || Changed(now, ask) ? null : Refusals.InvalidAmendment.On("addendum", "Write an addendum or change a section.");
    }

    private static Entry.Note After(Entry.Note now, AmendNote ask, NoteText.Signature by)
    {
        var sections = now.Sections.Select(section => section with { Text = Rewritten(section, ask) }).Where(section => section.Text.Length > 0).ToList();
        if (HasAddendum(ask)) sections.Add(new($"ADDENDUM, {by.When}, {by.Person}", ask.Addendum!.Trim()));   // has one
        return now with
        {
            Sections = sections, By = [.. now.By.Append(by.Person).Distinct()],
            Comments = [.. now.Comments, $"Amended by {by.Person} on {by.When}: {ask.Reason!.Trim()}"],   // judged
        };
    }

    private static string Rewritten(NoteSection section, AmendNote ask) => ask.Sections?.FirstOrDefault(it => it.Heading == section.Heading)?.Text.Trim() ?? section.Text;

    private static bool Changed(Entry.Note now, AmendNote ask) => now.Sections.Any(section => Rewritten(section, ask) != section.Text);

    private static bool HasAddendum(AmendNote ask) => !string.IsNullOrWhiteSpace(ask.Addendum);
}

/// <summary>A signed note in all its versions, newest first.</summary>
/// <param name="Draft">What it was made from; null for one written by hand.</param>
/// <param name="Visit">Null for a summary of the chart.</param>
public sealed record NoteStory(EntryId Id, DraftId? Draft, AppointmentId? Visit, IReadOnlyList<EntryVersion> Versions, PatientKey Key)
{
    public required string Zone { get; init; }
    /// <summary>The chart's encounter of the visit; null for a note signed before notes had one.</summary>
    public EntryId? Encounter { get; init; }
    /// <summary>How its second signature stands; null where it needs none.</summary>
    public CosignState? Cosign { get; init; }
    public string PatientName { get; init; } = "";
    public PatientId Patient => Key.Patient;
    public int Version => Versions[0].Version;
    public Entry.Note Now => (Entry.Note)Versions[0].Content;
}

/// <summary>A note with the draft it was made from.</summary>
public sealed record NoteOrigin(NoteStory Story, OpenedDraft Draft);

/// <summary>Reads signed notes of visits, and summaries, inside the caller's clinic transaction.</summary>
internal static class NoteShelf
{
    /// <summary>Refuses <c>scribe.no-such-note</c>.</summary>
    public static async Task<Outcome<NoteStory>> ReadAsync(ClinicTx tx, EntryId id, Access access, CancellationToken ct)
    {
        if (await tx.QueryOneOrNoneAsync<Row>(SelectOrigin, new { id }, ct) is not { } row
            || await tx.OpenPatientAsync(row.PatientId, access, ct) is not { } key) return Refusals.NoSuchNote;
        var versions = await ChartReading.VersionsAsync(tx, key, id, ct);
        if (versions.Count == 0) return Refusals.NoSuchNote;
        return new NoteStory(id, row.Draft, row.Visit, versions, key) 
        {
            Zone = row.TimeZone, Encounter = row.Encounter, Cosign = tx.Actor.Role is ClinicRole.Provider or ClinicRole.Admin ? await CosignBook.OfAsync(tx, key, id, ct) : null,
        };
    }

    private const string SelectOrigin = """
        select draft.id as draft, entry.patient_id, visit_note.appointment_id as visit, coalesce(appointment.time_zone, (select clinic.time_zone from platform.clinic)) as time_zone, entry.encounter_id as encounter
        from entry
        left join visit_note on visit_note.note_id = entry.id
        left join appointment on appointment.id = visit_note.appointment_id
        left join draft on draft.note_id = entry.id
        where entry.id = @id and (visit_note.note_id is not null or draft.id is not null)
        """;

    private sealed record Row
    {
        public DraftId? Draft { get; init; }
        public PatientId PatientId { get; init; }
        public AppointmentId? Visit { get; init; }
        public string TimeZone { get; init; } = "";
        public EntryId? Encounter { get; init; }
    }
}

/// <summary>Reads a visit's note for a page or a program. Refuses <c>scribe.no-such-note</c>.</summary>
internal sealed class ReadNoteHandler(TenantDb db)
{
    public async Task<Outcome<NoteStory>> HandleAsync(EntryId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        var access = new Access("note.read", "note", id.Value);
        var read = await NoteShelf.ReadAsync(tx, id, access, ct);
        if (!read.IsOk) return read.Refusal;
        var names = await Patients.PatientRegister.NamesAsync(tx, [read.Value.Patient], access, ct);
        await tx.CommitAsync(ct);
        return read.Value with { PatientName = names.GetValueOrDefault(read.Value.Patient)?.Name ?? "" };
    }

    /// <summary>What the note was made from: the draft with its sources and every decision on it.</summary>
    public async Task<Outcome<NoteOrigin>> OriginAsync(EntryId id, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeCharts, ct);
        var read = await NoteShelf.ReadAsync(tx, id, new("note.read", "note", id.Value), ct);
        if (!read.IsOk) return read.Refusal;
        if (read.Value.Draft is not { } draft) return Refusals.NoSuchDraft;   // written by hand
        var opened = await DraftShelf.OpenAsync(tx, draft, new("draft.read", "draft", draft.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var names = await Patients.PatientRegister.NamesAsync(tx, [read.Value.Patient], new("note.read", "note", id.Value), ct);
        await tx.CommitAsync(ct);
        return new NoteOrigin(read.Value with { PatientName = names.GetValueOrDefault(read.Value.Patient)?.Name ?? "" }, opened.Value);
    }
}
