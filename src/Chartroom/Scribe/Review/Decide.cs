using Chartroom.Platform.Tenancy;

namespace Chartroom.Scribe;

/// <summary>A decision on one statement, or on something the draft left out.</summary>
/// <param name="Statement">Its number.</param>
/// <param name="Seen">How many decisions on it the person had seen; 0 at first.</param>
/// <param name="Text">The words, for edited and added; 4,000 characters at most.</param>
/// <param name="Reason">Why, for rejected; 500 characters at most.</param>
/// <param name="Section">Where it goes, for added.</param>
/// <param name="Seconds">Time spent on it, as the browser counted; 0 to 86,400.</param>
public sealed record Decide(int Statement, DecisionKind Kind, int Seen, string? Text = null, string? Reason = null, string? Section = null, int? Seconds = null);

/// <summary>Takes a decision down; answers how the draft stands then. Decisions on one draft come one after another: its row is locked. Refuses
/// <c>scribe.no-such-draft</c>, <c>scribe.no-such-statement</c>, <c>scribe.open-first</c>, <c>scribe.invalid-decision</c>, a draft that is closed, and a
/// statement somebody else decided meanwhile (412).</summary>
internal sealed class DecideHandler(TenantDb db)
{
    public async Task<Outcome<OpenedDraft>> HandleAsync(DraftId id, Decide ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SignNotes, ct);
        if (!await DraftShelf.LockAsync(tx, id, ct)) return Refusals.NoSuchDraft;
        var access = new Platform.Audit.Access($"statement.{ask.Kind.ToString().ToLowerInvariant()}", "draft", id.Value);
        var opened = await DraftShelf.OpenAsync(tx, id, access, ct);
        if (!opened.IsOk) return opened.Refusal;
        if (ReviewRules.Judge(opened.Value, ask) is { } refusal) return refusal;
        var made = Made(opened.Value, ask);
        DecisionBook.Add(tx, opened.Value, made);
        await tx.ExecuteAsync(
            """
            update draft
            set version = version + 1
            where id = @id
            """, new { id }, ct);
        var person = await SignNoteHandler.NameAsync(tx, ct);
        await tx.CommitAsync(ct);
        return opened.Value with
        {
            Row = opened.Value.Row with { Version = opened.Value.Row.Version + 1 },
            Decisions = [.. opened.Value.Decisions, made.Taken(person, tx.Now)],
        };
    }

    private static NewDecision Made(OpenedDraft draft, Decide ask)
    {
        var before = draft.Sheet.Statements.FirstOrDefault(it => it.Number == ask.Statement);
        var made = new NewDecision(ask.Statement, ask.Seen + 1, ask.Kind) { Seconds = ask.Seconds is { } spent ? Math.Clamp(spent, 0, 86_400) : null };
        switch (ask.Kind)
        {
            case DecisionKind.Edited when before is not null:
                var text = ask.Text!.Trim();   // judged before
                return made with
                {
                    Words = new(text, null, null, ReviewRules.Verify(draft, before.Drafted with { Text = text })),
                    EditDistance = EditDistance.Between(before.Text, text),
                };
            case DecisionKind.Added:
                var left = draft.Sheet.LeftOut.First(it => it.Number == ask.Statement);
                var words = ask.Text!.Trim();   // judged before
                var statement = new Statement($"n{ask.Statement}", ask.Section!, null, words, [left.Omission.SpanId]);
                return made with { Words = new(words, null, ask.Section, ReviewRules.Verify(draft, statement)) };
            default:
                return made with { Words = ask.Reason is null ? null : new(null, ask.Reason.Trim()) };
        }
    }
}

/// <summary>A decision about to be taken down.</summary>
internal sealed record NewDecision(int Statement, int Sequence, DecisionKind Kind)
{
    public Guid Id { get; } = Guid.CreateVersion7();
    public DecisionWords? Words { get; init; }
    public int? EditDistance { get; init; }
    public int? Seconds { get; init; }

    public Decision Taken(string person, DateTimeOffset at) => new(Statement, Sequence, Kind, Words ?? new(null, null))
    {
        Person = person, At = at, EditDistance = EditDistance, SecondsSpent = Seconds,
    };
}

/// <summary>Takes decisions down.</summary>
internal static class DecisionBook
{
    /// <summary>Goes out with the next statement.</summary>
    public static void Add(ClinicTx tx, OpenedDraft draft, NewDecision made) => tx.Queue(Insert, new
    {
        made.Id, draft = draft.Row.Id, made.Statement, made.Sequence, made.Kind,
        content = made.Words is { } words ? draft.Key.Seal(words, DecisionRow.CellOf(made.Id)) : null,
        keyVersion = made.Words is null ? (int?)null : draft.Key.Version, made.EditDistance, made.Seconds, tx.Actor.Staff, now = tx.Now,
    });

    private const string Insert = """
        insert into decision (id, draft_id, statement, sequence, kind, content, key_version, edit_distance, seconds_spent, decided_by, decided_at)
        values (@id, @draft, @statement, @sequence, @kind, @content, @keyVersion, @editDistance, @seconds, @staff, @now)
        """;
}
