using System.Globalization;
using System.Text;
using Chartroom.Charts;
using Chartroom.Platform.Tenancy;
using Chartroom.Scheduling;

namespace Chartroom.Scribe;

/// <summary>A note in the chart.</summary>
/// <param name="VisitId">Null for a summary of the chart.</param>
public sealed record SignedNote(EntryId NoteId, PatientId PatientId, AppointmentId? VisitId, int Version);

/// <summary>
/// Makes a reviewed draft the visit's note, or a summary a note of its own: the only way from a draft to the chart. The decisions' end, the draft's state and the chart's entry are one
/// transaction; the database refuses a signed draft with an undecided statement (trigger <c>draft_signed_decided</c>). Refuses
/// <c>scribe.undecided</c>, <c>scribe.nothing-accepted</c>, <c>scribe.already-signed</c>, <c>scribe.already-discarded</c>, <c>scribe.chart-changed</c>, a stale version (412).
/// </summary>
internal sealed class SignNoteHandler(TenantDb db)
{
    public async Task<Outcome<SignedNote>> HandleAsync(DraftId id, int version, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (!await DraftShelf.LockAsync(tx, id, ct)) return Refusals.NoSuchDraft;
        var opened = await DraftShelf.OpenAsync(tx, id, new("note.signed", "draft", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        var draft = opened.Value;
        if (draft.Row.Becomes == DraftKind.Orders) return Refusals.OtherKind;
        if (ReviewRules.JudgeSigning(draft, version) is { } refusal) return refusal;
        var signed = draft.Row.AppointmentId is { } of ? await SignAsync(tx, draft, of, ct) : await SummaryBook.SignAsync(tx, draft, ct);
        if (!signed.IsOk) return signed.Refusal;
        await tx.CommitAsync(ct);
        return new SignedNote(signed.Value, draft.Row.PatientId, draft.Row.AppointmentId, 1);
    }

    private static async Task<Outcome<EntryId>> SignAsync(ClinicTx tx, OpenedDraft draft, AppointmentId of, CancellationToken ct)
    {
        var visit = await Visits.FindAsync(tx, of, ct);
        var signature = new NoteText.Signature(await NameAsync(tx, ct), tx.Now, visit?.TimeZone ?? "UTC");
        var note = EntryId.New();
        var encounter = visit is null ? null : AddEncounter(tx, draft.Key, visit);
        ChartBook.Add(tx, draft.Key, new(note, draft.Row.PatientId, NoteText.Of(draft, visit is null ? "Note" : $"{visit.VisitType} note", signature))
        {
            Author = tx.Actor.Staff, Encounter = encounter,
        });
        await ClosingBook.CloseAsync(tx, draft, new(0, 1, DecisionKind.Signed), note, ct);
        if (!await VisitNotes.KeepAsync(tx, new(of, draft.Row.PatientId, note), ct)) return Refusals.AlreadySigned;   // written by hand meanwhile
        CosignBook.Ask(tx, draft.Row.PatientId, note, 1);
        return note;
    }

    /// <summary>The chart's encounter of the visit, under the visit's own id: made with its first note, whose signature says that it took place.</summary>
    internal static EntryId? AddEncounter(ClinicTx tx, Platform.Vault.PatientKey key, VisitFacts visit)
    {
        var id = new EntryId(visit.Id.Value);
        ChartBook.AddUnlessThere(tx, key, new(id, visit.PatientId, new Entry.Encounter
        {
            Status = EncounterStatus.Finished, Class = new(null, "AMB", "Office visit"), Types = [new() { Text = visit.VisitType }],
            Start = PartialTime.Of(visit.StartsAt), End = PartialTime.Of(visit.EndsAt), By = [visit.ProviderName], Place = visit.LocationName, VisitId = visit.Id.Value,
        }) { Author = visit.ProviderId });
        return id;
    }

    internal static async Task<string> NameAsync(ClinicTx tx, CancellationToken ct) => await tx.QueryOneOrNoneAsync<string>(
        """
        select display_name
        from staff
        where id = @staff
        """, new { tx.Actor.Staff }, ct) ?? "a former colleague";
}

/// <summary>Gives a draft up; it stays readable with its decisions. Refuses without a reason, and a draft that is closed.</summary>
/// <param name="Reason">Why, 500 characters at most.</param>
public sealed record DiscardDraft(string? Reason);

/// <summary>Does it.</summary>
internal sealed class DiscardDraftHandler(TenantDb db)
{
    public async Task<Outcome<DraftRow>> HandleAsync(DraftId id, DiscardDraft ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (!await DraftShelf.LockAsync(tx, id, ct)) return Refusals.NoSuchDraft;
        var opened = await DraftShelf.OpenAsync(tx, id, new("draft.discarded", "draft", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        if ((opened.Value.Closed ?? ReviewRules.JudgeReason(ask.Reason)) is { } refusal) return refusal;
        await ClosingBook.CloseAsync(tx, opened.Value, new(0, 1, DecisionKind.Discarded) { Words = new(null, ask.Reason!.Trim()) }, null, ct);   // judged
        await tx.CommitAsync(ct);
        return opened.Value.Row;
    }
}

/// <summary>Closes a draft by a decision.</summary>
internal static class ClosingBook
{
    public static async Task CloseAsync(ClinicTx tx, OpenedDraft draft, NewDecision closing, EntryId? note, CancellationToken ct)
    {
        closing = Next(draft, closing);
        DecisionBook.Add(tx, draft, closing);
        await tx.ExecuteAsync(Close, new { draft.Row.Id, state = closing.Kind, closing = closing.Id, note, now = tx.Now }, ct);
    }

    /// <summary>Discards a draft that is under review, because another takes its place; one that is signed refuses by itself.</summary>
    public static async Task<Refusal?> GiveWayAsync(ClinicTx tx, DraftId id, string why, CancellationToken ct)
    {
        await DraftShelf.LockAsync(tx, id, ct);
        var opened = await DraftShelf.OpenAsync(tx, id, new("draft.discarded", "draft", id.Value), ct);
        if (!opened.IsOk) return opened.Refusal;
        if (opened.Value.Row.StateNow == DraftState.Open) await CloseAsync(tx, opened.Value, new(0, 1, DecisionKind.Discarded) { Words = new(null, why) }, null, ct);
        return null;
    }

    /// <summary>With its place among what was decided on the draft as a whole: it may have been discarded and brought back before.</summary>
    public static NewDecision Next(OpenedDraft draft, NewDecision made) => made with { Sequence = draft.Decisions.Count(it => it.Statement == 0) + 1 };

    private const string Close = """
        update draft
        set state = @state, version = version + 1, closing_id = @closing, closed_at = @now, note_id = @note
        where id = @id
        """;
}

/// <summary>The note's text from what was decided.</summary>
internal static class NoteText
{
    /// <param name="Zone">IANA zone of the visit's wall clock.</param>
    internal sealed record Signature(string Person, DateTimeOffset At, string Zone)
    {
        public string When => ClinicTime.Local(At, Zone).ToString("MMM d, yyyy, HH:mm", CultureInfo.InvariantCulture);
    }

    public static Entry.Note Of(OpenedDraft draft, string title, Signature signature) => new()
    {
        Title = title,
        Written = PartialTime.Of(signature.At),
        By = [signature.Person],
        Comments = [Provenance(draft, signature)],
        Sections = [.. draft.Sheet.Sections.Select(section => Section(section, draft.Sheet.Of(section))).OfType<NoteSection>()],
    };

    /// <summary>Where the words came from and who stands for them.</summary>
    internal static string Provenance(OpenedDraft draft, Signature signature)
    {
        var sheet = draft.Sheet;
        int Count(Standing standing) => sheet.Statements.Count(statement => statement.Standing == standing);
        return string.Create(CultureInfo.InvariantCulture,
            $"From the {(draft.Content.Source is null ? "visit's transcript" : "chart")}, drafted by the {draft.Row.Drafter} drafter, version {draft.Row.DrafterVersion}; reviewed and signed by {signature.Person} on {signature.When}: "
            + $"{Count(Standing.Accepted)} accepted, {Count(Standing.Edited)} edited, {Count(Standing.Rejected)} rejected, {Count(Standing.Added)} added.");
    }

    /// <summary>One line per labelled group, statements of a group in one line.</summary>
    private static NoteSection? Section(string title, IEnumerable<ReviewedStatement> statements)
    {
        var text = new StringBuilder();
        string? group = null;
        foreach (var statement in statements.Where(it => it.IsInNote))
        {
            var continues = text.Length > 0 && statement.Drafted.Group == group;
            if (text.Length > 0) text.Append(continues ? ' ' : '\n');
            if (!continues && statement.Drafted.Group is { } label) text.Append(label).Append(": ");
            text.Append(statement.Text);
            group = statement.Drafted.Group;
        }
        return text.Length == 0 ? null : new NoteSection(title, text.ToString());
    }
}
